"""What the monitor sees of simulated topics: the figures of every judgement, kept in files by seed.

One run of a stream serves every set of attributes: each figure is computed from its own attributes alone, so a
platform that tells less sees the same figures, fewer of them.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from detector.settings import DetectorSettings
from detector.trends.corrected import Seen
from detector.trends.engine import TrendEngine
from detector.trends.judging import Look
from detector.trends.telling import Teller
from detector.trends.topic import Topic
from evaluation.trends.simulate import Dials, simulate_trends
from models.trends import TrendOutcome

BATCH_EVENTS = 2_000
WITHIN_MS = 30 * 60_000
"""Judgements after this are not of the burst's beginning any more."""


class Glance(Struct, array_like=True):
    """One judgement of one topic."""

    after_ms: int
    """Since the topic's first post."""
    accounts: int
    figures: dict[str, float]


class Watched(Struct, array_like=True):
    """A planted topic and how it looked."""

    kind: str
    bought: bool
    glances: list[Glance]


class _Watching(Teller):
    """Keeps every look at a burst: nothing else is called by its figures."""

    def __init__(self, settings: DetectorSettings) -> None:
        super().__init__(settings.trends, "")
        self.looks: list[tuple[str, int, int, dict[str, float]]] = []

    def judge(self, topic: Topic, seen: Seen, at_ms: int) -> tuple[Look, TrendOutcome, int | None]:
        look, outcome, burst_ms = super().judge(topic, seen, at_ms)
        if look.figures and burst_ms is not None:
            accounts = len(topic.between(*self.window(burst_ms, at_ms)))
            self.looks.append((topic.key, at_ms, accounts, look.figures))
        return look, outcome, burst_ms


def watch(seed: int, dials: Dials | None = None) -> list[Watched]:
    """Run one simulated stream through the monitor alone."""
    simulation = simulate_trends(dials or Dials(), seed)
    settings = DetectorSettings()
    teller = _Watching(settings)
    engine = TrendEngine(settings, teller)
    for begin in range(0, len(simulation.events), BATCH_EVENTS):
        engine.push(simulation.events[begin : begin + BATCH_EVENTS])
    engine.finish()
    found = {name: Watched(topic.kind, bool(topic.bought), []) for name, topic in simulation.topics.items()}
    for key, at_ms, accounts, figures in teller.looks:
        topic = simulation.topics.get(key)
        if topic is not None and at_ms - topic.begin_ms <= WITHIN_MS:
            found[key].glances.append(Glance(at_ms - topic.begin_ms, accounts, figures))
    return list(found.values())


def watched(seeds: Iterable[int], folder: Path, processes: int = 2) -> Sequence[Watched]:
    """All planted topics of some seeds; runs that are in the folder are not repeated."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(partial(_watch_or_read, folder=folder), seeds)
        return [topic for topics in found for topic in topics]


def _watch_or_read(seed: int, folder: Path) -> list[Watched]:
    path = folder / f"{seed}.msgpack"
    if path.exists():
        return msgspec.msgpack.decode(path.read_bytes(), type=list[Watched])
    topics = watch(seed)
    path.write_bytes(msgspec.msgpack.encode(topics))
    return topics
