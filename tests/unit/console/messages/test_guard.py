"""Addresses of one's own network are not posted to, by whatever name they go."""

import asyncio
import socket
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver

from console.messages.channel import Refused
from console.messages.guard import is_public
from console.messages.http import ANSWER_BYTES_MAX, BODY_BYTES_MAX, NOT_PUBLIC, Http
from tests.unit.console.messages.services import Service, with_service


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # an address, not a place to listen
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("240.0.0.1", False),
        ("2001:db8::1", False),
        ("no address", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def tried(url: str, http: Http | None = None) -> str:
    sender = http or Http(2, private_allowed=False)
    try:
        await sender.send(url, b"{}", {})
    except Refused as refused:
        return refused.reason
    finally:
        await sender.close()
    return "sent"


@pytest.mark.parametrize("host", ["localhost", "rebound.example"])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    async def inside(_self: object, name: str, port: int = 0, family: Any = 0) -> list[dict[str, Any]]:
        entry = {"hostname": name, "host": "127.0.0.1", "port": port, "proto": 0, "flags": 0}
        return [{**entry, "family": socket.AF_INET}]

    monkeypatch.setattr(ThreadedResolver, "resolve", inside)

    async def live(service: Service) -> None:
        port = service.url.rpartition(":")[2]
        assert await tried(f"https://{host}:{port}/") == NOT_PUBLIC
        assert service.got == []

    with_service(live)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/"])
def test_a_literal_that_leads_inside_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not public"):
        Http(1, private_allowed=False).check(url)


def test_http_is_for_ones_own_network() -> None:
    with pytest.raises(ValueError, match="not https"):
        Http(1, private_allowed=False).check("http://in.example.org/")
    Http(1, private_allowed=True).check("http://in.example.org/")


@pytest.mark.parametrize("url", ["https://2130706433/", "https://127.1/", "https://0x7f.1/"])
def test_numbers_in_disguise_are_not_sent_to(url: str) -> None:
    assert asyncio.run(tried(url)) != "sent"


def test_reasons_hold_no_address() -> None:
    secret = "https://name-that-is-not-there.invalid/token-4711"  # noqa: S105  # of this test only
    reason = asyncio.run(tried(secret))
    assert reason in {"the name of the service is not known", "no answer within 2 s"}


def test_a_service_that_hangs_or_sends_too_much() -> None:
    async def live(service: Service) -> None:
        service.hangs = True
        assert await tried(service.url, Http(1, private_allowed=True)) == "no answer within 1 s"
        service.hangs = False
        service.usual = lambda _: "x" * (4 * ANSWER_BYTES_MAX)
        http = Http(5, private_allowed=True)
        answer = await http.send(service.url, b"{}", {})
        assert len(answer.body) == ANSWER_BYTES_MAX
        assert answer.json() == {}
        with pytest.raises(Refused, match="bytes"):
            await http.send(service.url, b"x" * (BODY_BYTES_MAX + 1), {})
        await http.close()

    with_service(live)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert asyncio.run(tried(url, Http(2, private_allowed=True))) == "no connection"
