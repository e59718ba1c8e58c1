"""Outputs of all shards, merged into one order of event time."""

from collections.abc import Mapping, Sequence
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
    """Orders the facts of one slice, whichever shards told them."""
    if fact.account is not None:
        return f"a{fact.account.account_id}"
    if fact.deletion is not None:
        return f"d{fact.deletion.act}"
    if fact.contact is not None:
        return f"c{fact.contact.act} {fact.contact.contact}"
    if fact.origin is not None:
        return f"o{fact.origin.account} {fact.origin.client} {fact.origin.network}"
    if fact.verdict is not None:
        return f"v{fact.verdict.decided_at_ms:015d}{fact.verdict.verdict_id}"
    return ""


def _entry(plain: Sequence[Any]) -> Entry:
    time_ms, kind, name, closed, payload = plain
    return time_ms, kind, name, closed, msgspec.convert(payload, Timed if kind == FACT else CohortUpdate)
