"""`weibo-crawler`: JSON files of dataabc/weibo-crawler, an object with `user` and `weibo`, or a folder of them.

`full_created_at` counts where it is; a `created_at` that is a day alone is refused, since a day is no
window. Times without a zone are Beijing time.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from evaluation.importers.base import Source, Tally, WrongSource
from evaluation.importers.json_values import values
from evaluation.importers.rows import BEIJING, Plain, Rows, each, need, tags, time_ms, urls
from models.errors import InvalidEvent
from models.events import AnyEvent


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the posts of every file, and the posts that they repost."""
    paths = sorted(source.path.rglob("*.json")) if source.path.is_dir() else [source.path]
    if not paths:
        raise WrongSource(f"{source.path} holds no .json file")
    for path in paths:
        rows = Rows(path, tally)
        for number, raw, value in values(path, tally):
            for weibo in each(value, "weibo") or [value]:
                yield rows.events(number, raw, partial(_weibo, weibo))


def _weibo(weibo: Any) -> Iterator[Plain]:
    shared = weibo.get("retweet") if isinstance(weibo, Mapping) else None
    if isinstance(shared, Mapping) and shared.get("id"):
        yield _post(weibo, str(shared["id"]))
        yield _post(shared, None)
    else:
        yield _post(weibo, None)


def _post(weibo: Any, shared: str | None) -> Plain:
    if not isinstance(weibo, Mapping):
        raise InvalidEvent("weibo", "type", "a post is an object")
    field = "full_created_at" if weibo.get("full_created_at") else "created_at"
    topics, pictures = weibo.get("topics") or "", weibo.get("pics") or ""
    return {
        "type": "post",
        "post_id": str(need(weibo, "id", (int, str))),
        "account_id": str(need(weibo, "user_id", (int, str))),
        "text": need(weibo, "text"),
        "created_at_ms": time_ms(field, need(weibo, field), BEIJING),
        "kind": "repost" if shared else "post",
        "repost_of": shared,
        "urls": urls([weibo.get("article_url")]),
        "hashtags": tags(str(topics).split(",")),
        # the name of a picture stays, its host and size vary
        "media_hashes": tags(picture.rpartition("/")[2].partition("?")[0] for picture in str(pictures).split(",")),
        "client": weibo.get("source") or None,
    }
