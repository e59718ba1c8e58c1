"""`x-api-v2`: answers of the X (Twitter) API v2, as they came.

One answer, an array of them, one a line (streams, pages), or tweets alone with their author inside
(`author`, as twarc flattens them). Users come from `includes.users`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from evaluation.importers.base import Source, Tally
from evaluation.importers.json_values import values
from evaluation.importers.remembered import Remembered
from evaluation.importers.rows import NoEvent, Plain, Rows, each, iso_ms, listed, maybe, need, tags, urls
from models.errors import InvalidEvent
from models.events import AnyEvent

Known = Remembered[str, tuple[int | None, int | None]]
"""Account id to followers and registration as last told: an account is told again when they change."""


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield posts and the accounts that wrote them, an answer at a time."""
    rows = Rows(source.path, tally)
    known: Known = Remembered()
    for number, raw, answer in values(source.path, tally):
        tweets, users = _parts(answer)
        if not tweets:
            rows.events(number, raw, partial(_nothing, answer))
        for tweet in tweets:
            yield rows.events(number, raw, partial(_tweet, tweet, users, known))


def _parts(answer: Any) -> tuple[list[Any], dict[str, Mapping[str, Any]]]:
    if not isinstance(answer, Mapping):
        return [], {}
    data = answer.get("data")
    if data is None:
        data = answer if "text" in answer else []
    users = {str(user.get("id")): user for user in each(answer, "includes.users")}
    return (data if isinstance(data, list) else [data]), users


def _nothing(answer: Any) -> Iterable[Plain]:
    if not isinstance(answer, Mapping):
        raise InvalidEvent("", "type", "an answer is an object")
    if maybe(answer, "meta.result_count") == 0:
        raise NoEvent("an answer without results")
    if "errors" in answer or "errors" in (maybe(answer, "data") or {}):
        raise NoEvent("an answer that tells of errors only")
    raise InvalidEvent("data", "missing", "neither an answer with data nor a tweet")


def _tweet(tweet: Any, users: Mapping[str, Mapping[str, Any]], known: Known) -> Iterator[Plain]:
    author_id = need(tweet, "author.id" if maybe(tweet, "author_id") is None else "author_id")
    at_ms = iso_ms("created_at", need(tweet, "created_at"))
    author = maybe(tweet, "author") or users.get(author_id)
    if isinstance(author, Mapping):
        yield from _account(author, at_ms, known)
    refers = {str(ref.get("type")): ref.get("id") for ref in each(tweet, "referenced_tweets")}
    shared = refers.get("retweeted") or refers.get("quoted")
    answered = refers.get("replied_to")
    yield {
        "type": "post",
        "post_id": need(tweet, "id"),
        "account_id": author_id,
        "text": _text(tweet),
        "created_at_ms": at_ms,
        "kind": "repost" if shared else "comment" if answered else "post",
        "reply_to": answered,
        "repost_of": shared,
        "urls": urls(link.get("unwound_url") or link.get("expanded_url") for link in each(tweet, "entities.urls")),
        "hashtags": tags(tag.get("tag") for tag in each(tweet, "entities.hashtags")),
        "media_hashes": tags(listed(tweet, "attachments.media_keys")),
        "client": maybe(tweet, "source"),
    }


def _text(tweet: Any) -> Any:
    """The whole text, also of a long post."""
    return maybe(tweet, "note_tweet.text") or need(tweet, "text")


def _account(user: Mapping[str, Any], at_ms: int, known: Known) -> Iterator[Plain]:
    created = user.get("created_at")
    if not isinstance(created, str):
        return  # user.fields were not asked for: the tweet stands alone
    followers = maybe(user, "public_metrics.followers_count")
    followers = followers if isinstance(followers, int) else None
    registered_ms = iso_ms("includes.users.created_at", created)
    if known.get(str(user.get("id"))) == (followers, registered_ms):
        return
    known.put(str(user.get("id")), (followers, registered_ms))
    yield {
        "type": "account",
        "account_id": need(user, "id"),
        "registered_at_ms": registered_ms,
        "name": user.get("username"),
        "followers": followers,
        "verified": user.get("verified"),
        "observed_at_ms": at_ms,
    }
