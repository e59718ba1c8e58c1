"""Ingest's own Kafka clients: a group consumer, and an outlet whose deliveries are awaited."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from models.dead_letters import DeadLetter
from models.envelopes import Mark
from models.events import AnyEvent
from streams.delivery import until_delivered
from streams.ingest.pack import pack
from streams.metrics import Metrics
from streams.security import aiokafka_options
from streams.settings import Settings
from streams.topics import MESSAGE_BYTES_MAX, names

ISOLATION_LEVEL = "read_committed"


def make_consumer(settings: Settings, group: str) -> AIOKafkaConsumer:
    """The consumer of the raw topics; offsets are committed by hand, after delivery.

    It reads what transactions committed: what a platform took back (aborted) never happened.
    """
    return AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap,
        group_id=group,
        group_instance_id=settings.instance_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=ISOLATION_LEVEL,
        request_timeout_ms=settings.request_timeout_ms,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=settings.session_timeout_ms // 4,
        rebalance_timeout_ms=settings.rebalance_timeout_ms,
        fetch_max_wait_ms=min(settings.linger_ms, 100),
        **aiokafka_options(settings),
    )


class Outlet:
    """Where ingest's results go. Every call returns after the broker has everything.

    One envelope a shard is in flight at a time, so a shard's log keeps the order of each source. The
    producer is not idempotent on purpose: after a broker was away for longer than a request may take,
    aiokafka's sequence numbers no longer fit and every further send fails for good
    (docs/decisions/0003-streams-delivery.md). A doubled envelope is harmless, its events are known by id.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._names = names(settings)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=settings.bootstrap,
            acks="all",
            max_request_size=MESSAGE_BYTES_MAX,
            request_timeout_ms=settings.request_timeout_ms,
            **aiokafka_options(settings),
        )

    async def start(self) -> None:
        """Connect."""
        await self._producer.start()

    async def stop(self) -> None:
        """Send what is queued and close."""
        await self._producer.stop()

    async def send(self, events: Sequence[AnyEvent], marks: list[Mark]) -> None:
        """Deliver one envelope to every shard."""
        with self._metrics.stage("route"):
            packed = pack(events, marks, self._settings.shards)
        targets = [self._deliver(self._names.likes, number, raw) for number, raw in enumerate(packed.targets)]
        await asyncio.gather(self._deliver(self._names.posts, 0, packed.text), *targets)
        self._metrics.envelopes.labels(self._names.posts).inc()
        self._metrics.envelopes.labels(self._names.likes).inc(len(targets))

    async def park(self, letters: Sequence[DeadLetter]) -> None:
        """Deliver dead letters and count them by reason."""
        topic = self._names.dead_letters
        await asyncio.gather(*(self._deliver(topic, 0, letter.encode(), letter.topic.encode()) for letter in letters))
        for letter in letters:
            self._metrics.invalid.labels(letter.topic, letter.reason).inc()
            self._metrics.dead_letters.labels(letter.topic).inc()

    async def _deliver(self, topic: str, partition: int, value: bytes, key: bytes | None = None) -> None:
        attempt = partial(self._producer.send_and_wait, topic, value=value, key=key, partition=partition)
        await until_delivered(attempt, topic, self._metrics.retries.labels(topic).inc)

    async def client_ready(self) -> Any:
        """Ask the cluster for metadata; raises if no broker answers."""
        return await self._producer.client.fetch_all_metadata()
