"""`coortweet`: CooRTweet's columns as CSV or Parquet, or a folder of Parquet files.

`object_id, account_id, content_id, timestamp_share` (seconds): a row is a share of `object_id`, as in
its example `russian_coord_tweets`. `german_elections`: a post has one row for
each link, hashtag or picture it carries; ids are numbers, so addresses are made up from them, one
host a domain.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from evaluation.importers import csv_file
from evaluation.importers.base import Source, Tally, WrongSource, count_rows, parquet_batches, rows_of
from evaluation.importers.numbers import Numbers
from evaluation.importers.rows import Plain, Rows
from models.errors import InvalidEvent
from models.events import AnyEvent, Post

RETWEETS = ["object_id", "account_id", "content_id", "timestamp_share"]
PARTS = ["account_id", "post_id", "url_id", "hashtag_id", "domain_id", "phash_id", "timestamp"]


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the posts of every file that is one of the two sets."""
    if source.path.suffix == ".csv":
        yield from _csv(source.path, tally)
        return
    paths = sorted(source.path.glob("*.parquet")) if source.path.is_dir() else [source.path]
    if not paths:
        raise WrongSource(f"{source.path} holds no .parquet file")
    count_rows(tally, *paths)
    for path in paths:
        names = set(pq.read_schema(path).names)
        if names.issuperset(RETWEETS):
            yield from _retweets(path, tally)
        elif names.issuperset(PARTS):
            yield from _posts(path, tally)
        else:
            raise WrongSource(f"{path} has neither the columns {', '.join(RETWEETS)} nor {', '.join(PARTS)}")


def _csv(path: Path, tally: Tally) -> Iterator[list[AnyEvent]]:
    numbers = Numbers(path, tally)
    yield from _shares(path, tally, csv_file.batches(path, RETWEETS, numbers.refuse, None), numbers)


def _retweets(path: Path, tally: Tally) -> Iterator[list[AnyEvent]]:
    yield from _shares(path, tally, map(rows_of, parquet_batches(path, Tally(), RETWEETS)), Numbers(path, tally))


def _shares(
    path: Path, tally: Tally, batches: Iterable[Iterable[tuple[Any, ...]]], numbers: Numbers
) -> Iterator[list[AnyEvent]]:
    rows = Rows(path, tally)
    for batch in batches:
        found: list[AnyEvent] = []
        for row in batch:
            found += rows.events(numbers.next(), repr(row).encode("utf-8", "replace"), partial(_share, row))
        yield found


def _share(row: tuple[Any, ...]) -> Iterator[Plain]:
    shared, account, content, at = row
    for name, value in zip(RETWEETS, row, strict=True):
        if value is None or value == "":
            raise InvalidEvent(name, "missing", "an empty cell")
    try:
        at_ms = int(float(at) * 1000)
    except (ValueError, OverflowError) as error:
        raise InvalidEvent("timestamp_share", "malformed", str(error)) from error
    # one retweet may be listed under two objects
    yield {
        "type": "post", "post_id": f"{content}-{shared}", "account_id": account, "text": "", "created_at_ms": at_ms,
        "kind": "repost", "repost_of": shared,
    }  # fmt: skip


class _Parts:
    """What one post carries."""

    __slots__ = ("at_ms", "hashtags", "media", "urls")

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms
        self.urls: dict[str, None] = {}
        self.hashtags: dict[str, None] = {}
        self.media: dict[str, None] = {}

    def add(self, url: Any, hashtag: Any, domain: Any, media: Any) -> None:
        if url is not None:
            host = f"domain-{int(domain)}.example" if domain is not None else f"url-{int(url)}.example"
            self.urls[f"https://{host}/{int(url)}"] = None
        if hashtag is not None:
            self.hashtags[f"tag{int(hashtag)}"] = None
        if media is not None:
            self.media[f"image{int(media)}"] = None


def _posts(path: Path, tally: Tally) -> Iterator[list[AnyEvent]]:
    posts: dict[tuple[str, str], _Parts] = {}
    for batch in parquet_batches(path, tally, PARTS):
        for account, post, url, hashtag, domain, media, ts in rows_of(batch):
            number = f"at{int(ts)}" if post is None else str(int(post))
            parts = posts.setdefault((account, number), _Parts(int(ts * 1000)))
            parts.add(url, hashtag, domain, media)
    yield [
        Post(
            f"{account}-{number}", account, "", parts.at_ms,
            urls=tuple(parts.urls)[:32], hashtags=tuple(parts.hashtags)[:64], media_hashes=tuple(parts.media)[:32],
        )
        for (account, number), parts in posts.items()
    ]  # fmt: skip
