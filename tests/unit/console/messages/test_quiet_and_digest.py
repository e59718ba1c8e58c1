"""Messages that wait for the morning, and many as one."""

import re
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from console.decisions.entries import Action
from console.messages.digests import digest_of
from models.alerts import Severity
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.services import Service
from tests.unit.console.messages.world import World

QUIET = {"zone": "UTC", "from": "06:00", "until": "09:30"}  # it is 08:00 where these tests begin
DAILY = {"every": "day", "at": "09:00", "zone": "UTC"}


def at(world: World, text: str) -> None:
    world.clock.now_ms = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def as_discord(_: object) -> dict[str, Any]:
    return {"id": "7"}


def test_quiet_hours_hold_messages_and_lose_none(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, quiet=QUIET))
        world.come(case("c1"), case("c2"))
        assert await world.send() == 0
        world.decide("c2", Action.CONFIRM)
        at(world, "2027-01-15T09:29:59")
        assert await world.send() == 0
        at(world, "2027-01-15T09:30:00")
        assert await world.send() == 2
        told = [got.json()["content"] for got in service.got]
        assert ["Confirmed by ann" in text for text in told] == [False, True]  # what was handled at night is told so

    world.run(live)


def test_the_most_severe_breaks_through_and_its_edits_with_it(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, quiet=QUIET, urgent="critical"))
        world.come(case("high"), case("worst", severity=Severity.CRITICAL))
        assert await world.send() == 1
        assert "Critical" in service.got[0].json()["content"]
        world.decide("worst", Action.CONFIRM)
        world.come(replace(case("worst", revision=2), severity=Severity.MEDIUM))
        assert await world.send() == 1  # changed in place: no sound
        assert service.got[1].method == "PATCH"
        at(world, "2027-01-15T09:30:00")
        assert await world.send() == 1

    world.run(live)


def test_a_message_that_cannot_be_edited_waits_for_the_end_of_quiet_hours(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url, quiet=QUIET))
        at(world, "2027-01-15T05:59:00")
        world.come(case("c1"))
        assert await world.send() == 1
        at(world, "2027-01-15T06:00:00")
        world.decide("c1", Action.CONFIRM)
        assert await world.send() == 0
        at(world, "2027-01-15T09:30:00")
        assert await world.send() == 1

    world.run(live)


def test_one_digest_for_many_with_counts_and_links(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, digest=DAILY, severity_min="medium"))
        world.come(*(case(f"m{number:02}", severity=Severity.MEDIUM) for number in range(12)))
        world.come(case("h1"), case("h2"))
        assert await world.send() == 0
        world.decide("h2", Action.DISMISS, reason="fans")
        assert await world.send() == 0
        at(world, "2027-01-15T09:00:00")
        assert await world.send() == 1
        assert {row[0] for row in world.rows("state")} == {"sent"}
        text = service.got[0].json()["content"]
        assert text.startswith("**Cases: 14 \\(2 high, 12 medium\\)**")
        links = re.findall(r"<https://shoal\.example/cases/(\w+)>", text)
        assert (links[0], len(links), "h2" in links) == ("h1", 10, False)
        assert "Handled already: 1." in text
        assert "And 4 more." in text
        assert "<https://shoal.example/>" in text
        assert await world.send() == 0
        world.come(case("late"))
        at(world, "2027-01-16T08:59:59")
        assert await world.send() == 0
        at(world, "2027-01-16T09:00:00")
        assert await world.send() == 1
        assert "Cases: 1 " in service.got[1].json()["content"]

    world.run(live)


def test_a_digest_that_fails_is_tried_again_whole_and_under_its_name(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, digest=DAILY, attempts_max=2))
        world.come(case("c1"), case("c2"))
        await world.send()
        at(world, "2027-01-15T09:00:00")
        service.answers = [(500, {}, {}), (500, {}, {})]
        rows = world.sender()._next()
        identifier = digest_of(rows, "en", world.sender()._links).id
        await world.send()
        world.clock.pass_s(6)
        again = world.sender()._next()
        assert digest_of(again, "en", world.sender()._links).id == identifier
        await world.send()
        assert world.rows("state", "attempts") == [("dead", 2), ("dead", 2)]
        assert len(service.got) == 2

    world.run(live)


def test_urgent_cases_do_not_wait_for_the_digest(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, digest=DAILY, urgent="critical"))
        world.come(case("high"), case("worst", severity=Severity.CRITICAL))
        assert await world.send() == 1
        world.decide("worst", Action.CONFIRM)
        assert await world.send() == 1
        assert [got.method for got in service.got] == ["POST", "PATCH"]
        at(world, "2027-01-15T09:00:00")
        assert await world.send() == 1
        assert "Cases: 1 " in service.got[2].json()["content"]

    world.run(live)
