"""One request to a service: bounded in time and size, no redirects, no proxies of the environment, TLS verified."""

import asyncio
import email.utils
import ipaddress
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import msgspec

from console.messages.channel import Refused
from console.messages.guard import AddressRefused, PublicResolver, is_public

BODY_BYTES_MAX = 65_536
ANSWER_BYTES_MAX = 65_536
CONNECTIONS_MAX = 4
FINAL = frozenset({400, 413, 415, 422})
"""Answers that say that the message itself is wrong."""
NOT_PUBLIC = "the address is not public: private_allowed says that it may be"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; empty if it is none."""
        try:
            found = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return {}
        return found if isinstance(found, dict) else {}


class Http:
    """Requests to one destination. Connections are made when they are needed."""

    def __init__(self, timeout_s: int, private_allowed: bool, wall: Callable[[], float] = time.time) -> None:
        self._timeout_s = timeout_s
        self._private_allowed = private_allowed
        self._wall = wall
        self._session: aiohttp.ClientSession | None = None

    def check(self, url: str) -> None:
        """Raise `ValueError` for an address that is never posted to."""
        parts = urlsplit(url)
        if self._private_allowed:
            return
        if parts.scheme != "https":
            raise ValueError("not https: private_allowed says that it may be")
        if _is_literal(parts.hostname or "") and not is_public(parts.hostname or ""):
            raise ValueError(NOT_PUBLIC)

    async def send(self, url: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
        """Send a body and return the answer, whatever its status. Raises `Refused` where there is none."""
        if len(body) > BODY_BYTES_MAX:
            raise Refused(f"the message has more than {BODY_BYTES_MAX:,} bytes", final=True)
        try:
            return await asyncio.wait_for(self._send(url, body, headers, method), self._timeout_s)
        except aiohttp.InvalidURL:
            raise Refused("no address to post to", final=True) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Refused(_why(error, self._timeout_s)) from None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
        """Send a body; returns an answer of 200 to 299 and raises `Refused` for all others."""
        answer = await self.send(url, body, headers, method)
        if not 200 <= answer.status <= 299:
            raise self.refusal(answer)
        return answer

    def refusal(self, answer: Answer) -> Refused:
        """Put an answer that is no success into a `Refused`."""
        reason = f"HTTP {answer.status}"
        if 300 <= answer.status <= 399:
            reason += ": redirects are not followed, put the new address into the file"
        asked = self._asked(answer) if answer.status in {429, 502, 503, 504} else None
        return Refused(reason, asked_ms=asked, final=answer.status in FINAL)

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, url: str, body: bytes, headers: Mapping[str, str], method: str) -> Answer:
        if self._session is None:
            resolver = None if self._private_allowed else PublicResolver()
            connector = aiohttp.TCPConnector(resolver=resolver, limit=CONNECTIONS_MAX, use_dns_cache=False)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar, trust_env=False)
        sent = {"content-type": "application/json", "user-agent": "Shoal", **headers}
        async with self._session.request(method, url, data=body, headers=sent, allow_redirects=False) as answer:
            read = bytearray()
            async for part in answer.content.iter_chunked(ANSWER_BYTES_MAX):
                read += part
                if len(read) > ANSWER_BYTES_MAX:
                    answer.close()  # what is beyond is not read
                    break
            return Answer(answer.status, dict(answer.headers), bytes(read[:ANSWER_BYTES_MAX]))

    def _asked(self, answer: Answer) -> int | None:
        """Milliseconds of Retry-After, which is a number of seconds or a date."""
        asked = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "").strip()[:64]
        try:
            seconds = float(asked) if asked[:1].isdigit() else _until(asked) - self._wall()
            return max(0, int(seconds * 1000))
        except (ValueError, OverflowError, TypeError):
            return None


def _until(date: str) -> float:
    return email.utils.parsedate_to_datetime(date).timestamp()


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _why(error: Exception, timeout_s: int) -> str:
    """Say what went wrong; messages of the library hold addresses, which may be secret."""
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout_s} s"
    causes = [error, getattr(error, "os_error", None), error.__cause__]
    if any(isinstance(each, AddressRefused) for each in causes):
        return NOT_PUBLIC
    if any(isinstance(each, ssl.SSLError | ssl.CertificateError) for each in causes) or isinstance(
        error, aiohttp.ClientSSLError
    ):
        return "the certificate of the service was not accepted"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the name of the service is not known"
    return "no connection" if isinstance(error, aiohttp.ClientConnectionError | OSError) else "no answer in HTTP"
