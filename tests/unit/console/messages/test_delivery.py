"""Delivery against a server: tried again, in order, given up, once from two consoles, and through crashes."""

import asyncio

import pytest

from console.decisions.entries import Action
from console.messages import outbox, put
from console.messages.figures import figures
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.services import Service
from tests.unit.console.messages.world import SECRET, World


def test_a_failure_is_tried_again_with_the_same_id_and_a_new_time(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        service.answers = [(500, {}, {}), (404, {}, {})]
        world.come(case("c1"))
        assert await world.send() == 1
        assert await world.send() == 0  # 5 s have not passed
        world.clock.pass_s(5)
        assert await world.send() == 1
        world.clock.pass_s(14)
        assert await world.send() == 0
        world.clock.pass_s(1)
        assert await world.send() == 1
        assert len({got.headers["webhook-id"] for got in service.got}) == 1
        assert len({got.headers["webhook-timestamp"] for got in service.got}) == 3
        assert len({got.body for got in service.got}) == 1
        assert world.rows("state", "attempts") == [("sent", 3)]
        assert figures(world.engine).totals == {
            ("webhook", "sent"): 1, ("webhook", "failed"): 2, ("webhook", "dead"): 0,
        }  # fmt: skip

    world.run(live)


def test_nothing_overtakes_an_earlier_message_of_its_case(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        service.answers = [(500, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        world.come(case("c2"))
        assert await world.send() == 1  # another case does not wait
        world.clock.pass_s(6)
        assert await world.send() == 2
        told = [(got.json()["data"]["campaign"], got.json()["type"]) for got in service.got]
        assert told == [("c1", "case.opened"), ("c2", "case.opened"), ("c1", "case.opened"), ("c1", "case.decided")]

    world.run(live)


@pytest.mark.parametrize("kind", ["webhook", "discord"])
def test_what_waits_behind_a_failure_does_not_shorten_its_pause(world: World, kind: str) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url) if kind == "webhook" else world.discord(service.url))
        service.answers = [(500, {}, {})]
        world.come(case("c1"))
        world.decide("c1", Action.CONFIRM)
        assert await world.send() == 1
        world.clock.pass_s(4)
        assert await world.send() == 0
        world.clock.pass_s(1)
        assert await world.send() == (2 if kind == "webhook" else 1)

    world.run(live)


@pytest.mark.parametrize("asked", ["90", "Fri, 15 Jan 2027 08:01:30 GMT"])
def test_retry_after_holds_the_whole_destination_back(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    async def live(service: Service) -> None:
        messages = world.destinations(world.webhook(service.url))
        messages.channels["hook"]._http._wall = lambda: world.clock() / 1000  # type: ignore[attr-defined]  # the one we made
        service.answers = [(429, {"Retry-After": asked}, {})]
        world.come(case("c1"))
        await world.send()
        world.come(case("c2"))
        world.clock.pass_s(89)
        assert await world.send() == 0
        world.clock.pass_s(1)
        assert await world.send() == 2

    world.run(live)


def test_dead_after_so_many_attempts_and_once_more_when_asked(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url, attempts_max=3))
        service.answers = [(500, {}, {})] * 3
        world.come(case("c1"))
        for _ in range(5):
            await world.send()
            world.clock.pass_s(100_000)
        assert len(service.got) == 3
        assert world.rows("state", "reason", "attempts") == [("dead", "HTTP 500", 3)]
        assert figures(world.engine).totals["webhook", "dead"] == 1
        assert outbox.again(world.engine, world.clock(), "hook") == 1
        assert await world.send() == 1
        assert world.rows("state", "reason") == [("sent", "")]

    world.run(live)


def test_a_crash_between_answer_and_mark_sends_the_same_message_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        world.come(case("c1"))
        dying = world.another_sender()

        def die(*_: object) -> None:
            raise RuntimeError("power is gone")

        monkeypatch.setattr(dying, "_sent", die)
        world.look()
        with pytest.raises(RuntimeError, match="power"):
            await dying.once()
        assert world.rows("state") == [("waiting",)]
        assert await world.send() == 0  # the lease of the dead one holds
        world.clock.pass_s(121)
        assert await world.send() == 1
        assert service.got[0].headers["webhook-id"] == service.got[1].headers["webhook-id"]
        assert service.got[0].body == service.got[1].body

    world.run(live)


def test_a_crash_before_the_outbox_loses_nothing_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        world.come(case("c1"), case("c2"))
        world.decide("c1", Action.CONFIRM)
        plain = put.Put.put
        left = 2

        def dying(self: put.Put, *words: object, **named: object) -> str:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError("power is gone")
            return plain(self, *words, **named)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(put.Put, "put", dying)
        with pytest.raises(OSError, match="power"):
            world.look()
        assert world.rows("id") == []
        monkeypatch.undo()
        world.secret("SHOAL_TEST_WEBHOOK", SECRET)
        assert await world.send() == 3
        assert world.look() == 0

    world.run(live)


def test_two_consoles_send_once(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url, per_minute=600))
        world.come(*(case(f"c{number}") for number in range(20)))
        world.look()

        async def console() -> None:
            sender = world.another_sender()
            for _ in range(60):
                await sender.once()

        await asyncio.gather(console(), console(), asyncio.to_thread(world.look), asyncio.to_thread(world.look))
        assert len(service.got) == 20
        assert len({got.headers["webhook-id"] for got in service.got}) == 20

    world.run(live)


def test_no_more_than_so_many_a_minute(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url, per_minute=3))
        world.come(*(case(f"c{number}") for number in range(5)))
        assert await world.send() == 3
        world.clock.pass_s(60)
        assert await world.send() == 2

    world.run(live)


def test_a_console_that_ends_marks_what_is_on_its_way(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        world.come(case("c1"))
        world.look()
        service.slow_s = 0.5
        running = asyncio.create_task(world.sender().run())
        await service.asked.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert world.rows("state") == [("sent",)]
        assert await world.another_sender().once() is False

    world.run(live)
