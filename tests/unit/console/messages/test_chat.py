"""Slack, Discord and PagerDuty against servers: written, edited when a case is handled and when it is not any more."""

from typing import Any

import pytest
from msgspec.structs import replace

from console.decisions.entries import Action
from console.messages import outbox
from console.messages.slack import FINAL
from models.alerts import Severity
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.services import Got, Service
from tests.unit.console.messages.world import World

HOSTILE = "@everyone <!channel> <@U1> [win](https://evil.example/x) **now** evil.example `x` \u202e\n# big"


def slack(world: World, url: str, **more: Any) -> dict[str, Any]:
    token = world.secret("SHOAL_TEST_SLACK", "xoxb-1-secret")
    wanted = {"name": "slack", "kind": "slack", "token": token, "channel": "C0123456789", "api_url": f"{url}/api"}
    return {**wanted, **more}


def pager(world: World, url: str, **more: Any) -> dict[str, Any]:
    key = world.secret("SHOAL_TEST_PAGER", "R0UT1NGKEY")
    return {"name": "pager", "kind": "pagerduty", "routing_key": key, "api_url": f"{url}/v2/enqueue", **more}


def as_slack(got: Got) -> dict[str, Any]:
    return {"ok": True, "channel": "C0123456789", "ts": "1800000000.000100"}


def as_discord(got: Got) -> dict[str, Any]:
    return {"id": "99"}


def words(body: dict[str, Any]) -> str:
    """Everything that Slack shows of a message."""
    lines = [body["blocks"][0]["text"]["text"]]
    for block in body["blocks"][1:]:
        lines += [element["text"] for section in block["elements"] for element in section["elements"]]
    return "\n".join(lines)


def test_slack_is_written_once_and_edited_by_a_decision_and_its_undo(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_slack
        world.destinations(slack(world, service.url))
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        await world.send()
        world.decide("c1", Action.UNDO, by="bob")
        await world.send()
        paths = [got.path for got in service.got]
        assert paths == ["/api/chat.postMessage", "/api/chat.update", "/api/chat.update"]
        assert {got.headers["authorization"] for got in service.got} == {"Bearer xoxb-1-secret"}
        first, confirmed, undone = (got.json() for got in service.got)
        assert first["channel"] == "C0123456789"
        assert (confirmed["channel"], confirmed["ts"]) == ("C0123456789", "1800000000.000100")
        assert "Nobody has decided yet." in words(first)
        assert "Confirmed by ann." in words(confirmed)
        assert "Open again: bob took the decision back." in words(undone)
        assert first["blocks"][-1]["elements"][0]["elements"] == [
            {"type": "link", "url": "https://shoal.example/cases/c1", "text": "Look at the case"}
        ]

    world.run(live)


def test_a_message_that_somebody_deleted_is_written_anew(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_slack
        world.destinations(slack(world, service.url))
        world.come(case("c1"))
        await world.send()
        service.answers = [(200, {}, {"ok": False, "error": "message_not_found"})]
        world.decide("c1", Action.WATCH)
        await world.send()
        assert [got.path for got in service.got][1:] == ["/api/chat.update", "/api/chat.postMessage"]
        assert world.rows("state") == [("sent",), ("sent",)]

    world.run(live)


def test_what_slack_says_with_200_is_a_failure_all_the_same(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = lambda _: {"ok": False, "error": "invalid_auth"}
        world.destinations(slack(world, service.url))
        world.come(case("c1"))
        await world.send()
        service.usual = lambda _: {"ok": False, "error": "<b>xoxb-1-secret"}
        world.clock.pass_s(60)
        await world.send()
        assert world.rows("state", "attempts", "reason") == [("waiting", 2, "Slack says no reason")]
        service.usual = lambda _: {"ok": False, "error": min(FINAL)}
        world.clock.pass_s(60)
        await world.send()
        assert world.rows("state") == [("dead",)]

    world.run(live)


def test_slack_is_sent_elements_that_it_does_not_parse(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_slack
        world.destinations(slack(world, service.url))
        world.come(replace(case("c1"), headline=HOSTILE))
        await world.send()
        body = service.got[0].json()
        assert {block["type"] for block in body["blocks"]} == {"header", "rich_text"}
        assert body["blocks"][0]["text"] | {"text": ""} == {"type": "plain_text", "emoji": False, "text": ""}
        assert "<" not in body["text"]
        shown = words(body)
        assert "@" not in shown
        assert "https://" not in shown
        assert "evil.example" not in shown
        assert "\u202e" not in shown
        assert (body["unfurl_links"], body["link_names"]) == (False, False)

    world.run(live)


def test_discord_is_written_once_and_edited_by_a_decision_and_its_undo(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, language="zh"))
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.DISMISS, reason="fans")
        await world.send()
        world.decide("c1", Action.UNDO)
        await world.send()
        assert [(got.method, got.path) for got in service.got] == [
            ("POST", "/api/webhooks/1/token?wait=true"),
            ("PATCH", "/api/webhooks/1/token/messages/99"),
            ("PATCH", "/api/webhooks/1/token/messages/99"),
        ]
        told = [got.json() for got in service.got]
        assert all(each["allowed_mentions"] == {"parse": []} and each["flags"] == 4 for each in told)
        assert "ann 已判为正常（粉丝）" in told[1]["content"]
        assert "撤销了决定" in told[2]["content"]
        assert "<https://shoal.example/cases/c1>" in told[0]["content"]

    world.run(live)


def test_discord_is_sent_no_markup_of_strangers(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url))
        world.come(replace(case("c1"), headline=HOSTILE + "x" * 5_000))
        await world.send()
        text = service.got[0].json()["content"]
        assert len(text) <= 2_000
        assert "@" not in text
        assert "https://evil" not in text
        assert "\\[win\\]\\(" in text
        assert "\\<!channel\\>" in text
        assert text.startswith("**High: ")
        assert "\n#" not in text

    world.run(live)


@pytest.mark.parametrize(("code", "calls"), [(10_008, 3), (10_015, 2)])
def test_discord_knows_a_deleted_message_from_a_deleted_webhook(world: World, code: int, calls: int) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url))
        world.come(case("c1"))
        await world.send()
        service.answers = [(404, {}, {"code": code})]
        world.decide("c1", Action.CONFIRM)
        await world.send()
        assert len(service.got) == calls

    world.run(live)


