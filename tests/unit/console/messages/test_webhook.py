"""Webhooks against a server: signed, in order, tried again, given up, switched off; nothing lost, nothing twice."""

import base64
import hashlib
import hmac
import json

from msgspec.structs import replace

from console.decisions.entries import Action
from console.messages import state
from console.messages.signature import key_of, signature_headers
from models.alerts import Outcome, Severity
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.messages.services import Got, Service
from tests.unit.console.messages.world import SECRET, World


def signed(got: Got, secret: str = SECRET) -> bool:
    """Check a signature by the words of the specification, not by our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return expected in got.headers["webhook-signature"].split(" ")


def test_the_vector_of_the_specification() -> None:
    """As in the reference libraries of standard-webhooks/standard-webhooks."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signature_headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_case_from_first_to_last(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        world.come(case("c1"))
        assert await world.send() == 1
        world.come(case("c1", revision=2, accounts=9))
        world.decide("c1", Action.CONFIRM)
        world.decide("c1", Action.UNDO, by="bob")
        assert await world.send() == 3
        assert await world.send() == 0
        told = [got.json() for got in service.got]
        assert [each["type"] for each in told] == ["case.opened", "case.updated", "case.decided", "case.decided"]
        assert all(signed(got) for got in service.got)
        assert len({got.headers["webhook-id"] for got in service.got}) == 4
        assert told[0]["data"]["url"] == "https://shoal.example/cases/c1"
        assert (told[0]["data"]["accounts_total"], told[1]["data"]["accounts_total"]) == (3, 9)
        assert told[2]["data"]["decision"]["action"] == "confirm"
        assert (told[3]["data"]["decision"]["by"], told[3]["data"]["status"]) == ("bob", "open")
        assert told[0]["timestamp"] == "2027-01-15T07:59:59.000Z"
        assert all(len(got.body) < 2_000 and b"a0" not in got.body for got in service.got)  # no account

    world.run(live)


def test_both_secrets_sign_while_one_replaces_the_other(world: World) -> None:
    other = "whsec_" + base64.b64encode(bytes(range(32))).decode()

    async def live(service: Service) -> None:
        entry = world.webhook(service.url)
        entry["secrets"] = [*entry["secrets"], world.secret("SHOAL_TEST_OTHER", other)]
        world.destinations(entry)
        world.come(case("c1"))
        await world.send()
        assert signed(service.got[0])
        assert signed(service.got[0], other)

    world.run(live)


def test_what_was_there_before_and_what_is_not_wanted_is_not_told(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url, kinds=["campaign"]))
        world.come(
            case("low", severity=Severity.MEDIUM),
            case("organic", outcome=Outcome.ORGANIC),
            replace(case("batch"), kind="batch"),
        )
        assert await world.send() == 0
        world.come(case("low", revision=2, severity=Severity.CRITICAL))
        await world.send()
        assert [got.json()["type"] for got in service.got] == ["case.opened"]  # opened to this destination

    world.run(live)


def test_a_message_that_cannot_be_right_is_dead_at_once(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        service.answers = [(400, {}, {})]
        world.come(case("c1"))
        await world.send()
        assert world.rows("state", "reason") == [("dead", "HTTP 400")]

    world.run(live)


def test_gone_switches_the_destination_off_and_loses_nothing(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        service.answers = [(410, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.come(case("c2"))
        world.clock.pass_s(100_000)
        assert await world.send() == 0
        off = state.states(world.engine)["hook"]
        assert (off.off_since_ms, off.waiting) == (NOW_MS, 2)
        assert "410" in off.off_reason
        assert state.switch_on(world.engine, "hook")
        assert await world.send() == 2

    world.run(live)


def test_redirects_are_not_followed(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        service.answers = [(307, {"Location": f"{service.url}/elsewhere"}, {})]
        world.come(case("c1"))
        await world.send()
        assert [got.path for got in service.got] == ["/hook"]
        assert "redirects are not followed" in world.rows("reason")[0][0]

    world.run(live)


def test_the_body_is_json_by_the_recommendations_of_the_specification(world: World) -> None:
    async def live(service: Service) -> None:
        world.destinations(world.webhook(service.url))
        hostile = 'x"}],</script> @everyone \u202e ' + "y" * 5_000
        world.come(replace(case("c1"), headline=hostile))
        await world.send()
        body = json.loads(service.got[0].body)
        assert set(body) == {"type", "timestamp", "data"}
        assert body["data"]["headline"] == hostile[:1_000]
        assert service.got[0].headers["content-type"] == "application/json"

    world.run(live)
