"""`jetstream`: Bluesky's Jetstream, one JSON object a line, from a file or `-`.

Times are the server's (`time_us`): a client may write any `createdAt`. `--cursor FILE` goes on where
the last run ended; `?cursor=` of the server takes the same number.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from evaluation.importers.base import Source, Tally
from evaluation.importers.json_values import values
from evaluation.importers.remembered import Remembered
from evaluation.importers.rows import NoEvent, Plain, Rows, each, iso_ms, listed, maybe, need, tags, urls
from models.errors import InvalidEvent
from models.events import AnyEvent

POST, LIKE, REPOST, FOLLOW, PROFILE = (
    "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow",
    "app.bsky.actor.profile",
)  # fmt: skip
EVENTS_PER_BATCH = 2_000
_TID = {letter: value for value, letter in enumerate("234567abcdefghijklmnopqrstuvwxyz")}


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield posts, their deletions, likes, reposts, follows and new profiles."""
    rows, reader = Rows(source.path, tally), _Reader()
    batch: list[AnyEvent] = []
    for number, raw, line in values(source.path, tally):
        if _read_before(line, source, tally):
            continue
        batch += rows.events(number, raw, partial(reader.events, line))
        if len(batch) >= EVENTS_PER_BATCH:
            yield batch
            batch = []
    yield batch


def _read_before(line: Any, source: Source, tally: Tally) -> bool:
    at_us = maybe(line, "time_us")
    if not isinstance(at_us, int):
        return False  # refused later, with the reason
    if source.after_us is not None and at_us <= source.after_us:
        tally.rows += 1
        tally.skipped["not newer than the cursor"] += 1
        return True
    tally.cursor_us = max(at_us, tally.cursor_us or 0)
    return False


def tid_ms(key: str) -> int | None:
    """Creation by the key of a record, epoch ms; None if it is no timestamp identifier.

    13 letters of base 32: 53 bits of microseconds, then 10 bits of the clock
    (atproto.com/specs/tid).
    """
    if len(key) != 13 or any(letter not in _TID for letter in key):
        return None
    number = 0
    for letter in key:
        number = number << 5 | _TID[letter]
    return (number >> 10) // 1_000


class _Reader:
    """Reads line after line; remembers what deletions refer to."""

    def __init__(self) -> None:
        self._posts: Remembered[str, int] = Remembered()
        self._likes: Remembered[str, str] = Remembered()
        self._makers: Mapping[str, Callable[[str, str, int, Any], Iterator[Plain]]] = {
            POST: self._post, LIKE: self._like, REPOST: self._repost, FOLLOW: self._follow, PROFILE: self._profile,
        }  # fmt: skip

    def events(self, line: Any) -> Iterator[Plain]:
        """Events of one line. Raises `InvalidEvent` and `NoEvent`."""
        account, at_ms = need(line, "did"), need(line, "time_us", int) // 1_000
        kind = need(line, "kind")
        if kind != "commit":
            raise NoEvent(f"{kind if kind in ('identity', 'account') else 'other'}: no registration time in it")
        collection, key = need(line, "commit.collection"), need(line, "commit.rkey")
        operation = need(line, "commit.operation")
        make = self._makers.get(collection)
        if make is None:
            raise NoEvent("a record of another collection")
        if operation == "delete":
            return self._delete(account, collection, key, at_ms)
        if operation == "update" and collection != PROFILE:
            raise NoEvent("an edited record: the first version counts")
        if operation not in ("create", "update"):
            raise InvalidEvent("commit.operation", "unknown_value", f"{operation!r:.60}")
        return make(account, key, at_ms, need(line, "commit.record", dict))

    def _post(self, account: str, key: str, at_ms: int, record: Any) -> Iterator[Plain]:
        post_id = _uri(account, POST, key)
        self._posts.put(post_id, at_ms)
        features = [feature for facet in each(record, "facets") for feature in each(facet, "features")]
        quoted = maybe(record, "embed.record.uri") or maybe(record, "embed.record.record.uri")
        answered = maybe(record, "reply.parent.uri")
        yield {
            "type": "post",
            "post_id": post_id,
            "account_id": account,
            "text": need(record, "text"),
            "created_at_ms": at_ms,
            "kind": "repost" if quoted else "comment" if answered else "post",
            "reply_to": answered,
            "repost_of": quoted,
            "urls": urls([*(f.get("uri") for f in features), maybe(record, "embed.external.uri")]),
            "hashtags": tags([*(f.get("tag") for f in features), *listed(record, "tags")]),
            "media_hashes": tags(maybe(image, "image.ref.$link") for image in each(record, "embed.images")),
        }

    def _like(self, account: str, key: str, at_ms: int, record: Any) -> Iterator[Plain]:
        target = need(record, "subject.uri")
        self._likes.put(_uri(account, LIKE, key), target)
        yield _action(account, target, "like", at_ms)

    def _repost(self, account: str, _: str, at_ms: int, record: Any) -> Iterator[Plain]:
        yield _action(account, need(record, "subject.uri"), "repost", at_ms)

    def _follow(self, account: str, _: str, at_ms: int, record: Any) -> Iterator[Plain]:
        yield _action(account, need(record, "subject"), "follow", at_ms)

    def _profile(self, account: str, _: str, at_ms: int, record: Any) -> Iterator[Plain]:
        created = maybe(record, "createdAt")
        if not isinstance(created, str):
            raise NoEvent("a profile without its creation time")
        yield {
            "type": "account",
            "account_id": account,
            "registered_at_ms": iso_ms("createdAt", created),
            "name": maybe(record, "displayName"),
            "observed_at_ms": at_ms,
        }

    def _delete(self, account: str, collection: str, key: str, at_ms: int) -> Iterator[Plain]:
        uri = _uri(account, collection, key)
        if collection == POST:
            # earlier than what was read: the key tells, unless the client made it up
            told = tid_ms(key)
            created_ms = self._posts.get(uri) or (told if told is not None and told <= at_ms else None)
            if created_ms is None:
                raise InvalidEvent(
                    "commit.rkey", "missing", "a deletion whose post was not read and whose key has no time"
                )
            yield {
                "type": "post", "post_id": uri, "account_id": account, "text": "",
                "created_at_ms": created_ms, "deleted_at_ms": at_ms,
            }  # fmt: skip
        elif collection == LIKE:
            target = self._likes.pop(uri)
            if target is None:
                raise NoEvent("a like taken back that was not read")
            yield _action(account, target, "unlike", at_ms)
        else:
            raise NoEvent("a repost, follow or profile taken back")


def _uri(account: str, collection: str, key: str) -> str:
    return f"at://{account}/{collection}/{key}"


def _action(account: str, target: str, action: str, at_ms: int) -> Plain:
    author = target.removeprefix("at://").partition("/")[0] if target.startswith("at://") else None
    return {
        "type": "like", "account_id": account, "target_id": target, "action": action, "acted_at_ms": at_ms,
        "target_author_id": author,
    }  # fmt: skip