def test_pagerduty_triggers_resolves_and_triggers_again(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(pager(world, service.url, severity_min="critical", events=["opened"]))
        world.come(case("c1", severity=Severity.CRITICAL), case("c2"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        await world.send()
        world.decide("c1", Action.UNDO)
        await world.send()
        trigger, resolve, again = (got.json() for got in service.got)
        assert trigger == {
            "routing_key": "R0UT1NGKEY",
            "dedup_key": "shoal/c1",
            "event_action": "trigger",
            "client": "Shoal",
            "client_url": "https://shoal.example/cases/c1",
            "links": [{"href": "https://shoal.example/cases/c1", "text": "Look at the case"}],
            "payload": trigger["payload"],
        }
        assert trigger["payload"]["summary"] == "Critical: 3 accounts on 1 target"
        assert trigger["payload"]["severity"] == "critical"
        assert trigger["payload"]["source"] == "Shoal"
        assert trigger["payload"]["custom_details"]["campaign"] == "c1"
        assert resolve == {"routing_key": "R0UT1NGKEY", "dedup_key": "shoal/c1", "event_action": "resolve"}
        assert (again["event_action"], again["dedup_key"]) == ("trigger", "shoal/c1")

    world.run(live)


def test_nobody_is_woken_for_what_is_handled_already(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(pager(world, service.url))
        service.answers = [(503, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.DISMISS, reason="fans")
        world.clock.pass_s(60)
        await world.send()
        assert len(service.got) == 1
        assert world.rows("state") == [("merged",), ("sent",)]

    world.run(live)


def test_what_waited_together_is_told_once_with_the_newest_state(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url))
        service.answers = [(500, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        assert await world.send() == 0  # it waits with the first
        world.clock.pass_s(6)
        assert await world.send() == 1
        assert [got.method for got in service.got] == ["POST", "POST"]
        assert "Confirmed by ann" in service.got[1].json()["content"]
        assert world.rows("state") == [("merged",), ("sent",)]

    world.run(live)


def test_a_second_person_and_a_case_that_went_on_are_told(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, events=["opened", "updated"]))
        world.come(case("large", accounts=1_200))
        await world.send()
        world.decide("large", Action.CONFIRM)
        await world.send()
        world.come(case("large", revision=2, accounts=1_300))
        await world.send()
        told = [got.json()["content"] for got in service.got]
        assert "Waits for a second person" in told[1]
        assert "It went on" in told[2]
        assert "Accounts 1,300" in told[2]

    world.run(live)


def test_what_is_tried_again_by_hand_does_not_bring_an_old_state_back(world: World) -> None:
    async def live(service: Service) -> None:
        service.usual = as_discord
        world.destinations(world.discord(service.url, attempts_max=1))
        service.answers = [(500, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        await world.send()
        assert world.rows("state") == [("dead",), ("sent",)]
        outbox.again(world.engine, world.clock())
        await world.send()
        assert world.rows("state") == [("merged",), ("sent",)]
        assert len(service.got) == 2

    world.run(live)
