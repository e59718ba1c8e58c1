"""PagerDuty by the Events API v2: one incident a case, resolved when somebody decided, opened again by an undo."""

from typing import Any

import msgspec

from console.messages.channel import Message, Refused
from console.messages.facts import Facts
from console.messages.http import Http
from console.messages.text import Links, Text

SEVERITY = {"critical": "critical", "high": "error", "medium": "warning", "low": "info"}
SUMMARY_CHARACTERS_MAX = 1_024
NEVER = "none"
"""Reference of a case that was handled before PagerDuty heard of it."""


class PagerDutyChannel:
    """Satisfies `Channel`. The reference is the `dedup_key`, which comes from the case: twice is like once."""

    def __init__(self, http: Http, api_url: str, routing_key: str, links: Links) -> None:
        """Raises `ValueError` for an address or a key that cannot be used."""
        http.check(api_url)
        if not routing_key.isalnum() or not routing_key.isascii():
            raise ValueError("no routing key of PagerDuty")
        self._http = http
        self._url = api_url
        self._routing_key = routing_key
        self._links = links

    async def tell(self, message: Message) -> str:
        """Trigger or resolve the incident of a case."""
        facts, text = message.facts, message.text
        if facts is None:
            raise Refused("no digest for PagerDuty: an incident is of one case", final=True)
        key = dedup_key(facts)
        if facts.handled and message.reference in {"", NEVER}:
            return NEVER
        body: dict[str, Any] = {"routing_key": self._routing_key, "dedup_key": key}
        if facts.handled:
            await self._send(body | {"event_action": "resolve"})
            return key
        link = self._links.case(facts.campaign)
        body |= {"event_action": "trigger", "client": "Shoal", "payload": _payload(facts, text)}
        if link:
            body |= {"client_url": link, "links": [{"href": link, "text": text.lines[-1].text}]}
        await self._send(body)
        if facts.event == "test":
            await self._send({"routing_key": self._routing_key, "dedup_key": key, "event_action": "resolve"})
        return key

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def _send(self, body: dict[str, Any]) -> None:
        await self._http.post(self._url, msgspec.json.encode(body), {})


def dedup_key(facts: Facts) -> str:
    """Return the name of the incident of a case."""
    return f"shoal/{facts.campaign or facts.event}"


def _payload(facts: Facts, text: Text) -> dict[str, Any]:
    details = {name: getattr(facts, name) for name in ("campaign", "kind", "accounts_total", "targets_total", "chance")}
    return {
        "summary": text.title[:SUMMARY_CHARACTERS_MAX],
        "source": "Shoal",
        "severity": SEVERITY[facts.severity],
        "custom_details": details | {"text": " ".join(line.text for line in text.lines if not line.link)},
    }
