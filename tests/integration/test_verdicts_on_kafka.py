"""Decisions reach a real Kafka: also those taken while it was away, in order."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer

from console.decisions import outbox
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.kafka import relay_verdicts
from console.decisions.read import status_of
from models.codec import decode_event
from models.events import Verdict
from streams.settings import Settings, load_settings
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore
from streams.topics import create
from tests.kafka.broker import KafkaBroker
from tests.unit.console.decisions.cases import NOW_MS, case

pytestmark = pytest.mark.kafka
SENT_S_MAX = 60.0


def test_decisions_of_a_broken_night_arrive_in_order(kafka_broker: KafkaBroker, tmp_path: Path) -> None:
    settings = load_settings(
        {"bootstrap": kafka_broker.bootstrap, "prefix": "night.", "request_timeout_ms": 2_000, "replication": 1}
    )
    create(settings)
    engine = make_engine(f"sqlite:///{tmp_path}/s.db")
    migrate_engine(engine)
    SqlStore(engine).put([case("c1")])

    def watch(person: str) -> None:
        seen = status_of(engine, "c1").last_number
        decide(engine, Order("c1", Action.WATCH, person, 1, seen), NOW_MS)

    async def night() -> None:
        task = asyncio.create_task(relay_verdicts(engine, settings))
        await asyncio.to_thread(watch, "before")
        await _all_sent()
        await asyncio.to_thread(kafka_broker.stop)
        for person in ("first", "second", "third"):
            await asyncio.to_thread(watch, person)  # nobody waits for Kafka
        await asyncio.sleep(1.0)
        assert outbox.waiting(engine) == 3
        kafka_broker.start()  # in this thread: the broker ends with the thread that started it
        await _all_sent()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _all_sent() -> None:
        async with asyncio.timeout(SENT_S_MAX):
            while await asyncio.to_thread(outbox.waiting, engine):  # noqa: ASYNC110  # a database tells nobody
                await asyncio.sleep(0.1)

    asyncio.run(night())
    people = [verdict.decided_by for verdict in asyncio.run(_read(settings))]
    assert list(dict.fromkeys(people)) == ["before", "first", "second", "third"]
    engine.dispose()


async def _read(settings: Settings) -> list[Verdict]:
    consumer = AIOKafkaConsumer(
        settings.verdicts_topic, bootstrap_servers=settings.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    found: list[Verdict] = []
    try:
        async with asyncio.timeout(SENT_S_MAX):
            while len({verdict.verdict_id for verdict in found}) < 4:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        assert record.key == b"c1"
                        verdict = decode_event("verdict", record.value, NOW_MS)
                        assert isinstance(verdict, Verdict)
                        found.append(verdict)
    finally:
        await consumer.stop()
    return found
