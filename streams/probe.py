"""Looks at the brokers, the lag and the shards every few seconds, for health and metrics."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from streams.disk import show_disk, store_folder
from streams.health import REASONS, Facts, Health
from streams.ingest.clients import ISOLATION_LEVEL
from streams.ingest.service import Ingest
from streams.ingest.sources import SourceId
from streams.lag import LagClock
from streams.metrics import Metrics
from streams.security import aiokafka_options
from streams.settings import Settings
from streams.shard_figures import ShardFigures
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
        self._figures = ShardFigures(metrics)

    async def on_start(self) -> None:
        """Connect a consumer without a group, only to ask where partitions end."""
        options = aiokafka_options(self._settings)
        timeout_ms = self._settings.request_timeout_ms
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap,
            group_id=None,
            isolation_level=ISOLATION_LEVEL,  # what a transaction still holds back cannot be late
            request_timeout_ms=timeout_ms,
            **options,
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
            self._metrics.progress.set_to_current_time()
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
        self._show_process()
        self._figures.show(self._host, time.time())

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
        self._broker_at_s = time.monotonic()
        now_s = time.time()
        self._lag = 0
        for place, position in positions.items():
            behind = max(0, ends[place] - position)
            self._lag += behind
            seconds = self._clocks[place].observe(now_s, ends[place], position, self._written_at_s(place))
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

    def _written_at_s(self, place: TopicPartition) -> float | None:
        """Timestamp of the newest record processed of a partition."""
        source = self._ingest.sources.get(SourceId(place.topic, place.partition))
        found = [source.record_at_ms] if source else [s.record_at_ms for s in self._host if s.place == place]
        return found[0] / 1000 if found and found[0] is not None else None

    def _show_process(self) -> None:
        reasons = self._health.why_not_ready()
        self._metrics.ready.set(not reasons)
        for reason in REASONS:
            self._metrics.not_ready.labels(reason).set(reason in reasons)
        self._metrics.shards_owned.set(len(self._host))
        free, size = self._metrics.disk_free, self._metrics.disk_size
        show_disk(self._settings.snapshot_folder, "snapshots", free, size)
        show_disk(store_folder(self._settings.store_url), "store", free, size)
