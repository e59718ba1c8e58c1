"""From the outbox to the topic, with a topic that fails: in order, nothing lost, one process at a time."""

import asyncio

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from console.decisions import lease, outbox, relay
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.errors import InvalidOrder
from console.decisions.outbox import Waiting
from console.decisions.read import status_of
from console.decisions.relay import LEASE, LEASE_MS, Relay
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case


def decisions(engine: Engine, number: int, campaign: str = "c1") -> None:
    for at in range(number):
        seen = status_of(engine, campaign).last_number
        decide(engine, Order(campaign, Action.WATCH, f"user{at}", 1, seen), NOW_MS + at)


class Topic:
    """Keeps what comes; fails as often as it is told to, before or after it kept it."""

    def __init__(self) -> None:
        self.got: list[int] = []
        self.fails_before = 0
        self.fails_after = 0

    async def send(self, waiting: Waiting) -> None:
        if self.fails_before:
            self.fails_before -= 1
            raise OSError("no broker")
        self.got.append(waiting.position)
        if self.fails_after:
            self.fails_after -= 1
            raise OSError("the answer was lost")


def clock() -> int:
    return NOW_MS


def test_everything_is_sent_once_and_in_order(engine: Engine) -> None:
    decisions(engine, 5)
    decisions(engine, 3, "c2")
    topic = Topic()
    assert asyncio.run(Relay(engine, topic.send, clock).once()) == 8
    assert asyncio.run(Relay(engine, topic.send, lambda: NOW_MS + LEASE_MS + 1).once()) == 0
    assert topic.got == list(range(1, 9))
    assert outbox.waiting(engine) == 0


def test_what_fails_stays_and_nothing_overtakes_it(engine: Engine) -> None:
    decisions(engine, 3)
    topic = Topic()
    sender = Relay(engine, topic.send, clock)
    topic.fails_before = 2
    for _ in range(2):
        with pytest.raises(OSError, match="no broker"):
            asyncio.run(sender.once())
    assert (topic.got, outbox.waiting(engine)) == ([], 3)
    topic.fails_after = 1
    with pytest.raises(OSError, match="answer"):
        asyncio.run(sender.once())
    assert outbox.waiting(engine) == 3
    asyncio.run(sender.once())
    assert topic.got == [1, 1, 2, 3]  # once more rather than never


def test_another_process_waits_for_its_turn_and_takes_over_from_a_dead_one(engine: Engine) -> None:
    decisions(engine, 2)
    assert lease.take(engine, LEASE, "dead", NOW_MS, LEASE_MS)
    topic = Topic()
    assert asyncio.run(Relay(engine, topic.send, lambda: NOW_MS + LEASE_MS - 1).once()) == 0
    assert topic.got == []
    assert asyncio.run(Relay(engine, topic.send, lambda: NOW_MS + LEASE_MS).once()) == 2


def test_a_lease_is_renewed_by_its_holder_and_given_back(engine: Engine) -> None:
    assert lease.take(engine, "l", "a", 0, 10)
    assert lease.take(engine, "l", "a", 5, 10)
    assert not lease.take(engine, "l", "b", 14, 10)
    lease.give_back(engine, "l", "b")
    assert not lease.take(engine, "l", "b", 14, 10)
    lease.give_back(engine, "l", "a")
    assert lease.take(engine, "l", "b", 14, 10)


def test_it_goes_on_until_it_is_stopped_whatever_fails(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PAUSE_S", 0.01)
    topic = Topic()
    topic.fails_before = 3

    async def live() -> None:
        task = asyncio.create_task(Relay(engine, topic.send).run())
        await asyncio.to_thread(decisions, engine, 4)
        for _ in range(400):
            if await asyncio.to_thread(outbox.waiting, engine) == 0:
                break
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())
    assert topic.got == [1, 2, 3, 4]
    assert lease.take(engine, LEASE, "next", 0, 1)  # it was given back


def test_a_delivery_that_hangs_does_not_hold_the_lease_for_ever(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "ATTEMPT_S", 0.05)
    decisions(engine, 1)

    async def hang(_: Waiting) -> None:
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        asyncio.run(Relay(engine, hang, clock).once())
    assert outbox.waiting(engine) == 1


def test_an_id_comes_from_the_content() -> None:
    assert outbox.verdict_id("a" * 64) == outbox.verdict_id("a" * 64)
    assert len({outbox.verdict_id("a" * 64), outbox.verdict_id("b" * 64), outbox.verdict_id("a" * 64, "x")}) == 3


def test_ids_that_make_too_large_a_message_are_refused_and_nothing_is_written(engine: Engine) -> None:
    alert = replace(case("wide"), accounts=[f"{number:0128}" for number in range(3_000)], accounts_total=3_000)
    SqlStore(engine).put([alert])
    with pytest.raises(InvalidOrder, match="leave out fewer"):
        decide(engine, Order("wide", Action.WATCH, "ann", 1, 0, accounts_left_out=tuple(alert.accounts)), NOW_MS)
    assert outbox.waiting(engine) == 0
    assert status_of(engine, "wide").last_number == 0
    few = tuple(alert.accounts[:1_900])
    decide(engine, Order("wide", Action.WATCH, "ann", 1, 0, accounts_left_out=few), NOW_MS)
    assert outbox.waiting(engine) == 1
