"""What other people's producers do: every compression that Kafka knows, and transactions, also those taken back."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from evaluation.kafka_corner import Corner, wait_for
from models.codec import encode_event
from models.dead_letters import decode_dead_letter
from models.events import Like, LikeAction

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
CODECS = ("gzip", "snappy", "lz4", "zstd")
Sending = Callable[[AIOKafkaProducer], Awaitable[None]]


def test_every_compression_and_what_was_committed_and_nothing_else(kafka_bootstrap: str, tmp_path: Path) -> None:
    with Corner(kafka_bootstrap, tmp_path) as corner:
        topic = corner.settings.likes_topic
        corner.start_worker()
        for codec in CODECS:
            asyncio.run(_send(corner, _several(topic, codec), compression_type=codec))
        asyncio.run(_send(corner, _transactions(topic), transactional_id=f"{topic}.tx"))

        wait_for(lambda: _figure(corner, "shoal_events_consumed_total", topic) == 5 * len(CODECS) + 2, 60, "all events")
        # the end of the log is a mark of the last transaction: nobody waits for it
        wait_for(lambda: _figure(corner, "shoal_lag_messages", topic) == 0, 20, "a lag of none")
        wait_for(lambda: corner.lag() == 0, 20, "commits behind the mark")
        letters = [decode_dead_letter(message.value) for message in corner.messages(corner.names.dead_letters)]
        assert [letter.raw for letter in letters] == [b"committed, and no event"]


async def _send(corner: Corner, sending: Sending, **options: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=corner.settings.bootstrap, linger_ms=50, **options)
    await producer.start()
    try:
        await sending(producer)
    finally:
        await producer.stop()


def _like(account: str, at_s: int) -> bytes:
    return encode_event(Like(account, "post-1", LikeAction.LIKE, 1_767_268_801_004 + 1_000 * at_s))


def _several(topic: str, codec: str) -> Sending:
    async def send(producer: AIOKafkaProducer) -> None:
        waiting = [await producer.send(topic, _like(f"{codec}-{n}", n)) for n in range(5)]
        await asyncio.gather(*waiting)

    return send


def _transactions(topic: str) -> Sending:
    async def send(producer: AIOKafkaProducer) -> None:
        async with producer.transaction():
            await producer.send(topic, _like("kept", 1))
            await producer.send(topic, b"committed, and no event")
        await producer.begin_transaction()
        await producer.send_and_wait(topic, _like("taken-back", 2))
        await producer.send_and_wait(topic, b"taken back")
        await producer.abort_transaction()

    return send


def _figure(corner: Corner, name: str, topic: str) -> float | None:
    found = re.search(rf'^{name}\{{[^}}]*topic="{re.escape(topic)}"\}} (\S+)$', corner.ask("/metrics")[1], re.MULTILINE)
    return float(found.group(1)) if found else None
