"""What the probe tells after a look: lag of partitions, readiness, progress."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.health import Health
from streams.ingest.sources import Source, SourceId
from streams.metrics import Metrics
from streams.probe import Probe
from streams.settings import load_settings

PLACE = SourceId("likes", 0)


class Host(list[Any]):
    """The shards of a worker."""

    rebalancing = False
    warm = True


class Bench:
    """A probe with a broker, sources and shards that are set by hand."""

    def __init__(self, folder: Path) -> None:
        settings = load_settings({"snapshot_folder": str(folder), "store_url": f"sqlite:///{folder}/s.db"})
        self.metrics = Metrics()
        self.sources: dict[SourceId, Source] = {}
        self.end = 0
        self.host: Any = Host()
        health = Health(stalled_after_s=120, broker_silent_s=60)
        ingest: Any = SimpleNamespace(sources=self.sources)
        self.probe = Probe(settings, self.metrics, health, self.host, ingest)
        self.probe._consumer = SimpleNamespace(end_offsets=self._ends)

    async def _ends(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.end < 0:
            raise OSError("no broker")
        return dict.fromkeys(places, self.end)

    def look(self) -> None:
        asyncio.run(self.probe.look())

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)

    def lag_s(self) -> float | None:
        return self.value("shoal_lag_seconds", topic="likes", partition="0")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def source(offset: int, record_age_s: float | None) -> Source:
    made = Source(PLACE, offset, 0, time.monotonic())
    made.record_at_ms = None if record_age_s is None else int((time.time() - record_age_s) * 1000)
    return made


def test_a_backlog_of_hours_is_hours_old_at_the_first_look(bench: Bench) -> None:
    bench.end = 1_000
    bench.sources[PLACE] = source(10, 7_200)
    bench.look()
    assert bench.lag_s() == pytest.approx(7_200, abs=5)
    assert bench.value("shoal_lag_messages", topic="likes", partition="0") == 990
    bench.sources[PLACE] = source(1_000, 0)
    bench.look()
    assert bench.lag_s() == 0


def test_a_shard_is_aged_by_the_message_it_took_last(bench: Bench) -> None:
    bench.end = 5
    place = ("shoal.likes", 0)
    written_at_ms = int((time.time() - 600) * 1000)
    gate = SimpleNamespace(is_set=lambda: True)
    stage = SimpleNamespace(figures=dict)
    bench.host.append(
        SimpleNamespace(name="likes-0", place=place, next_offset=3, record_at_ms=written_at_ms, gate=gate, stage=stage)
    )
    bench.look()
    assert bench.value("shoal_lag_seconds", topic="shoal.likes", partition="0") == pytest.approx(600, abs=5)


def test_a_partition_that_left_is_told_no_more(bench: Bench) -> None:
    bench.sources[PLACE] = source(0, None)
    bench.look()
    assert bench.lag_s() == 0
    bench.sources.clear()
    bench.look()
    assert bench.lag_s() is None


def test_reasons_and_room_are_told(bench: Bench) -> None:
    bench.look()
    assert bench.value("shoal_ready") == 0
    assert bench.value("shoal_not_ready", reason="no partitions") == 1
    assert bench.value("shoal_not_ready", reason="loading") == 0
    bench.sources[PLACE] = source(0, None)
    bench.look()
    assert bench.value("shoal_ready") == 1
    assert bench.value("shoal_not_ready", reason="no partitions") == 0
    assert (bench.value("shoal_disk_free_bytes", folder="snapshots") or 0) > 0
    assert (bench.value("shoal_disk_free_bytes", folder="store") or 0) > 0


def test_progress_is_told_when_an_offset_moves_and_only_then(bench: Bench) -> None:
    bench.sources[PLACE] = source(1, None)
    bench.look()
    first = bench.value("shoal_last_progress_timestamp_seconds") or 0
    assert first == pytest.approx(time.time(), abs=5)
    bench.look()
    assert bench.value("shoal_last_progress_timestamp_seconds") == first
    bench.sources[PLACE] = source(2, None)
    bench.look()
    assert (bench.value("shoal_last_progress_timestamp_seconds") or 0) > first


def test_a_broker_that_is_away_leaves_the_figures_as_they_were(bench: Bench) -> None:
    bench.end = 7
    bench.sources[PLACE] = source(0, 60)
    bench.look()
    before = bench.lag_s()
    bench.end = -1
    bench.look()
    assert bench.lag_s() == before
