"""Slack by a bot: `chat.postMessage`, and `chat.update` when a case is handled.

Words go as rich text elements, which Slack shows as they are: nothing in them becomes a link or a mention.
"""

import re
from typing import Any

import msgspec

from console.messages.channel import Message, Refused
from console.messages.http import Http
from console.messages.neutral import for_slack
from console.messages.text import Text

GONE_MESSAGE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"})
"""Why a message cannot be edited any more: a new one is written."""
FINAL = frozenset({"msg_too_long", "no_text", "invalid_blocks", "invalid_blocks_format"})
_CODE = re.compile(r"[a-z_]{1,40}")
HEADER_CHARACTERS_MAX = 150


class SlackChannel:
    """Satisfies `Channel`. The reference is `CHANNEL:TS`."""

    def __init__(self, http: Http, api_url: str, token: str, channel: str) -> None:
        """Raises `ValueError` for an address or a token that cannot be used."""
        http.check(api_url)
        if not token.isascii() or not token.isprintable():
            raise ValueError("no token of Slack")
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}
        self._channel = channel

    async def tell(self, message: Message) -> str:
        """Write a message, or edit the one that the reference names."""
        reference, text = message.reference, message.text
        channel, _, written = reference.partition(":")
        if written:
            answer = await self._call("chat.update", {"channel": channel, "ts": written, **content(text)})
            if answer.get("ok") is True:
                return reference
            if answer.get("error") not in GONE_MESSAGE:
                raise _refused(answer)
        answer = await self._post(text)
        return f"{answer.get('channel', self._channel)}:{answer.get('ts', '')}"

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def _post(self, text: Text) -> dict[str, Any]:
        options = {"unfurl_links": False, "unfurl_media": False, "link_names": False}
        answer = await self._call("chat.postMessage", {"channel": self._channel, **content(text), **options})
        if answer.get("ok") is not True:
            raise _refused(answer)
        return answer

    async def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        sent = msgspec.json.encode(body)
        return (await self._http.post(f"{self._api_url}/{method}", sent, self._headers)).json()


def content(text: Text) -> dict[str, Any]:
    """Return text and blocks of a message; the text is what notifications show."""
    sections = [{"type": "rich_text_section", "elements": _elements(line)} for line in text.lines]
    title = {"type": "plain_text", "text": text.title[:HEADER_CHARACTERS_MAX], "emoji": False}
    blocks: list[dict[str, Any]] = [{"type": "header", "text": title}]
    blocks += [{"type": "rich_text", "elements": [section]} for section in sections]
    return {"text": for_slack(text.title), "blocks": blocks}


def _elements(line: Any) -> list[dict[str, Any]]:
    if line.link:
        return [{"type": "link", "url": line.link, "text": line.text}]
    return [{"type": "text", "text": line.text}]


def _refused(answer: dict[str, Any]) -> Refused:
    code = str(answer.get("error", ""))
    known = code if _CODE.fullmatch(code) else "no reason"
    return Refused(f"Slack says {known}", final=known in FINAL)
