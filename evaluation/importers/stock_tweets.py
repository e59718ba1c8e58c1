"""`stock-tweets`: a folder with `tweets.parquet`, or the file: tweets with facts about their accounts."""

from collections.abc import Iterator
from typing import Any

from evaluation.importers.base import Source, Tally, count_rows, file_in, parquet_batches, rows_of
from models.events import Account, AnyEvent, Post, PostKind

COLUMNS = ["id", "ts", "uid", "u_created", "followers", "verified", "rt_of", "source", "urls", "text"]
URLS_MAX = 32
URL_LENGTH_MAX = 2_048


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the tweets, then an account event for each account, at the time of its first tweet."""
    path = file_in(source.path, "tweets.parquet")
    count_rows(tally, path)
    accounts: dict[str, Account] = {}
    for batch in parquet_batches(path, tally, COLUMNS):
        events: list[AnyEvent] = []
        for row in rows_of(batch):
            events.append(_tweet(row))
            _know(accounts, row)
        yield events
    yield list(accounts.values())


def _tweet(row: tuple[Any, ...]) -> Post:
    post_id, ts, uid, _, _, _, repeated, client, urls, text = row
    kind = PostKind.REPOST if repeated else PostKind.POST
    return Post(post_id, uid, text or "", ts * 1000, kind, None, repeated or None, _urls(urls), client=client or None)


def _urls(joined: str | None) -> tuple[str, ...]:
    if not joined:
        return ()
    found = (url.strip() for url in joined.split(","))
    return tuple(url for url in found if 0 < len(url) <= URL_LENGTH_MAX)[:URLS_MAX]


def _know(accounts: dict[str, Account], row: tuple[Any, ...]) -> None:
    _, ts, uid, created, followers, verified, *_ = row
    known = accounts.get(uid)
    if created is not None and (known is None or known.observed_at_ms is None or ts * 1000 < known.observed_at_ms):
        accounts[uid] = Account(
            uid, created * 1000, followers=followers, verified=verified, observed_at_ms=ts * 1000
        )  # fmt: skip
