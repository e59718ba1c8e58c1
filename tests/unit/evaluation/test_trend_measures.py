"""The scorecards of trends count what they say, on cases small enough to check by hand."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.trends.attacks import attacks, injected
from evaluation.trends.attributes import WITHOUT, without
from evaluation.trends.daily import BLIND, SCORES, days, judge, labels, large_only
from evaluation.trends.hot_list import by_month, watch
from evaluation.trends.simulate import Dials, simulate_trends
from evaluation.trends.tables import markdown
from models.events import Account, Like, Post
from models.moments import when_ms


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    path = tmp_path / "days.parquet"
    rows = [
        ("2018-01-01", "rain", 10, False), ("2018-01-01", "vote", 2, False), ("2018-01-02", "buy", 50, True),
        ("2018-01-02", "rain", 60, False), ("2018-01-02", "vote", 1, True), ("2018-01-03", "rain", 70, False),
    ]  # fmt: skip
    names = ("date", "trend", "tweets_in_sample", "fake")
    pq.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)}), path)
    return path


def test_daily_scores_know_the_past_only(lists: Path) -> None:
    scored = list(days(lists))
    assert [(day.date, day.topics) for day in scored] == [
        ("2018-01-01", ["rain", "vote"]), ("2018-01-02", ["rain", "buy", "vote"]), ("2018-01-03", ["rain"]),
    ]  # fmt: skip
    growth = scored[1].scores["growth over its highest"]
    assert growth == pytest.approx(np.log([61 / 11, 51, 2 / 3]))
    assert {*scored[1].scores} == {*SCORES, BLIND}


def test_daily_precision_and_recall_by_hand(lists: Path) -> None:
    scored, bought = list(days(lists)), labels(lists)
    assert bought == {("2018-01-02", "buy"), ("2018-01-02", "vote")}
    row = judge(scored, bought, 1, "growth over its highest")
    # one alarm on each of three days; it is right on the second, where there were two
    assert (row["precision"], row["recall"], row["recall, pooled"]) == (pytest.approx(1 / 3), 0.5, 0.5)
    assert (row["precision of chance"], row["possible recall, pooled"]) == (pytest.approx(2 / 6), 0.5)


def test_large_places_only(lists: Path) -> None:
    kept = large_only(list(days(lists)), 10)
    assert [day.topics for day in kept] == [["rain"], ["rain", "buy"], ["rain"]]
    assert len(kept[1].scores["volume"]) == 2


def test_attributes_are_left_out_and_nothing_else() -> None:
    events = simulate_trends(Dials(1_500, 20, 800, each=1, kinds=("cheap",)), 3).events
    assert without(events, WITHOUT["everything"]) == events
    assert all(e.client is None for e in without(events, frozenset({"client"})) if not hasattr(e, "list"))  # type: ignore[union-attr]  # none is a list
    bare = without(events, WITHOUT["times and authors only"])
    assert not any(isinstance(event, Account | Like) for event in bare)
    assert not any(isinstance(event, Post) and (event.deleted_at_ms or event.network_id) for event in bare)
    assert len(bare) == sum(isinstance(event, Post) and event.deleted_at_ms is None for event in events)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.parquet"
    at = 1_600_000_000_000
    attack = [(f"a{n}", at + n * 1_000, at + 60_000 + n) for n in range(12)]
    second = [(f"a{n}", at + 500_000 + n * 9_999, at + 900_000) for n in range(10)]
    small = [(f"a{n}", at + 5_000_000 + n, at + 9_000_000) for n in range(9)]
    rows = [*small, *second, *attack]
    columns = {"uid": [r[0] for r in rows], "created_ms": [r[1] for r in rows], "deleted_ms": [r[2] for r in rows]}
    pq.write_table(pa.table(columns), path)
    return path


def test_attacks_are_runs_without_a_pause(posts: Path) -> None:
    found = attacks(posts)
    assert [len(attack.accounts) for attack in found] == [12, 10]
    assert found[0].deleted_ms[0] - found[0].created_ms[0] == 60_000


@pytest.mark.parametrize("attributes", [True, False])
def test_attacks_keep_their_rhythm(posts: Path, attributes: bool) -> None:
    simulation = injected(attacks(posts), 4, 0.03, attributes=attributes)
    moments = [when_ms(event) for event in simulation.events]
    assert moments == sorted(moments)
    topic = simulation.topics["attack0"]
    own = [e for e in simulation.events if isinstance(e, Post) and e.post_id.startswith("attack0-")]
    told = [e.created_at_ms for e in own if e.deleted_at_ms is None]
    assert [at - topic.begin_ms for at in told] == [n * 1_000 for n in range(12)]
    assert {e.deleted_at_ms - topic.begin_ms for e in own if e.deleted_at_ms} == {60_000 + n for n in range(12)}
    assert any(isinstance(e, Account) and e.account_id == "a3" for e in simulation.events) == attributes


def test_markdown_tables() -> None:
    table = markdown([{"what": "x", "share": 0.5, "number": 1_200}, {"what": "y", "share": None, "number": 3}])
    assert table.splitlines()[2:] == ["| x | 0.500 | 1,200 |", "| y | – | 3 |"]
    assert markdown([]) == "(no rows)"


def test_alarms_on_hot_lists_are_counted_by_day_and_call_nobody(tmp_path: Path) -> None:
    rows = []
    for hour in range(48):
        day, within = f"2024-05-{20 + hour // 24}", hour % 24
        for rank in range(1, 21):
            risen = hour >= 30 and rank == 1
            rows.append(
                (day, within, rank, "risen" if risen else f"t{rank}", 90_000 if risen else 1_000 - rank, rank == 3)
            )
    path = tmp_path / "hours.parquet"
    columns = {
        "day": [row[0] for row in rows], "hour": [row[1] for row in rows], "rank": [row[2] for row in rows],
        "title": [row[3] for row in rows], "hot": [row[4] for row in rows], "readCount": [None] * len(rows),
        "discussCount": [None] * len(rows), "display_time": [None] * len(rows), "ads": [row[5] for row in rows],
    }  # fmt: skip
    schema = pa.schema([
        ("day", pa.string()), ("hour", pa.int64()), ("rank", pa.int64()), ("title", pa.string()), ("hot", pa.int64()),
        ("readCount", pa.int64()), ("discussCount", pa.int64()), ("display_time", pa.float64()), ("ads", pa.bool_()),
    ])  # fmt: skip
    pq.write_table(pa.table(columns, schema=schema), path)
    found = watch(path)
    assert [alarm.topic for alarm in found.alarms] == ["risen"]
    assert (found.called, found.paid, found.lines) == (0, 1, 960)
    assert [(row["month"], row["alarms"]) for row in by_month(found)] == [("2024-05", 1)]
