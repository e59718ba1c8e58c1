"""Mail, Teams and others through apprise, against servers of this machine."""

import datetime as dt
import email
import email.policy
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from console.decisions.entries import Action
from console.messages.file import InvalidDestinations
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.services import Mails, MailServer, Service
from tests.unit.console.messages.world import World


@pytest.fixture
def mails() -> Iterator[tuple[Mails, int]]:
    kept = Mails()
    server = MailServer(kept)
    server.start()
    yield kept, server.address
    server.stop()


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def mail(world: World, port: int, **more: Any) -> dict[str, Any]:
    url = f"mailto://127.0.0.1:{port}?from=shoal@example.org&to=team@example.org&mode=insecure"
    return {"name": "mail", "kind": "mail", "url": world.secret("SHOAL_TEST_MAIL", url), **more}


def test_mails_of_a_case_are_one_thread(world: World, mails: tuple[Mails, int]) -> None:
    kept, port = mails

    async def live(_: Service) -> None:
        world.destinations(mail(world, port))
        world.come(replace(case("c1"), headline="3 accounts\r\nBcc: x@example.org <b>evil.example</b>"), case("c2"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        await world.send()
        first, other, further = (read(raw) for raw in kept.got)
        assert first["To"] == "team@example.org"
        assert first["Bcc"] is None
        assert "\n" not in first["Subject"]
        assert first["Subject"].startswith("High: 3 accounts Bcc: x＠example[.]org")
        assert first.get_content_type() == "text/plain"
        assert first["References"] == first["In-Reply-To"] == further["References"] == further["In-Reply-To"]
        assert other["References"] != first["References"]
        assert len({each["Message-ID"] for each in (first, other, further)}) == 3
        assert "Confirmed by ann." in further.get_content()
        assert "https://shoal.example/cases/c1" in further.get_content()
        assert first["X-Shoal-Id"] == world.rows("id")[0][0]

    world.run(live)


def test_a_mail_that_is_not_taken_is_tried_again(world: World, mails: tuple[Mails, int]) -> None:
    kept, port = mails
    kept.refuses = 1

    async def live(_: Service) -> None:
        world.destinations(mail(world, port))
        world.come(case("c1"))
        await world.send()
        assert world.rows("state", "reason") == [("waiting", "apprise could not send it")]
        world.clock.pass_s(60)
        await world.send()
        assert len(kept.got) == 1

    world.run(live)


def test_follow_ups_come_only_where_decisions_are_wanted(world: World, mails: tuple[Mails, int]) -> None:
    kept, port = mails

    async def live(_: Service) -> None:
        world.destinations(mail(world, port, events=["opened"]))
        world.come(case("c1"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        assert await world.send() == 0
        assert len(kept.got) == 1

    world.run(live)


def test_any_address_of_apprise(world: World) -> None:
    async def live(service: Service) -> None:
        url = service.url.replace("http://", "json://") + "/in?redirect=yes"
        world.destinations({"name": "any", "kind": "apprise", "url": world.secret("SHOAL_TEST_ANY", url)})
        service.answers = [(500, {}, {})]
        world.come(case("c1"))
        await world.send()
        world.clock.pass_s(60)
        await world.send()
        assert [got.json()["title"] for got in service.got] == ["High: 3 accounts on 1 target"] * 2

    world.run(live)


def certificate(folder: Path) -> ssl.SSLContext:
    """TLS of a server that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def with_tls(service: Service, folder: Path) -> tuple[web.AppRunner, int]:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", service._handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate(folder)).start()
    return runner, int(runner.addresses[0][1])


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")  # the test's own certificate
def test_teams_gets_a_card_and_a_further_one(world: World, tmp_path: Path) -> None:
    async def live(service: Service) -> None:
        runner, port = await with_tls(service, tmp_path)
        url = f"workflows://127.0.0.1:{port}/WORKFLOWID/SIGNATURE/?verify=no"
        world.destinations({"name": "teams", "kind": "teams", "url": world.secret("SHOAL_TEST_TEAMS", url)})
        world.come(replace(case("c1"), headline="[win](https://evil.example) <at>all</at> **x**"))
        await world.send()
        world.decide("c1", Action.CONFIRM)
        await world.send()
        cards = [str(got.json()) for got in service.got]
        assert len(cards) == 2
        assert all("AdaptiveCard" in card for card in cards)
        assert all("(win)(https(:)//evil(.)example) ‹at›all‹/at› ∗∗x∗∗" in card for card in cards)
        assert all("[Look at the case](https://shoal.example/cases/c1)" in card for card in cards)
        assert all("github" not in card for card in cards)  # readers load nothing from elsewhere
        assert "Confirmed by ann." in cards[1]
        await runner.cleanup()

    world.run(live)


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(world: World, tmp_path: Path) -> None:
    async def live(service: Service) -> None:
        runner, port = await with_tls(service, tmp_path)
        url = f"workflows://127.0.0.1:{port}/WORKFLOWID/SIGNATURE/"
        hook = world.webhook(f"https://127.0.0.1:{port}")
        teams = {"name": "teams", "kind": "teams", "url": world.secret("SHOAL_TEST_TEAMS", url)}
        world.destinations(hook, teams)
        world.come(case("c1"))
        await world.send(0)
        await world.send(1)
        assert service.got == []
        reasons = [("hook", "the certificate of the service was not accepted"), ("teams", "apprise could not send it")]
        assert sorted(world.rows("destination", "reason")) == reasons
        await runner.cleanup()

    world.run(live)


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("mail", "json://h.example/x"),
        ("teams", "mailto://u:p@h.example"),
        ("apprise", "nothing-that-is-known://h"),
        ("apprise", "jsons://h.example/?verify=no"),
    ],
)
def test_an_address_of_another_kind_is_refused_without_being_told(world: World, kind: str, url: str) -> None:
    place = world.secret("SHOAL_TEST_ANY", url)
    with pytest.raises(InvalidDestinations) as caught:
        world.destinations({"name": "x", "kind": kind, "url": place, "private_allowed": False})
    assert "h.example" not in str(caught.value)
    assert caught.value.place == "x"
