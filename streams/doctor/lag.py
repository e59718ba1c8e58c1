"""How far the workers are behind, asked of Kafka itself: it works while no worker does."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from aiokafka import TopicPartition

from streams.doctor.finding import Finding, ok, problem, span, warning
from streams.doctor.kafka_log import Reader, read_from
from streams.doctor.surroundings import Surroundings
from streams.settings import Settings
from streams.topics import names

LAG: Final = "lag"
WARNING_S: Final = 60.0
PROBLEM_S: Final = 300.0
AGES_MAX: Final = 8
"""Partitions, the farthest behind, whose oldest waiting message is looked at."""


class _Behind(NamedTuple):
    place: TopicPartition
    next_offset: int
    messages: int


def lag(surroundings: Surroundings) -> Finding:
    """Messages that wait, and how old the oldest is."""
    committed, behind, oldest_s = asyncio.run(_lag(surroundings))
    waiting = sum(each.messages for each in behind)
    if not waiting:
        return ok(LAG, "Nothing waits: all that was sent is processed." if committed else "Nothing was sent yet.")
    where = max(behind, key=lambda each: each.messages).place
    found = f"{waiting:,} messages wait, most in {where.topic}/{where.partition}"
    if not committed:
        return problem(LAG, f"{found}; no worker of the group {surroundings.settings.group} has ever read.", _START)
    found += f"; the oldest for {span(oldest_s)}" if oldest_s is not None else ""
    if oldest_s is not None and oldest_s > PROBLEM_S:
        return problem(LAG, f"{found}. Alerts come that much later.", _START, _PAGE)
    if oldest_s is not None and oldest_s > WARNING_S:
        return warning(LAG, f"{found}. Alerts come that much later.", _START, _PAGE)
    return ok(LAG, f"{found}: that is being worked on.")


_START: Final = "Start a worker if none runs; else add one (up to the number of partitions), or wait if it catches up."
_PAGE: Final = "docs/runbooks/ShoalLagging.md"


async def _lag(surroundings: Surroundings) -> tuple[bool, list[_Behind], float | None]:
    settings = surroundings.settings
    reads = {f"{settings.group}-ingest": list(settings.sources), settings.group: _inner(settings)}
    behind: list[_Behind] = []
    committed = False
    async with Reader(surroundings) as reader:
        for group, wanted in reads.items():
            places = await reader.existing(wanted)
            offsets = await reader.committed(group, places)
            committed = committed or bool(offsets)
            behind += await _behind(reader.consumer, places, offsets)
        oldest_s = await _oldest_s(surroundings, reader.consumer, behind)
    return committed, behind, oldest_s


def _inner(settings: Settings) -> list[tuple[str, int]]:
    own = names(settings)
    return [(own.likes, number) for number in range(settings.shards)] + [(own.posts, 0), (own.cohorts, 0)]


async def _behind(
    consumer: Any, places: Sequence[TopicPartition], offsets: Mapping[TopicPartition, int]
) -> list[_Behind]:
    first = await consumer.beginning_offsets(places)
    ends = await consumer.end_offsets(places)
    found = []
    for place in places:
        done = offsets.get(place)
        at = first[place] if done is None else max(done, first[place])
        if ends[place] > at:
            found.append(_Behind(place, at, ends[place] - at))
    return found


async def _oldest_s(surroundings: Surroundings, consumer: Any, behind: Sequence[_Behind]) -> float | None:
    farthest = sorted(behind, key=lambda each: -each.messages)[:AGES_MAX]
    ages = []
    for each in farthest:
        records = await read_from(consumer, {each.place: each.next_offset}, 1, surroundings.timeout_s / 4)
        ages += [surroundings.now_s() - record.timestamp / 1000 for record in records]
    return max(0.0, *ages) if ages else None
