"""In a worker's container: what the detector opens on the events that lie in Kafka, undisturbed; a case a line, sorted.

Windows stay open at the end, as they do in a stream that goes on.
"""

import asyncio
import sys
import time

from aiokafka import AIOKafkaConsumer, TopicPartition

from models.alerts import AlertState
from models.codec import Kind, decode_event
from models.events import AnyEvent
from models.moments import when_ms
from streams.embedded import EmbeddedRun, in_batches
from streams.security import aiokafka_options
from streams.settings import Settings, load_settings

WAIT_MS = 10_000


async def events(settings: Settings) -> list[AnyEvent]:
    """Everything in the raw topics, in order of event time."""
    raw: tuple[tuple[str, int, Kind], ...] = (
        (settings.posts_topic, settings.posts_partitions, "post"),
        (settings.likes_topic, settings.likes_partitions, "like"),
        (settings.accounts_topic, settings.accounts_partitions, "account"),
    )
    kind_of = {topic: kind for topic, _, kind in raw}
    places = [TopicPartition(topic, number) for topic, count, _ in raw for number in range(count)]
    found: list[AnyEvent] = []
    now_ms = time.time_ns() // 1_000_000
    options = {"bootstrap_servers": settings.bootstrap, "group_id": None, **aiokafka_options(settings)}
    async with AIOKafkaConsumer(**options) as consumer:
        consumer.assign(places)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=WAIT_MS)).items():
                found += [decode_event(kind_of[place.topic], record.value, now_ms) for record in records]
    return sorted(found, key=when_ms)


opened: set[str] = set()
run = EmbeddedRun(
    progress=lambda _events, _position, alerts: opened.update(
        alert.campaign for alert in alerts if alert.state is AlertState.OPENED
    )
)
stream = asyncio.run(events(load_settings()))
run.run(in_batches(stream), finish=False)
sys.stderr.write(f"bring-up: {len(stream):,} events replayed without a disturbance\n")
sys.stdout.writelines(f"{campaign}\n" for campaign in sorted(opened))
