"""Discord by a webhook: written with `?wait=true`, which tells the id, and edited when a case is handled."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from console.messages.channel import Message
from console.messages.http import Http
from console.messages.neutral import for_markdown
from console.messages.text import Text

CHARACTERS_MAX = 2_000
SUPPRESS_EMBEDS = 4
NOT_FOUND = 404
UNKNOWN_MESSAGE = 10_008


class DiscordChannel:
    """Satisfies `Channel`. The reference is the id of the message."""

    def __init__(self, http: Http, url: str) -> None:
        """Raises `ValueError` for an address that cannot be used."""
        parts = urlsplit(url)
        http.check(url)
        if "/webhooks/" not in parts.path or parts.query:
            raise ValueError("no address of a webhook of Discord, as in https://discord.com/api/webhooks/…")
        self._http = http
        self._url = urlunsplit(parts).rstrip("/")

    async def tell(self, message: Message) -> str:
        """Write a message, or edit the one that the reference names."""
        reference, text = message.reference, message.text
        if reference.isdecimal():
            answer = await self._http.send(f"{self._url}/messages/{reference}", content(text), {}, "PATCH")
            if 200 <= answer.status <= 299:
                return reference
            # the message was deleted; a webhook that was deleted answers 404 as well, with another code
            if answer.status != NOT_FOUND or answer.json().get("code") != UNKNOWN_MESSAGE:
                raise self._http.refusal(answer)
        written = (await self._http.post(f"{self._url}?wait=true", content(text), {})).json().get("id")
        return written if isinstance(written, str) and written.isdecimal() and len(written) <= 32 else "sent"

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def content(text: Text) -> bytes:
    """Return the body of a message: nobody is mentioned, nothing is shown of links."""
    lines = [f"**{for_markdown(text.title)}**"]
    for line in text.lines:
        lines.append(for_markdown(line.text) + (f" <{line.link}>" if line.link else ""))
    body: dict[str, Any] = {
        "content": _fit(lines),
        "allowed_mentions": {"parse": []},
        "flags": SUPPRESS_EMBEDS,
    }
    return msgspec.json.encode(body)


def _fit(lines: list[str]) -> str:
    """As many whole lines as there is room for: a cut line may be half a link."""
    text = ""
    for line in lines:
        if len(text) + len(line) + 1 > CHARACTERS_MAX:
            break
        text += ("\n" if text else "") + line
    return text
