"""Likes a second through router, target shard and coordinator, one core, and bytes an account."""

import gc
import time
from statistics import median
from typing import Any

from msgspec import Struct

from detector.coordinator import Coordinator
from detector.engine import LIKES_SHARD, TEXT_SHARD
from detector.router import route
from detector.settings import DetectorSettings
from detector.shards import TargetShard
from evaluation.benchmarks.memory import resident_bytes
from evaluation.simulator.likes_day import Columns, LikesDay, events_of, likes_day
from models.cohorts import ShardOutput
from models.envelopes import ENVELOPE_VERSION, ActionEnvelope, Mark

SOURCE = ("likes", 0)
STAGES = ("route", "shard", "coordinator")


class Pass(Struct, frozen=True):
    """One run over the stream."""

    seconds: dict[str, float]
    """CPU seconds by stage."""
    alerts: int
    cases: int
    bytes_held: int | None


def run(likes: int = 1_000_000, seed: int = 7, runs: int = 3, envelope_events: int = 500) -> dict[str, Any]:
    """Measure `runs` passes over one seeded day of about `likes` likes; medians of CPU seconds.

    Events exist before the clock starts, an envelope of `envelope_events` at a time.
    """
    columns = likes_day(LikesDay(likes=likes), seed)
    passes = [_once(columns, envelope_events) for _ in range(runs)]
    seconds = {stage: median(each.seconds[stage] for each in passes) for stage in STAGES}
    total = sum(seconds.values())
    number, accounts = len(columns.at_ms), columns.accounts
    held = passes[0].bytes_held
    return {
        "likes": number,
        "accounts": accounts,
        "runs": runs,
        "envelope_events": envelope_events,
        "likes_per_s_per_core": round(number / total),
        "cpu_seconds_per_million": {stage: round(each / number * 1e6, 3) for stage, each in seconds.items()},
        "fastest_likes_per_s": round(number / min(sum(each.seconds.values()) for each in passes)),
        "bytes_per_account": None if held is None else round(held / accounts),
        "alerts": passes[0].alerts,
        "cases": passes[0].cases,
    }


def _once(columns: Columns, envelope_events: int) -> Pass:
    settings = DetectorSettings()
    name = LIKES_SHARD.format(0)
    gc.collect()
    before = resident_bytes()
    shard = TargetShard(name, settings, [SOURCE])
    coordinator = Coordinator(settings, [name, TEXT_SHARD])
    spent = dict.fromkeys(STAGES, 0.0)
    alerts = 0
    for events in events_of(columns, envelope_events):
        begin_s = time.process_time()
        routed = route(events)
        routed_s = time.process_time()
        mark = Mark(*SOURCE, 0, _watermark_ms(events, settings))
        output = shard.receive(ActionEnvelope(ENVELOPE_VERSION, [mark], routed.publications, routed.actions))
        received_s = time.process_time()
        if output is not None:
            alerts += len(coordinator.receive([output, _silent_text(output)]))
        spent["route"] += routed_s - begin_s
        spent["shard"] += received_s - routed_s
        spent["coordinator"] += time.process_time() - received_s
    gc.collect()
    after = resident_bytes()
    held = None if before is None or after is None else after - before
    return Pass(spent, alerts, len(coordinator.cases), held)


def _watermark_ms(events: list[Any], settings: DetectorSettings) -> int:
    return int(events[-1].acted_at_ms) - settings.lateness_ms


def _silent_text(output: ShardOutput) -> ShardOutput:
    """What the text shard says when nobody posts: the same progress, nothing else."""
    return ShardOutput(TEXT_SHARD, output.since_ms, output.until_ms, [], b"", b"", [])
