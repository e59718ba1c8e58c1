"""Calibration in shadow mode: the detector runs over files and only counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import xxhash
from msgspec import Struct
from msgspec.structs import replace

import detector
from detector.calibration.fit import fit
from detector.calibration.settings import CalibrationInput, CalibrationRecord, PhiSettings
from detector.calibration.table import CalibrationTable
from detector.engine import Engine
from detector.settings import DetectorSettings
from models.alerts import Alert, Outcome
from models.events import Account, AnyEvent, Like, Post
from streams.collection import rare_collection
from streams.files import read

Progress = Callable[[str, int], None]
"""Told after every batch: what is being done, events so far."""
WARM_UP: Final = 0.25
"""Share of the events that only fills the memory of who was where; before that every account looks new."""
_CHUNK_BYTES: Final = 1 << 20


class FirstLook(Struct, frozen=True):
    """What the first run found: how much there is, and who is to be left out."""

    inputs: tuple[CalibrationInput, ...]
    called: frozenset[str]
    """Accounts of every case that was called inauthentic."""
    events: int
    """Events of all others."""


def calibrate(
    files: Sequence[str], settings: DetectorSettings, date: str, progress: Progress
) -> tuple[PhiSettings, CalibrationRecord]:
    """Fit φ on the first half of the events after a warm-up, and check it on the second.

    Two runs: the first finds whom the detector calls, the second counts without them, so that an army
    in the training stream does not teach the detector to expect armies. No alert leaves either.
    """
    look = _first_look(files, settings, progress)
    first, second = _count(files, settings, look, progress)
    phi, strata = fit(first, second, settings.overlap.phi)
    tool = f"shoal {detector.__version__}"
    return phi, CalibrationRecord(date, tool, len(look.called), look.inputs, strata)


def _first_look(files: Sequence[str], settings: DetectorSettings, progress: Progress) -> FirstLook:
    engine = Engine(settings)
    called: set[str] = set()
    inputs, seen = [], 0
    acting: dict[str, int] = {}

    def take(alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            if alert.outcome is Outcome.INAUTHENTIC:
                called.update(alert.accounts)

    with rare_collection():
        for path in files:
            span = _Span()
            for batch in read(path):
                span.add(batch.events)
                for event in batch.events:
                    actor = _actor(event)
                    acting[actor] = acting.get(actor, 0) + 1
                take(engine.push(batch.events))
                progress("looking for armies", seen + span.events)
            seen += span.events
            inputs.append(span.told(path))
        take(engine.finish())
    left = sum(acting.get(account, 0) for account in called)
    return FirstLook(tuple(inputs), frozenset(called), seen - left)


def _count(
    files: Sequence[str], settings: DetectorSettings, look: FirstLook, progress: Progress
) -> tuple[CalibrationTable, CalibrationTable]:
    """(table of the first half of the events after the warm-up, table of the second)."""
    engine = Engine(replace(settings, overlap=replace(settings.overlap, calibration_every=1)))
    table = engine.coordinator.overlaps.calibration.table
    warm = int(look.events * WARM_UP)
    borders = [warm, warm + (look.events - warm) // 2]
    copies: list[CalibrationTable] = []
    seen = 0
    with rare_collection():
        for batch in _honest(files, look.called):
            for part in _cut(batch, [border - seen for border in borders]):
                engine.push(part)
                seen += len(part)
                while len(copies) < len(borders) and seen >= borders[len(copies)]:
                    copies.append(table.copy())
            progress("counting pairs", seen)
        engine.finish()
    warmed, half = copies if len(copies) == len(borders) else [table.copy()] * 2
    return half.minus(warmed), table.minus(half)


def _cut(events: Sequence[AnyEvent], positions: Sequence[int]) -> list[Sequence[AnyEvent]]:
    """The events, cut at those of the positions that lie inside."""
    inside = sorted({0, len(events), *(at for at in positions if 0 < at < len(events))})
    return [events[start:end] for start, end in pairwise(inside)]


def _honest(files: Sequence[str], called: frozenset[str]) -> Iterator[list[AnyEvent]]:
    for path in files:
        for batch in read(path):
            yield [event for event in batch.events if _actor(event) not in called]


def _actor(event: AnyEvent) -> str:
    return event.account_id if isinstance(event, Like | Post | Account) else ""


class _Span:
    """Events of one file, and from when to when."""

    def __init__(self) -> None:
        self.events = 0
        self._first_ms: int | None = None
        self._last_ms = 0

    def add(self, events: Sequence[AnyEvent]) -> None:
        self.events += len(events)
        for event in events:
            if isinstance(event, Like | Post):
                time_ms = event.acted_at_ms if isinstance(event, Like) else event.created_at_ms
                self._first_ms = time_ms if self._first_ms is None else min(self._first_ms, time_ms)
                self._last_ms = max(self._last_ms, time_ms)

    def told(self, path: str) -> CalibrationInput:
        return CalibrationInput(Path(path).name, self.events, self._first_ms or 0, self._last_ms, _hash_of(path))


def _hash_of(path: str) -> str:
    found: Any = xxhash.xxh64()
    with Path(path).open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            found.update(chunk)
    return str(found.hexdigest())
