"""Reading a stretch of one partition without a consumer group: for warm-ups and checks."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.security import aiokafka_options
from streams.settings import Settings

CHUNK_RECORDS_MAX = 200
CHUNK_WAIT_MS = 500


class Committed(NamedTuple):
    """A group's position in a partition, with the note that was committed along."""

    offset: int
    note: str


class LogReader:
    """An assigned, group-less consumer. Use as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._options: dict[str, Any] = {
            "bootstrap_servers": settings.bootstrap,
            "request_timeout_ms": settings.request_timeout_ms,
            **aiokafka_options(settings),
        }
        self._consumer = self._make_consumer()

    def _make_consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(**self._options, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest")

    async def __aenter__(self) -> Self:
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()  # nobody else would: what asks again makes a new one
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def exists(self, topic: str) -> bool:
        """Whether the brokers know the topic; to ask for the ends of another takes the whole of a request's time."""
        return topic in await self._consumer.topics()

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """(first offset kept, offset of the next message) of a partition."""
        tp = TopicPartition(topic, partition)
        first = await self._consumer.beginning_offsets([tp])
        end = await self._consumer.end_offsets([tp])
        return int(first[tp]), int(end[tp])

    async def since(self, topic: str, partition: int, moment_ms: int) -> int:
        """Offset of the first message written at `moment_ms` or later; of the next one to come if there is none."""
        tp = TopicPartition(topic, partition)
        found = (await self._consumer.offsets_for_times({tp: moment_ms}))[tp]
        return (await self.bounds(topic, partition))[1] if found is None else int(found.offset)

    async def read(self, topic: str, partition: int, start: int, end: int) -> AsyncIterator[Sequence[Any]]:
        """Yield the records with `start` ≤ offset < `end` in chunks; stops early if the log is shorter."""
        if start >= end:
            return
        tp = TopicPartition(topic, partition)
        # a consumer for each stretch: one that was assigned twice may never end (aiokafka 0.14 swallows
        # the cancellation of its fetcher while that drops the old assignment)
        consumer = self._make_consumer()
        await consumer.start()
        try:
            consumer.assign([tp])
            consumer.seek(tp, start)
            while await consumer.position(tp) < end:
                found = await consumer.getmany(tp, timeout_ms=CHUNK_WAIT_MS, max_records=CHUNK_RECORDS_MAX)
                records = [record for record in found.get(tp, ()) if record.offset < end]
                if records:
                    yield records
                elif not found.get(tp) and await self._passed(tp, end):
                    return
        finally:
            await consumer.stop()

    async def _passed(self, tp: TopicPartition, end: int) -> bool:
        available = await self._consumer.end_offsets([tp])
        return int(available[tp]) < end

    async def committed(self, group: str, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Committed]:
        """What a group has committed, by (topic, partition); places without a commit are left out."""
        admin = AIOKafkaAdminClient(**self._options)
        await admin.start()
        try:
            wanted = [TopicPartition(*place) for place in places]
            found = await admin.list_consumer_group_offsets(group, partitions=wanted)
        finally:
            await admin.close()
        return {
            (place.topic, place.partition): Committed(int(commit.offset), str(commit.metadata))
            for place, commit in found.items()
            if commit.offset >= 0
        }
