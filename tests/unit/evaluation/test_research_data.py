"""The importers on the real files, where the research data is present."""

import os
from pathlib import Path

import pytest

from evaluation.coshare import co_shares
from evaluation.importers import FORMATS, Source, Tally
from models.events import AnyEvent, Post, Trend

DATA = Path(os.environ.get("SHOAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the research data is not here; set SHOAL_DATA to its folder"),
]


def converted(name: str, path: str) -> tuple[list[AnyEvent], Tally]:
    tally = Tally()
    events = [event for batch in FORMATS[name].convert(Source(DATA / path), tally) for event in batch]
    return events, tally


@pytest.mark.parametrize(
    ("window_ms", "pairs", "edges", "repeated"), [(10_000, 724, 719, 4), (60_000, 4_093, 4_023, 60)]
)
def test_co_shares_equal_the_oracle(window_ms: int, pairs: int, edges: int, repeated: int) -> None:
    events, _ = converted("coortweet", "coortweet/russian_coord_tweets.parquet")
    found = co_shares(events, window_ms)
    assert (found.pairs, len(found.edges), sum(times >= 2 for times in found.edges.values())) == (
        pairs,
        edges,
        repeated,
    )


def test_weibo_reposts_are_all_accounted_for() -> None:
    events, tally = converted("weibo-reposts", "weibo_reposts")
    assert dict(tally.skipped) == {"date does not parse": 74}
    assert len(events) == tally.rows - 74 == 1_275_180 + 3_387 - 74
    assert sum(isinstance(event, Post) and event.repost_of is None for event in events) == 3_387


def test_stock_tweets_and_german_elections() -> None:
    tweets, _ = converted("stock-tweets", "stock_tweets")
    assert len(tweets) == 96_826 + 35_624
    posts, tally = converted("coortweet", "coortweet/german_elections.parquet")
    assert tally.rows == 218_971
    assert len({event.post_id for event in posts if isinstance(event, Post)}) == len(posts)


def test_the_hot_lists_of_thirteen_months_are_all_accounted_for() -> None:
    events, tally = converted("weibo-hot-list", "weibo_hot_list")
    assert tally.rows == tally.rows_total == 474_183
    assert len(events) + tally.skipped.total() == tally.rows
    assert tally.skipped.total() < 100
    assert sum(isinstance(event, Trend) and bool(event.paid) for event in events) == 13_389


def test_daily_trends_are_all_accounted_for_and_ranked() -> None:
    events, tally = converted("daily-trends", "fake_trends")
    assert len(events) + tally.skipped.total() == tally.rows == 308_861
    firsts = [event for event in events if isinstance(event, Trend) and event.rank == 1]
    assert len(firsts) == len({event.observed_at_ms for event in firsts}) == 2_044
