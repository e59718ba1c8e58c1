"""What is counted in which week, on SQLite and PostgreSQL; and that nothing of it changes when people are forgotten."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import msgspec
import pytest
from sqlalchemy import Engine

from console.appeals.entries import Appeal
from console.decisions.entries import Action
from console.decisions.errors import InvalidOrder
from console.reports.counts import COLUMNS, WeekCounts, weekly
from console.reports.making import make_report
from console.reports.tables import decision_reach
from console.reports.weeks import WEEK_MS, WEEKS, WEEKS_MAX, weeks_between
from console.security.retention import apply
from models.alerts import AlertState, FamilySummary
from streams.store.engine import writing
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case

Do = Callable[..., str]
Appeals = Callable[..., Appeal]
HOUR_MS = 3_600_000
MONDAY = date(2027, 1, 11)  # the week of NOW_MS, a Friday
MONDAY_MS = int(datetime(2027, 1, 11, tzinfo=UTC).timestamp()) * 1000
LATER_MS = NOW_MS + 60 * DAY_MS


def counted(engine: Engine, weeks: int = 1) -> list[dict[str, int]]:
    found = weekly(engine, weeks_between(MONDAY, MONDAY.replace(day=11 + 7 * (weeks - 1)), NOW_MS))
    return [{name: getattr(week, name) for name in COLUMNS if getattr(week, name)} for week in found]


def put(engine: Engine, name: str, accounts: int = 4, posts: int = 7, raised_ms: int = NOW_MS) -> None:
    families = [FamilySummary("f", posts, 0.9, ("text",))]
    SqlStore(engine).put(
        [msgspec.structs.replace(case(name, accounts=accounts, last_action_ms=raised_ms), families=families)]
    )


def test_the_clock_of_the_tests_stands_in_the_week_that_is_counted() -> None:
    (week,) = weeks_between(MONDAY, MONDAY, NOW_MS)
    assert (week.name, week.begin_ms) == ("2027-W02", MONDAY_MS)
    assert week.begin_ms <= NOW_MS < week.end_ms == MONDAY_MS + WEEK_MS


def test_a_week_without_anything_is_all_zero(engine: Engine) -> None:
    assert weekly(engine, weeks_between(MONDAY, MONDAY, NOW_MS)) == [WeekCounts()]


def test_what_the_machine_raised_and_nobody_confirmed_is_no_campaign(engine: Engine, do: Do) -> None:
    assert counted(engine) == [{}]
    do(Action.CONFIRM, campaign="large")  # one of two people
    do(Action.WATCH, campaign="c1")
    assert counted(engine) == [{"decisions": 2}]
    do(Action.CONFIRM, by="bob", campaign="large")
    assert counted(engine) == [{"campaigns": 1, "accounts": 1_200, "decisions": 3}]


def test_accounts_and_posts_are_those_of_the_decision_without_who_was_left_out(engine: Engine, do: Do) -> None:
    put(engine, "p1")
    do(Action.CONFIRM, campaign="p1", accounts_left_out=("a1",))
    expected = {"campaigns": 1, "accounts": 3, "posts": 7, "decisions": 1}
    assert counted(engine) == [expected]
    grown = msgspec.structs.replace(case("p1", revision=2, accounts=90), families=[])
    SqlStore(engine).put([grown])
    assert counted(engine) == [expected]


def test_whom_either_of_two_people_left_out_is_not_counted(engine: Engine, do: Do) -> None:
    do(Action.CONFIRM, campaign="large", accounts_left_out=("a1", "a2"))
    do(Action.CONFIRM, by="bob", campaign="large", accounts_left_out=("a2", "a3"))
    assert counted(engine)[0]["accounts"] == 1_197


def test_a_case_counts_in_the_week_of_the_decision_that_stands(engine: Engine, do: Do) -> None:
    do(Action.CONFIRM, at_ms=NOW_MS)
    do(Action.DISMISS, campaign="c2", at_ms=NOW_MS + WEEK_MS)
    assert counted(engine, 2) == [{"campaigns": 1, "accounts": 3, "decisions": 1}, {"dismissed": 1, "decisions": 1}]
    do(Action.UNDO, at_ms=NOW_MS + WEEK_MS)
    assert counted(engine, 2) == [{"decisions": 1}, {"dismissed": 1, "decisions": 1, "undone": 1}]
    do(Action.CONFIRM, at_ms=NOW_MS + WEEK_MS)
    assert counted(engine, 2)[1] == {"campaigns": 1, "accounts": 3, "dismissed": 1, "decisions": 2, "undone": 1}


def test_the_first_and_the_last_millisecond_of_a_week_are_its_own(engine: Engine, do: Do) -> None:
    do(Action.WATCH, campaign="c1", at_ms=MONDAY_MS - 1)
    do(Action.WATCH, campaign="c2", at_ms=MONDAY_MS)
    do(Action.WATCH, campaign="large", at_ms=MONDAY_MS + WEEK_MS - 1)
    assert counted(engine, 2) == [{"decisions": 2}, {}]


def test_a_hand_over_is_no_decision_and_its_undo_undoes_none(engine: Engine, do: Do) -> None:
    do(Action.HAND_OVER, to_role="lead")
    do(Action.UNDO)
    assert counted(engine) == [{}]


def test_appeals_count_when_they_come_and_when_they_are_answered(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    appeal("r1")
    appeal("r2", account="a2", at_ms=NOW_MS + 1_000)
    do(Action.CONFIRM, by="bob", at_ms=NOW_MS + WEEK_MS, accounts_left_out=("a2",))
    first, second = counted(engine, 2)
    assert first == {"decisions": 1, "appeals": 2}  # the decision that was appealed against stands no longer
    assert second == {"campaigns": 1, "accounts": 2, "decisions": 1, "upheld": 1, "overturned": 1}
    do(Action.UNDO, by="bob", at_ms=NOW_MS + WEEK_MS + 1_000)
    assert counted(engine, 2)[1] == {"decisions": 1, "undone": 1}


def test_the_time_to_decide_runs_from_the_first_revision_that_called_somebody(engine: Engine, do: Do) -> None:
    listed = msgspec.structs.replace(case("t1", last_action_ms=NOW_MS - 9 * HOUR_MS), state=AlertState.LISTED)
    SqlStore(engine).put([listed, case("t1", revision=2, last_action_ms=NOW_MS - 3 * HOUR_MS)])
    put(engine, "t2", raised_ms=NOW_MS - HOUR_MS)
    do(Action.CONFIRM, campaign="t1")
    do(Action.DISMISS, campaign="t2")
    (week,) = weekly(engine, weeks_between(MONDAY, MONDAY, NOW_MS))
    assert sorted(week.waits_ms) == [HOUR_MS, 3 * HOUR_MS]
    assert week.median_ms == 2 * HOUR_MS


def test_of_a_case_that_was_forgotten_before_the_decision_no_time_is_known(engine: Engine, do: Do) -> None:
    assert apply(engine, 7, NOW_MS + 9 * DAY_MS) == 3
    do(Action.CONFIRM, campaign="c1", at_ms=NOW_MS)
    (week,) = weekly(engine, weeks_between(MONDAY, MONDAY, NOW_MS))
    assert (week.campaigns, week.accounts, week.waits_ms) == (1, 3, [])


def test_decisions_from_before_reaches_were_kept_are_counted_by_the_case(engine: Engine, do: Do) -> None:
    do(Action.CONFIRM)
    with writing(engine) as connection:
        connection.execute(decision_reach.delete())
    assert counted(engine) == [{"campaigns": 1, "accounts": 3, "decisions": 1}]


def test_a_report_is_the_same_before_and_after_retention(engine: Engine, do: Do, appeal: Appeals) -> None:
    for number in range(12):
        put(engine, f"p{number}", accounts=10 + number, raised_ms=NOW_MS - number * DAY_MS)
        decided = Action.DISMISS if number % 4 == 3 else Action.CONFIRM
        do(decided, campaign=f"p{number}", at_ms=NOW_MS + number * DAY_MS, accounts_left_out=("a1",) * (number % 2))
    for number in (0, 2, 4):
        appeal(f"r{number}", account="a3", campaign=f"p{number}", at_ms=NOW_MS + 13 * DAY_MS)
        spared = ("a3",) if number else ()
        do(Action.CONFIRM, by="bob", campaign=f"p{number}", at_ms=NOW_MS + 14 * DAY_MS, accounts_left_out=spared)
    do(Action.UNDO, campaign="p5", at_ms=NOW_MS + 15 * DAY_MS)
    first, last = MONDAY, date(2027, 2, 7)
    before = [make_report(engine, first, last, count_min, LATER_MS) for count_min in (1, 5)]
    assert before[0].total.counts == {
        "campaigns": 8, "accounts": 116, "posts": 56, "dismissed": 3, "decisions": 15, "undone": 1,
        "appeals": 3, "upheld": 1, "overturned": 2,
    }  # fmt: skip
    assert before[0].total.median_hours is not None
    assert apply(engine, 7, LATER_MS) == 15
    case_now = SqlStore(engine).get("p0")
    assert case_now is not None
    assert case_now.accounts == []
    assert [make_report(engine, first, last, count_min, LATER_MS) for count_min in (1, 5)] == before


def test_without_days_the_last_weeks_are_told() -> None:
    weeks = weeks_between(None, None, NOW_MS)
    assert (len(weeks), weeks[-1].monday) == (WEEKS, MONDAY)
    assert {later.begin_ms - week.begin_ms for week, later in pairwise(weeks)} == {WEEK_MS}


def test_weeks_are_named_as_iso_8601_names_them_across_years() -> None:
    names = [week.name for week in weeks_between(date(2026, 12, 27), date(2027, 1, 4), NOW_MS)]
    assert names == ["2026-W52", "2026-W53", "2027-W01"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 1, 18), MONDAY),
        (date(1999, 12, 31), date(2000, 1, 7)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        (MONDAY, date(2027 + 3, 1, 11)),
    ],
)
def test_weeks_that_cannot_be_meant_are_refused(first: date, last: date) -> None:
    with pytest.raises(InvalidOrder):
        weeks_between(first, last, NOW_MS)


def test_as_many_weeks_as_allowed_are_told() -> None:
    assert len(weeks_between(date(2025, 1, 6), date(2027, 1, 11), NOW_MS)) == WEEKS_MAX
