"""Outputs of all shards, merged into one order of event time."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import msgspec

from detector.ordering import NEVER
from models.cohorts import CohortUpdate, ShardOutput, Timed

FACT: Final = 0
UPDATE: Final = 1
Entry = tuple[int, int, str, bool, Any]
"""(slice end, kind, id, closed, payload): sorted by all but the payload."""
_ORDER = itemgetter(0, 1, 2, 3)


class Timeline:
    """Holds back what shards said until all of them have passed its slice.

    The entries come out in the same order however slices were grouped into outputs and targets into
    shards; an output that was taken before is dropped by (shard, slice).
    """

    def __init__(self, shards: Sequence[str]) -> None:
        self._until: dict[str, int] = dict.fromkeys(shards, NEVER)
        self._waiting: list[Entry] = []
        self.duplicates = 0
        self.late = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def shards(self) -> list[str]:
        """Names of the shards that are waited for, sorted."""
        return sorted(self._until)

    @property
    def watermark_ms(self) -> int:
        """Event time up to which every shard has spoken."""
        return min(self._until.values(), default=NEVER)

    def take(self, output: ShardOutput) -> bool:
        """Add an output; return False if it was known, or is of an unknown shard."""
        seen_ms = self._until.get(output.shard)
        if seen_ms is None or output.until_ms <= seen_ms:
            self.duplicates += 1
            return False
        self._until[output.shard] = output.until_ms
        self.late += output.late
        for fact in output.facts:
            self._waiting.append((fact.slice_ms, FACT, _name(fact), False, fact))
        for update in output.updates:
            # sizes grow, so the padded number orders several updates of one cohort
            name = f"{update.cohort:016x}{update.size:012d}"
            self._waiting.append((update.time_ms, UPDATE, name, update.closed, update))
        return True

    def release(self) -> tuple[list[Entry], int]:
        """Return (entries that every shard has passed, in order; the watermark)."""
        cutoff_ms = self.watermark_ms
        due = [entry for entry in self._waiting if entry[0] <= cutoff_ms]
        if len(due) < len(self._waiting):
            self._waiting = [entry for entry in self._waiting if entry[0] > cutoff_ms]
        else:
            self._waiting = []
        due.sort(key=_ORDER)
        return due, cutoff_ms

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {"until": self._until, "waiting": self._waiting, "figures": (self.duplicates, self.late)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self._until = dict(state["until"])
        self._waiting = [_entry(entry) for entry in state["waiting"]]
        self.duplicates, self.late = state["figures"]


def _name(fact: Timed) -> str:
    """Orders the facts of one slice, whichever shards told them. Every fact holds one thing."""
    return next((name(thing) for field, name in _NAMES.items() if (thing := getattr(fact, field)) is not None), "")


_NAMES: Final[Mapping[str, Callable[[Any], str]]] = {
    # first, so that what acts is known
    "account": lambda fact: f"a{fact.account_id}",
    # before deletions: a post may be taken back in the second of its birth
    "topic": lambda act: f"b{act.time_ms:015d}{act.post or ''} {act.account} {act.topic}",
    "contact": lambda use: f"c{use.act} {use.contact}",
    "deletion": lambda deletion: f"d{deletion.act}",
    "origin": lambda origin: f"o{origin.account} {origin.client} {origin.network}",
    "verdict": lambda verdict: f"v{verdict.decided_at_ms:015d}{verdict.verdict_id}",
    "trend": lambda line: f"z{line.observed_at_ms:015d}{line.list} {line.rank:06d} {line.topic}",
}


def _entry(plain: Sequence[Any]) -> Entry:
    time_ms, kind, name, closed, payload = plain
    return time_ms, kind, name, closed, msgspec.convert(payload, Timed if kind == FACT else CohortUpdate)
