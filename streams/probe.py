"""Looks at the brokers, the lag and the shards every few seconds, for health and metrics."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from detector.ordering import NEVER
from streams.health import Facts, Health
from streams.ingest.service import Ingest
from streams.lag import LagClock
from streams.metrics import Metrics
from streams.security import aiokafka_options
from streams.settings import Settings
from streams.shards import ShardHost

log = structlog.get_logger()


class Probe(Service):  # type: ignore[misc]  # mode is untyped
    """Never fails: what it cannot see, it reports as away."""

    def __init__(self, settings: Settings, metrics: Metrics, health: Health, host: ShardHost, ingest: Ingest) -> None:
        super().__init__()
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._host = host
        self._ingest = ingest
        self._clocks: dict[TopicPartition, LagClock] = defaultdict(LagClock)
        self._positions: dict[TopicPartition, int] = {}
        self._progress_at_s = self._broker_at_s = time.monotonic()
        self._lag = 0

    async def on_start(self) -> None:
        """Connect a consumer without a group, only to ask where partitions end."""
        options = aiokafka_options(self._settings)
        timeout_ms = self._settings.request_timeout_ms
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap, group_id=None, request_timeout_ms=timeout_ms, **options
        )
        await self._consumer.start()

    async def on_stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()

    @Service.task  # type: ignore[untyped-decorator]  # mode is untyped
    async def _run(self) -> None:
        while not self.should_stop:
            await self.look()
            await self.sleep(self._settings.probe_interval_s)

    async def look(self) -> None:
        """One look."""
        positions = self._where()
        if positions != self._positions or not self._host.warm:
            self._progress_at_s = time.monotonic()
            self._positions = positions
        await self._measure_lag(positions)
        self._health.facts = Facts(
            self._lag,
            self._progress_at_s,
            self._broker_at_s,
            self._host.rebalancing,
            self._host.warm,
            len(self._host) + len(self._ingest.sources),
        )
        self._metrics.ready.set(not self._health.why_not_ready())
        self._metrics.shards_owned.set(len(self._host))
        self._show_shards(time.time())

    def _where(self) -> dict[TopicPartition, int]:
        found = {TopicPartition(*source.id): source.offset for source in self._ingest.sources.values()}
        for shard in self._host:
            if shard.next_offset is not None:
                found[TopicPartition(*shard.place)] = shard.next_offset
        return found

    async def _measure_lag(self, positions: dict[TopicPartition, int]) -> None:
        try:
            ends = await self._ends(positions)
        except (KafkaError, OSError, TimeoutError) as error:
            log.warning("no broker answers", error=repr(error))
            return
        now_s = self._broker_at_s = time.monotonic()
        self._lag = 0
        for place, position in positions.items():
            behind = max(0, ends[place] - position)
            self._lag += behind
            seconds = self._clocks[place].observe(now_s, ends[place], position)
            self._metrics.lag.labels(place.topic, place.partition).set(behind)
            self._metrics.lag_seconds.labels(place.topic, place.partition).set(seconds)
        for gone in set(self._clocks) - set(positions):
            del self._clocks[gone]
            self._metrics.lag.remove(gone.topic, gone.partition)
            self._metrics.lag_seconds.remove(gone.topic, gone.partition)

    async def _ends(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        wanted = list(places) or [TopicPartition(self._settings.likes_topic, 0)]
        limit_s = max(2.0, self._settings.probe_interval_s)
        found: dict[TopicPartition, int] = await asyncio.wait_for(self._consumer.end_offsets(wanted), limit_s)
        return found

    def _show_shards(self, now_s: float) -> None:
        setters: dict[str, Callable[[str, Any], None]] = {
            "late": lambda name, value: self._metrics.late.labels(name).set(value),
            "duplicates": lambda name, value: self._metrics.duplicates.labels(name).set(value),
            "buffered": lambda name, value: self._metrics.buffered.labels(name).set(value),
            "open_windows": lambda name, value: self._metrics.open_windows.labels(name).set(value),
            "evictions": lambda name, value: self._metrics.evictions.labels(name).set(value),
        }
        for shard in self._host:
            if not shard.gate.is_set():
                continue
            figures = shard.stage.figures()
            for name, show in setters.items():
                if name in figures:
                    show(shard.name, figures[name])
            for structure, share in figures.get("fill", {}).items():
                self._metrics.fill.labels(shard.name, structure).set(share)
            for stratum, ratio in figures.get("drift", {}).items():
                self._metrics.calibration.labels(stratum).set(ratio)
            for figure, number in figures.get("topics", {}).items():
                self._metrics.topics.labels(figure).set(number)
            watermark_ms = figures.get("watermark_ms", NEVER)
            if watermark_ms > 0:
                self._metrics.watermark_delay.labels(shard.name).set(max(0.0, now_s - watermark_ms / 1000))
