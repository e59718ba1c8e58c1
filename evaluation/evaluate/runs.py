"""One run: make the events, take out what is switched off, run the method, score. Runs in a process of its own."""

import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

import detector
from detector.settings import DetectorSettings
from evaluation.benchmarks.memory import peak_bytes
from evaluation.evaluate.calibration import counting, counts_of
from evaluation.evaluate.measures import Found, found_by_peer, found_by_shoal, measure
from evaluation.evaluate.real import plant_into, read_slice
from evaluation.evaluate.record import PLAIN, SHOAL, Performance, RunRecord, Variant
from evaluation.evaluate.signals import without
from evaluation.simulator.scenario import Scenario, communities, simulate
from evaluation.simulator.truth import Simulation
from models.errors import ShoalError
from models.events import AnyEvent
from models.moments import when_ms
from streams.embedded import EmbeddedRun, in_batches

if TYPE_CHECKING:
    from models.alerts import Alert

EVENTS_PER_BATCH = 2_000


class NoResult(ShoalError):
    """A peer that is not installed, or ran out of time or memory: no result, and no miss."""


class Task(Struct, frozen=True):
    """What a process of its own is asked to do."""

    scenario: Scenario
    seed: int
    settings: DetectorSettings
    method: str = SHOAL
    variant: Variant = PLAIN
    slice_file: str | None = None
    """Where the events of the scenario's real background are."""


def execute(task: Task) -> RunRecord:
    """Do one run. Peak memory is this process's own, so nothing else may run in it."""
    simulation = _events(task)
    events: Sequence[AnyEvent] = simulation.events
    if task.variant.kind == "signal":
        events = without(task.variant.name, events)
    unchanged = task.variant.kind == "signal" and events == simulation.events
    before_rss_mb = _peak_mb()
    if unchanged:
        found, version, performance = Found([], [], []), "", Performance(0.0, 0.0, before_rss_mb, before_rss_mb)
    else:
        run = _shoal if task.method == SHOAL else _peer
        found, version, performance = run(task, events, before_rss_mb)
    return RunRecord(
        task.scenario.name,
        task.seed,
        task.method,
        version,
        task.variant,
        task.scenario.background is None,
        len(events),
        when_ms(events[-1]) - when_ms(events[0]) if events else 0,
        measure(simulation.truth, found, communities(task.scenario, task.seed) if task.slice_file is None else ()),
        performance,
        found.calibration,
        unchanged,
    )


def _peak_mb() -> float:
    return round((peak_bytes() or 0) / 2**20, 1)


def _events(task: Task) -> Simulation:
    if task.slice_file is None:
        return simulate(task.scenario, task.seed)
    return plant_into(task.scenario, task.seed, read_slice(task.slice_file))


def _shoal(task: Task, events: Sequence[AnyEvent], before_rss_mb: float) -> tuple[Found, str, Performance]:
    alerts: list[Alert] = []
    organic = not task.scenario.pieces
    settings = counting(_settings(task)) if organic else _settings(task)
    run = EmbeddedRun(settings, progress=lambda _events, _position, told: alerts.extend(told))
    done = run.run(in_batches(events, EVENTS_PER_BATCH))
    lanes = run.engine.coordinator.lanes
    edges: list[Collection[str]] = [carriers for lane in lanes for carriers in lane.overlaps.carriers.values()]
    performance = Performance(done.seconds, done.events_per_s, _peak_mb(), before_rss_mb)
    found = found_by_shoal(alerts, edges)
    if organic:
        found = msgspec.structs.replace(found, calibration=counts_of(run.engine.coordinator.overlaps, settings))
    return found, detector.__version__, performance


def _settings(task: Task) -> DetectorSettings:
    if task.variant.kind not in {"item", "explanation"}:
        return task.settings
    evidence = msgspec.structs.replace(task.settings.evidence, disabled=(task.variant.name,))
    return msgspec.structs.replace(task.settings, evidence=evidence)


def _peer(task: Task, events: Sequence[AnyEvent], before_rss_mb: float) -> tuple[Found, str, Performance]:
    from evaluation.peers import PEERS

    started = time.perf_counter()
    result = PEERS[task.method](events)
    if result.missing is not None:
        raise NoResult(result.missing)
    seconds = result.seconds or time.perf_counter() - started
    performance = Performance(
        round(seconds, 3), round(len(events) / max(seconds, 1e-9), 1), result.peak_rss_mb, before_rss_mb
    )
    return found_by_peer(result.groups), result.version, performance
