"""Streams through the trend engine, and what it said of each topic when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from detector.engine import Engine
from detector.settings import DetectorSettings
from detector.trends.engine import TrendEngine
from evaluation.trends.rates import Scored
from evaluation.trends.simulate import TrendSimulation
from models.events import AnyEvent
from models.trends import TrendOutcome, TrendVerdict

BATCH_EVENTS = 2_000


class Said(Struct):
    """All that was said of one topic."""

    verdicts: list[TrendVerdict]

    def first_call_ms(self) -> int | None:
        """When it was first called manufactured."""
        return next((each.at_ms for each in self.verdicts if each.outcome is TrendOutcome.MANUFACTURED), None)


def run(events: Iterable[AnyEvent], engine: TrendEngine | None = None, *, flagged: bool = False) -> dict[str, Said]:
    """Push the events in order; with `flagged` the main engine runs along and its alerts flag accounts."""
    trends = engine or TrendEngine()
    main = Engine(DetectorSettings()) if flagged else None
    said: dict[str, Said] = {}
    for batch in _batches(events):
        if main is not None:
            trends.flag(main.push(batch))
        _take(said, trends.push(batch))
        trends.take_lists()
    _take(said, trends.finish())
    return said


def _batches(events: Iterable[AnyEvent]) -> Iterator[list[AnyEvent]]:
    source = iter(events)
    while batch := list(islice(source, BATCH_EVENTS)):
        yield batch


def _take(said: dict[str, Said], verdicts: Sequence[TrendVerdict]) -> None:
    for verdict in verdicts:
        said.setdefault(verdict.topic, Said([])).verdicts.append(verdict)


def scored(simulation: TrendSimulation, said: Mapping[str, Said], within_ms: int) -> list[Scored]:
    """Each planted topic, and whether it was called within so long of its first post."""
    found: list[Scored] = []
    for name, topic in simulation.topics.items():
        own = said.get(name) or Said([])
        called_ms = own.first_call_ms()
        seconds = None if called_ms is None else (called_ms - topic.begin_ms) / 1_000
        in_time = seconds is not None and seconds * 1_000 <= within_ms
        found.append(Scored(topic.kind, bool(topic.bought), in_time, seconds if in_time else None))
    return found
