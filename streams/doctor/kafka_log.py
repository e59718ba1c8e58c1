"""A look into partitions without joining a group: ends, moments, the newest messages."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from streams.doctor.surroundings import Surroundings
from streams.security import aiokafka_options

FETCH_BYTES_MAX: Final = 16_000_000


class Reader:
    """A consumer that joins no group and commits nothing, and a client for questions about topics and groups."""

    def __init__(self, surroundings: Surroundings) -> None:
        settings = surroundings.settings
        options = {
            "bootstrap_servers": settings.bootstrap,
            "client_id": "shoal-doctor",
            "request_timeout_ms": surroundings.timeout_ms,
            **aiokafka_options(settings),
        }
        self.consumer = AIOKafkaConsumer(
            **options,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_bytes=FETCH_BYTES_MAX,
        )
        self._admin = AIOKafkaAdminClient(**options)

    async def __aenter__(self) -> Self:
        try:
            await self.consumer.start()
            await self._admin.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()
        await self._admin.close()

    async def existing(self, places: Iterable[tuple[str, int]]) -> list[TopicPartition]:
        """Those of the partitions that there are."""
        wanted = [TopicPartition(*place) for place in places]
        found = await self._admin.describe_topics(sorted({place.topic for place in wanted}))
        numbers = {each["topic"]: len(each["partitions"]) for each in found if not each["error_code"]}
        return [place for place in wanted if place.partition < numbers.get(place.topic, 0)]

    async def committed(self, group: str, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Where a group has committed; empty if it was never there."""
        if not places:
            return {}
        try:
            found = await self._admin.list_consumer_group_offsets(group, partitions=list(places))
        except GroupCoordinatorNotAvailableError:  # no group at all has been there yet
            return {}
        return {place: int(commit.offset) for place, commit in found.items() if commit.offset >= 0}


async def read_from(
    consumer: AIOKafkaConsumer, starts: Mapping[TopicPartition, int], limit: int, limit_s: float
) -> list[Any]:
    """Up to `limit` records from the offsets on, with what comes within `limit_s`."""
    if not starts:
        return []
    consumer.assign(list(starts))
    for place, offset in starts.items():
        consumer.seek(place, offset)
    loop = asyncio.get_running_loop()
    deadline_s = loop.time() + limit_s
    found: list[Any] = []
    while len(found) < limit and (left_s := deadline_s - loop.time()) > 0:
        got = await consumer.getmany(timeout_ms=int(min(left_s, 0.3) * 1000), max_records=limit - len(found))
        fresh = [record for records in got.values() for record in records]
        if not fresh and found:
            break
        found += fresh
    return found


async def newest(
    consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], limit_s: float
) -> dict[TopicPartition, Any]:
    """The newest record of each partition that has one."""
    ends = await consumer.end_offsets(places)
    first = await consumer.beginning_offsets(places)
    starts = {place: ends[place] - 1 for place in places if ends[place] > first[place]}
    records = await read_from(consumer, starts, len(starts), limit_s)
    return {TopicPartition(record.topic, record.partition): record for record in records}
