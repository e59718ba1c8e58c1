"""Signed webhooks: one POST an event, to a program."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from console.messages.channel import Message, Refused
from console.messages.facts import Facts
from console.messages.http import Http
from console.messages.signature import key_of, signature_headers
from console.messages.text import Links

GONE = 410
DATA = (
    "campaign", "revision", "state", "kind", "outcome", "severity", "headline", "accounts_total", "targets_total",
    "posts", "reach", "first_action_ms", "last_action_ms", "points", "chance", "status",
)  # fmt: skip


class WebhookChannel:
    """Satisfies `Channel`. `clock` gives epoch ms: the time of the attempt is signed."""

    def __init__(self, http: Http, url: str, secrets: Sequence[str], links: Links, clock: Callable[[], int]) -> None:
        """Raises `ValueError` for an address or a secret that cannot be used."""
        http.check(url)
        self._http = http
        self._url = url
        self._keys = [key_of(secret) for secret in secrets]
        self._links = links
        self._clock = clock

    async def tell(self, message: Message) -> str:
        """Send one event."""
        if message.facts is None:
            raise Refused("no digest for webhooks: programs get every event by itself", final=True)
        body = payload(message.facts, self._links)
        headers = signature_headers(self._keys, message.id, self._clock() // 1000, body)
        answer = await self._http.send(self._url, body, headers)
        if answer.status == GONE:
            raise Refused("HTTP 410: the receiver wants no more messages", gone=True)
        if not 200 <= answer.status <= 299:
            raise self._http.refusal(answer)
        return "sent"

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def payload(facts: Facts, links: Links) -> bytes:
    """Return the body of an event: the same bytes however often it is sent."""
    moment = datetime.fromtimestamp(facts.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    data: dict[str, Any] = {}
    if facts.event != "test":
        data = {name: getattr(facts, name) for name in DATA}
        data["url"] = links.case(facts.campaign) or None
        data["decision"] = msgspec.to_builtins(facts.decided)
    kind = "test" if facts.event == "test" else f"case.{facts.event}"
    return msgspec.json.encode({"type": kind, "timestamp": moment.replace("+00:00", "Z"), "data": data})
