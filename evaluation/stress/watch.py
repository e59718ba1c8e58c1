"""Looks at offsets in a thread of its own while events are sent, and reads at the end what came of them."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from evaluation.stress.progress import Look, Place, Progress
from evaluation.stress.sender import SentLog
from streams.security import aiokafka_options
from streams.settings import Settings
from streams.topics import names

LOOK_S: Final = 0.1
READ_S: Final = 120.0


class KafkaLooks:
    """Where groups and topics are."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        own = names(settings)
        raw = (
            (settings.posts_topic, settings.posts_partitions),
            (settings.likes_topic, settings.likes_partitions),
            (settings.accounts_topic, settings.accounts_partitions),
        )
        self.raw = [TopicPartition(topic, number) for topic, count in raw for number in range(count)]
        self.inner = [TopicPartition(own.likes, number) for number in range(settings.shards)]
        self.inner.append(TopicPartition(own.posts, 0))
        self.outer = [TopicPartition(own.cohorts, 0)]
        self._options: dict[str, Any] = {
            "bootstrap_servers": settings.bootstrap,
            "client_id": "shoal-stress",
            "request_timeout_ms": settings.request_timeout_ms,
            **aiokafka_options(settings),
        }
        self._consumer = self._new_consumer()
        self._admin = AIOKafkaAdminClient(**self._options)

    def _new_consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(**self._options, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest")

    async def __aenter__(self) -> Self:
        try:
            await self._consumer.start()
            await self._admin.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def look(self) -> Look:
        """Read everything, in the order that makes barriers true. Raises `KafkaError`."""
        group = self.settings.group
        taken = await self._committed(f"{group}-ingest", self.raw)
        inner_ends = await self.ends(self.inner)
        inner_done = await self._committed(group, self.inner)
        outer_ends = await self.ends(self.outer)
        return Look(taken, inner_ends, inner_done, outer_ends, await self._committed(group, self.outer))

    async def ends(self, places: Sequence[TopicPartition]) -> dict[Place, int]:
        """Offset of the next message of each."""
        found = await self._consumer.end_offsets(places)
        return {(place.topic, place.partition): int(end) for place, end in found.items()}

    async def _committed(self, group: str, places: Sequence[TopicPartition]) -> dict[Place, int]:
        found = await self._admin.list_consumer_group_offsets(group, partitions=list(places))
        return {(place.topic, place.partition): int(each.offset) for place, each in found.items() if each.offset >= 0}

    async def read(self, topic: str, partition: int, start: int, end: int) -> AsyncIterator[Any]:
        """The records with `start` ≤ offset < `end`."""
        if start >= end:
            return
        place = TopicPartition(topic, partition)
        # a consumer for each stretch, as in `streams.log_reader`
        consumer = self._new_consumer()
        await consumer.start()
        try:
            consumer.assign([place])
            consumer.seek(place, start)
            deadline_s = time.monotonic() + READ_S
            while await consumer.position(place) < end and time.monotonic() < deadline_s:
                found = await consumer.getmany(place, timeout_ms=500, max_records=1_000)
                for record in found.get(place, ()):
                    if record.offset < end:
                        yield record
        finally:
            await consumer.stop()


class Watch:
    """A thread that tells a `SentLog` what is processed. Use as a context manager."""

    def __init__(self, settings: Settings, log: SentLog) -> None:
        self._settings = settings
        self._log = log
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stress-watch", daemon=True)
        self.failed_looks = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(self._settings.request_timeout_ms / 1000 + 5)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                asyncio.run(self._look())
            except (KafkaError, OSError, TimeoutError):
                self.failed_looks += 1
                self._over.wait(1.0)

    async def _look(self) -> None:
        progress = Progress()
        async with KafkaLooks(self._settings) as looks:
            while not self._over.is_set():
                progress.look(await looks.look())
                self._log.processed(progress.done, time.monotonic())
                await asyncio.sleep(LOOK_S)
