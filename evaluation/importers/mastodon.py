"""`mastodon`: the streaming API of Mastodon, as server-sent events or as one JSON object a line.

A deletion names a post and no time: it counts as of the newest moment read before it. Accounts tell the
day they were made only, which is enough for an age.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from html.parser import HTMLParser
from typing import IO, Any, NamedTuple

import msgspec

from evaluation.importers.base import Source, Tally
from evaluation.importers.json_values import LINE_BYTES_MAX, opened
from evaluation.importers.remembered import Remembered
from evaluation.importers.rows import NoEvent, Plain, Rows, each, iso_ms, maybe, need, tags, urls
from models.errors import InvalidEvent
from models.events import AnyEvent

EVENTS_PER_BATCH = 2_000


class _Message(NamedTuple):
    number: int
    raw: bytes
    event: str
    payload: bytes


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield posts, boosts, deletions and accounts."""
    rows, reader = Rows(source.path, tally), _Reader()
    batch: list[AnyEvent] = []
    with opened(source.path) as file:
        for message in _messages(file):
            batch += rows.events(message.number, message.raw, partial(reader.events, message))
            if len(batch) >= EVENTS_PER_BATCH:
                yield batch
                batch = []
    yield batch


def _messages(file: IO[bytes]) -> Iterator[_Message]:
    event, data, number = "", [], 0
    for line in iter(lambda: file.readline(LINE_BYTES_MAX), b""):
        number += 1
        text = line.strip()
        if text.startswith(b"{"):
            yield _line(number, text)
        elif text.startswith(b"event:"):
            event = text[6:].strip().decode("utf-8", "replace")
        elif text.startswith(b"data:"):
            data.append(text[5:].strip())
        elif text and not text.startswith((b":", b"id:", b"retry:")):
            yield _Message(number, line, "", b"")
        elif not text and (event or data):
            yield _Message(number, b"\n".join(data), event, b"\n".join(data))
            event, data = "", []
    if data:
        yield _Message(number, b"\n".join(data), event, b"\n".join(data))


def _line(number: int, text: bytes) -> _Message:
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = msgspec.json.decode(text)
        payload = plain.get("payload")
        inner = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else msgspec.json.encode(payload)
        return _Message(number, text, str(plain.get("event") or ""), inner)
    return _Message(number, text, "", b"")


class _Reader:
    """Reads message after message; remembers whose post is which."""

    def __init__(self) -> None:
        self._posts: Remembered[str, tuple[str, int]] = Remembered()
        self._newest_ms = 0

    def events(self, message: _Message) -> Iterable[Plain]:
        """Events of one message. Raises `InvalidEvent` and `NoEvent`."""
        if not message.event:
            raise InvalidEvent("event", "malformed", "neither a server-sent event nor an object with an event")
        if message.event == "delete":
            return [self._delete(message.payload.decode("utf-8", "replace").strip().strip('"'))]
        if message.event not in ("update", "status.update"):
            raise NoEvent("a message of another sort")
        try:
            status = msgspec.json.decode(message.payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidEvent("payload", "malformed", str(error)) from error
        if message.event == "status.update" and need(status, "id") in self._posts:
            raise NoEvent("an edited post: the first version counts")
        return self._status(status)

    def _delete(self, post_id: str) -> Plain:
        known = self._posts.pop(post_id)
        if known is None:
            raise NoEvent("a deletion whose post was not read")
        account, created_ms = known
        return {
            "type": "post", "post_id": post_id, "account_id": account, "text": "", "created_at_ms": created_ms,
            "deleted_at_ms": max(self._newest_ms, created_ms),
        }  # fmt: skip

    def _status(self, status: Any) -> Iterator[Plain]:
        post_id, account, at_ms = need(status, "id"), need(status, "account.id"), _time_ms(status, "created_at")
        self._newest_ms = max(self._newest_ms, at_ms)
        self._posts.put(post_id, (account, at_ms))
        yield _account(status["account"], at_ms)
        boosted = maybe(status, "reblog.id")
        content = status["reblog"] if boosted else status
        answered = maybe(status, "in_reply_to_id")
        yield {
            "type": "post",
            "post_id": post_id,
            "account_id": account,
            "text": "" if boosted else plain_text(need(content, "content")),
            "created_at_ms": at_ms,
            "kind": "repost" if boosted else "comment" if answered else "post",
            "reply_to": answered,
            "repost_of": boosted,
            "urls": urls([maybe(content, "card.url")]),
            "hashtags": tags(tag.get("name") for tag in each(content, "tags")),
            "media_hashes": tags(media.get("blurhash") for media in each(content, "media_attachments")),
            "client": maybe(status, "application.name"),
        }


def _account(account: Any, at_ms: int) -> Plain:
    made = need(account, "created_at")
    return {
        "type": "account",
        "account_id": need(account, "id"),
        "registered_at_ms": iso_ms("account.created_at", made if len(made) > 10 else made + "T00:00:00Z"),
        "name": account.get("acct"),
        "followers": account.get("followers_count"),
        "observed_at_ms": at_ms,
    }


def _time_ms(status: Any, field: str) -> int:
    return iso_ms(field, need(status, field))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, _: Any) -> None:
        if tag in ("br", "p") and self.parts:
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """Text of a post without its markup, line breaks kept."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
