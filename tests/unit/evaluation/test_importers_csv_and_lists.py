"""Tables: CSV of every kind, CooRTweet's columns, hot lists and daily lists, on invented rows."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.importers import FORMATS, Source, Tally, WrongSource
from models.dead_letters import DeadLetter
from models.events import AnyEvent, Like, LikeAction, Post, PostKind, Trend


def converted(name: str, path: Path, **options: Any) -> tuple[list[AnyEvent], Tally, list[DeadLetter]]:
    letters: list[DeadLetter] = []
    tally = Tally(letters=letters.append)
    events = [event for batch in FORMATS[name].convert(Source(path, **options), tally) for event in batch]
    return events, tally, letters


def test_csv_of_a_trending_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("what,place,at,sold\ncats,1,1700000000,false\nshoes,2,1700000000,true\ndogs,0,1700000000,false\n")
    columns = {"topic": "what", "rank": "place", "observed_at_ms": "at:s", "paid": "sold", "list": "=hot"}
    events, tally, letters = converted("csv", path, columns=columns, kind="trend")
    assert events == [
        Trend("hot", "cats", 1, 1_700_000_000_000, paid=False),
        Trend("hot", "shoes", 2, 1_700_000_000_000, paid=True),
    ]
    assert (tally.rows, [(letter.offset, letter.field) for letter in letters]) == (3, [(3, "rank")])


def test_csv_of_likes_refuses_with_place_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("a,b,c\nu1,p1,1700000000000\nu2,p1,1700000000\nu3,,1700000000000\n")
    columns = {"account_id": "a", "target_id": "b", "acted_at_ms": "c:ms", "action": "=like"}
    events, _, letters = converted("csv", path, columns=columns, kind="like")
    assert events == [Like("u1", "p1", LikeAction.LIKE, 1_700_000_000_000)]
    assert [(each.offset, each.field, each.reason) for each in letters] == [
        (2, "acted_at_ms", "time_in_seconds"),
        (3, "target_id", "missing"),
    ]
    assert letters[0].topic == str(path)
    assert b"u2" in letters[0].raw


def test_coortweet_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(
        "account_id,object_id,content_id,timestamp_share\n007,9,c1,1700000000\n8,9,c2,soon\n9,,c3,1700000001\n"
    )
    events, _, letters = converted("coortweet", path)
    assert events == [Post("c1-9", "007", "", 1_700_000_000_000, PostKind.REPOST, None, "9")]
    assert [(each.offset, each.field, each.reason) for each in letters] == [
        (2, "timestamp_share", "malformed"),
        (3, "object_id", "missing"),
    ]


def test_coortweet_csv_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(WrongSource, match="timestamp_share"):
        converted("coortweet", path)


HOURLY: dict[str, list[Any]] = {
    "day": ["2024-05-20", "2024-05-20", "2024-05-20"],
    "hour": [20, 20, 20],
    "rank": [1, 2, 0],
    "title": ["rain", "shoes", "wind"],
    "hot": [500, 0, 3],
    "readCount": [9e6, None, 1.0],
    "discussCount": [70.0, None, 1.0],
    "display_time": [1_716_209_895.0, None, 1_716_209_895.0],
    "ads": [False, True, False],
    "category": ["x", "y", "z"],
}


@pytest.mark.parametrize(("kind", "first"), [("post", 500.0), ("heat", 500.0), ("reads", 9e6), ("discussions", 70.0)])
def test_hot_lists(tmp_path: Path, kind: str, first: float) -> None:
    path = tmp_path / "hours.parquet"
    pq.write_table(pa.table(HOURLY), path)
    events, tally, letters = converted("weibo-hot-list", tmp_path, kind=kind)
    second = None if kind in ("reads", "discussions") else 0.0
    assert events == [
        Trend("weibo-hot", "rain", 1, 1_716_209_895_000, first, paid=False),
        # 21:00 in Beijing is 13:00 UTC, where the moment itself is missing
        Trend("weibo-hot", "shoes", 2, 1_716_210_000_000, second, paid=True),
    ]
    assert (tally.rows, tally.events, [(each.offset, each.reason) for each in letters]) == (3, 0, [(3, "range")])


def test_hot_lists_know_three_counts(tmp_path: Path) -> None:
    with pytest.raises(WrongSource, match="heat, reads, discussions"):
        converted("weibo-hot-list", tmp_path, kind="likes")


def test_daily_lists_are_ranked_by_volume_and_known_when_the_day_is_over(tmp_path: Path) -> None:
    path = tmp_path / "days.parquet"
    days = ["2018-01-01", "2018-01-01", "2018-01-02", "soon"]
    columns = {"date": days, "trend": ["b", "a", "a", "c"], "tweets_in_sample": [3, 40, 1, 1], "fake": [True] * 4}
    pq.write_table(pa.table(columns), path)
    events, tally, letters = converted("daily-trends", path)
    assert events == [
        Trend("daily", "a", 1, 1_514_851_200_000, 40.0),
        Trend("daily", "b", 2, 1_514_851_200_000, 3.0),
        Trend("daily", "a", 1, 1_514_937_600_000, 1.0),
    ]
    assert (tally.rows, [(each.offset, each.field) for each in letters]) == (4, [(4, "date")])


def test_no_list_is_made_of_other_tables(tmp_path: Path) -> None:
    pq.write_table(pa.table({"date": ["2018-01-01"]}), tmp_path / "days.parquet")
    with pytest.raises(WrongSource, match="tweets_in_sample"):
        converted("daily-trends", tmp_path)
