"""`coortweet`: the two example sets of CooRTweet, as Parquet; a file of either, or a folder with them.

`russian_coord_tweets`: a row is a retweet of `object_id`. `german_elections`: a post has one row for
each link, hashtag or picture it carries; ids are numbers, so addresses are made up from them, one
host a domain.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from evaluation.importers.base import Source, Tally, WrongSource, count_rows, parquet_batches, rows_of
from models.events import AnyEvent, Post, PostKind

RETWEETS = ["object_id", "account_id", "content_id", "timestamp_share"]
PARTS = ["account_id", "post_id", "url_id", "hashtag_id", "domain_id", "phash_id", "timestamp"]


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the posts of every file that is one of the two sets."""
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


def _retweets(path: Path, tally: Tally) -> Iterator[list[AnyEvent]]:
    for batch in parquet_batches(path, tally, RETWEETS):
        yield [
            # one retweet may be listed under two objects
            Post(f"{content}-{shared}", account, "", int(ts * 1000), PostKind.REPOST, None, shared)
            for shared, account, content, ts in rows_of(batch)
        ]


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
