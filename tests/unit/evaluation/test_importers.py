from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.coshare import co_shares
from evaluation.importers import FORMATS, Source, Tally, WrongSource
from evaluation.importers.sorting import sorted_by_time
from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind
from models.moments import when_ms

Table = Callable[[str, dict[str, list[Any]]], Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(name: str, columns: dict[str, list[Any]]) -> Path:
        pq.write_table(pa.table(columns), tmp_path / name)
        return tmp_path / name

    return write


def converted(name: str, path: Path, **options: Any) -> tuple[list[AnyEvent], Tally]:
    tally = Tally()
    batches = FORMATS[name].convert(Source(path, **options), tally)
    return [event for batch in sorted_by_time(batches) for event in batch], tally


def test_weibo_reposts(table: Table, tmp_path: Path) -> None:
    table("originals.parquet", {"event": [7], "uid": ["a"], "text": ["first"], "ts": [1_300_000_000]})
    table(
        "reposts.parquet",
        {
            "event": ["7", "7", "7"],
            "mid": ["m2", "m1", "m3"],
            "parent": ["m1", "", ""],
            "uid": ["c", "b", "d"],
            "date": ["2011-03-13 15:06:42", "2011-03-13 15:06:41", "01月22日 17:09"],
            "text": ["so", None, "lost"],
        },
    )
    events, tally = converted("weibo-reposts", tmp_path)
    assert events == [
        Post("7", "a", "first", 1_300_000_000_000),
        # 15:06:41 in Beijing is 07:06:41 UTC
        Post("7-m1", "b", "", 1_300_000_001_000, PostKind.REPOST, None, "7"),
        Post("7-m2", "c", "so", 1_300_000_002_000, PostKind.REPOST, "7-m1", "7"),
    ]
    assert (tally.rows, tally.rows_total, dict(tally.skipped)) == (4, 4, {"date does not parse": 1})


def test_stock_tweets(table: Table) -> None:
    path = table(
        "tweets.parquet",
        {
            "id": ["t2", "t1"],
            "ts": [1_388_548_800, 1_388_548_743],
            "uid": ["a", "a"],
            "u_created": [1_380_993_662, 1_380_993_662],
            "followers": [5, 2],
            "verified": [False, False],
            "rt_of": [None, "t0"],
            "source": ["web", ""],
            "urls": ["http://x.example,http://y.example", ""],
            "text": ["look", "RT look"],
        },
    )
    events, _ = converted("stock-tweets", path.parent)
    assert events == [
        Account("a", 1_380_993_662_000, followers=2, verified=False, observed_at_ms=1_388_548_743_000),
        Post("t1", "a", "RT look", 1_388_548_743_000, PostKind.REPOST, None, "t0"),
        Post("t2", "a", "look", 1_388_548_800_000, urls=("http://x.example", "http://y.example"), client="web"),
    ]


def test_coortweet_retweets_and_posts(table: Table, tmp_path: Path) -> None:
    table(
        "russian.parquet",
        {
            "object_id": ["o", "o"],
            "account_id": ["a", "b"],
            "content_id": ["c", "d"],
            "timestamp_share": [1_500_000_020.0, 1_500_000_010.0],
        },
    )
    table(
        "german.parquet",
        {
            "account_id": ["fb_1", "fb_1", "tw_2"],
            "post_id": [5.0, 5.0, None],
            "url_id": [3.0, None, None],
            "hashtag_id": [None, 9.0, None],
            "domain_id": [2.0, None, None],
            "phash_id": [None, None, 4.0],
            "timestamp": [1_600_000_030.0, 1_600_000_030.0, 1_600_000_040.0],
        },
    )
    events, tally = converted("coortweet", tmp_path)
    assert events == [
        Post("d-o", "b", "", 1_500_000_010_000, PostKind.REPOST, None, "o"),
        Post("c-o", "a", "", 1_500_000_020_000, PostKind.REPOST, None, "o"),
        Post("fb_1-5", "fb_1", "", 1_600_000_030_000, urls=("https://domain-2.example/3",), hashtags=("tag9",)),
        Post("tw_2-at1600000040", "tw_2", "", 1_600_000_040_000, media_hashes=("image4",)),
    ]
    assert tally.rows == tally.rows_total == 5


def test_csv_with_a_column_map(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("uid,thing,at,stars\n007,p1,1700000000,4.5\n008,p2,never,1\n009,,1700000001,1\n", encoding="utf-8")
    columns = {"account_id": "uid", "target_id": "thing", "acted_at_ms": "at:s", "value": "stars", "action": "=rate"}
    events, tally = converted("csv", path, columns=columns, kind="like")
    assert events == [Like("007", "p1", LikeAction.RATE, 1_700_000_000_000, value=4.5)]
    assert tally.rows == 3
    assert tally.skipped.total() == 2
    assert dict(tally.skipped) == {"acted_at_ms: malformed": 1, "target_id: missing": 1}


@pytest.mark.parametrize(
    ("unit", "cell"),
    [
        ("s", "1700000000.5"),
        ("ms", "1700000000500"),
        ("us", "1700000000500999"),
        ("iso", "2023-11-14T22:13:20.500Z"),
        ("iso", "2023-11-15 06:13:20.500+08:00"),
        ("iso", "2023-11-14 22:13:20.500"),
    ],
)
def test_csv_units(tmp_path: Path, unit: str, cell: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(f"i,u,t,w,tags\n1,a,hello,{cell},x|y z\n", encoding="utf-8-sig")
    columns = {"post_id": "i", "account_id": "u", "text": "t", "created_at_ms": f"w:{unit}", "hashtags": "tags"}
    events, _ = converted("csv", path, columns=columns)
    assert events == [Post("1", "a", "hello", 1_700_000_000_500, hashtags=("x", "y", "z"))]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"post_id": "i", "account_id": "u"}, "created_at_ms"),
        ({"post_id": "i", "account_id": "u", "created_at_ms": "w:days"}, "days is no unit"),
        ({"post_id": "i", "account_id": "nobody", "created_at_ms": "w"}, "no column nobody"),
        ({"post_id": "i", "account_id": "u", "created_at_ms": "w", "colour": "i"}, "colour: no such field"),
    ],
)
def test_csv_says_what_is_wrong_with_the_map(tmp_path: Path, columns: dict[str, str], told: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("i,u,w\n1,a,1700000000\n", encoding="utf-8")
    with pytest.raises(WrongSource, match=told):
        converted("csv", path, columns=columns)


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_source_is_named(tmp_path: Path, name: str) -> None:
    columns = {"post_id": "i", "account_id": "u", "created_at_ms": "w"}
    with pytest.raises(WrongSource, match="nowhere"):
        converted(name, tmp_path / "nowhere", columns=columns)


def test_sorting_spills_and_merges() -> None:
    events: list[AnyEvent] = [Post(f"p{at}", "a", "text", (at * 7919) % 1000) for at in range(1_000)]
    batches = (events[at : at + 90] for at in range(0, len(events), 90))
    found = [event for batch in sorted_by_time(batches, events_per_run=200) for event in batch]
    assert found == sorted(events, key=when_ms)


def test_co_shares_by_hand() -> None:
    moments = [("a", "o", 0), ("b", "o", 5), ("c", "o", 11), ("a", "q", 0), ("b", "q", 3), ("a", "q", 4), ("d", "o", 6)]
    events = [
        Post(str(at), account, "", second * 1000, PostKind.REPOST, None, shared)
        for at, (account, shared, second) in enumerate(moments)
    ]
    # c and d shared once only; on q a meets b twice, itself never
    assert co_shares(events, 10_000).edges == {("a", "b"): 3}
    assert co_shares(events, 10_000, shares_min=1).edges[("b", "c")] == 1
