"""The queue: order, filters, pages and counts."""

from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given
from sqlalchemy import Engine

from console.decisions import claims, queue
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.errors import InvalidOrder
from console.decisions.queue import NOBODY, Filters
from models.alerts import Outcome, Severity
from streams.store.engine import writing
from streams.store.priority import HALVING_MS, SEVERITY_WEIGHT, priority
from streams.store.sql import SqlStore
from streams.store.tables import alerts
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case


@pytest.fixture
def queued(engine: Engine) -> Engine:
    """Seven cases, none of them alike."""
    with writing(engine) as connection:
        connection.execute(alerts.delete())
    SqlStore(engine).put(
        [
            case("fresh", severity=Severity.HIGH, accounts=50),
            case("old", severity=Severity.HIGH, accounts=50, last_action_ms=NOW_MS - 9 * DAY_MS),
            case("critical", severity=Severity.CRITICAL, accounts=50),
            case("big", severity=Severity.HIGH, accounts=900),
            case("low", severity=Severity.LOW, accounts=50, headline="50% of 20_ votes"),
            case("fans", severity=Severity.MEDIUM, accounts=50, outcome=Outcome.ORGANIC, headline="二十 fans"),
            case("tiny", severity=Severity.LOW, accounts=5),
        ]
    )
    return engine


def names(engine: Engine, filters: Filters | None = None) -> list[str]:
    return [row.campaign for row in queue.page(engine, filters or Filters(), NOW_MS).rows]


def test_the_most_urgent_first(queued: Engine) -> None:
    assert names(queued) == ["big", "critical", "fresh", "fans", "low", "tiny", "old"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(SEVERITY_WEIGHT)), st.integers(1, 10**6), st.integers(NOW_MS - 20 * DAY_MS, NOW_MS)
        ),
        min_size=2,
        max_size=8,
    ),
    st.integers(0, 60 * DAY_MS),
)
def test_the_order_is_that_of_severity_times_reach_halved_daily_at_any_later_time(
    cases: list[tuple[str, int, int]], later_ms: int
) -> None:
    def weight(each: tuple[str, int, int]) -> float:
        age_ms = NOW_MS + later_ms - each[2]
        return SEVERITY_WEIGHT[each[0]] * each[1] * float(2 ** (-age_ms / HALVING_MS))

    ranked = sorted(cases, key=lambda each: priority(*each), reverse=True)
    weights = [weight(each) for each in ranked]
    assert all(first >= second * (1 - 1e-9) for first, second in pairwise(weights))


def test_pages_follow_one_another_without_gap_or_double(queued: Engine) -> None:
    SqlStore(queued).put([case(f"same{number:02}", accounts=50) for number in range(23)])
    seen: list[str] = []
    after: str | None = None
    while True:
        found = queue.page(queued, Filters(), NOW_MS, after, limit=4)
        seen += [row.campaign for row in found.rows]
        after = found.next
        if after is None:
            break
    assert len(seen) == 30
    assert seen == names(queued)


def test_a_page_is_where_it_was_although_cases_came_before_it(queued: Engine) -> None:
    first = queue.page(queued, Filters(), NOW_MS, limit=3)
    SqlStore(queued).put([case("newest", severity=Severity.CRITICAL, accounts=2_000)])
    second = queue.page(queued, Filters(), NOW_MS, first.next, limit=3)
    assert [row.campaign for row in second.rows] == ["fans", "low", "tiny"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(severity="low"), ["low", "tiny"]),
        (Filters(outcome="coordinated_organic"), ["fans"]),
        (Filters(state="closed"), []),
        (Filters(kind="batch"), []),
        (Filters(acted_after_ms=NOW_MS - DAY_MS, severity="high"), ["big", "fresh"]),
        (Filters(opened_after_ms=NOW_MS), []),
        (Filters(text="FANS"), ["fans"]),
        (Filters(text="二十"), ["fans"]),
        (Filters(text="50%"), ["low"]),
        (Filters(text="%"), ["low"]),
        (Filters(text="_"), ["low"]),
        (Filters(text="crit"), ["critical"]),
        (Filters(text="' OR 1=1 --"), []),
        (Filters(text="a\x00b"), []),
        (Filters(operator="op"), []),
        (Filters(status="nonsense"), []),
    ],
)
def test_filters(queued: Engine, filters: Filters, expected: list[str]) -> None:
    assert names(queued, filters) == expected
    assert queue.counts(queued, filters, NOW_MS).total == len(expected)


def test_what_people_do_shows_and_can_be_asked_for(queued: Engine) -> None:
    decide(queued, Order("fresh", Action.WATCH, "ann", 1, 0), NOW_MS)
    decide(queued, Order("low", Action.HAND_OVER, "ann", 1, 0, to_role="lead"), NOW_MS)
    claims.claim(queued, "big", "bob", NOW_MS, minutes=10)
    assert names(queued, Filters(status="watched")) == ["fresh"]
    assert "fresh" not in names(queued, Filters(status="open"))
    assert names(queued, Filters(claimed_by="bob")) == ["big"]
    assert "big" not in names(queued, Filters(claimed_by=NOBODY))
    assert names(queued, Filters(assigned_to="lead")) == ["low"]
    assert "low" not in names(queued, Filters(assigned_to=NOBODY))
    row = queue.row(queued, "big", NOW_MS)
    assert row is not None
    assert (row.claimed_by, row.status, row.last_number) == ("bob", "open", 0)
    later = queue.row(queued, "big", NOW_MS + 10 * 60_000)
    assert later is not None
    assert later.claimed_by is None
    assert queue.row(queued, "nobody", NOW_MS) is None
    counted = queue.counts(queued, Filters(), NOW_MS)
    assert counted.by_status == {"open": 6, "watched": 1}
    assert counted.by_severity == {"critical": 1, "high": 3, "medium": 1, "low": 2}
    assert sum(counted.by_outcome.values()) == counted.total == 7


def test_a_case_that_went_on_after_its_decision_says_so(queued: Engine) -> None:
    decide(queued, Order("fresh", Action.WATCH, "ann", 1, 0), NOW_MS)
    row = queue.row(queued, "fresh", NOW_MS)
    assert row is not None
    assert not row.changed
    SqlStore(queued).put([case("fresh", revision=2, accounts=60)])
    row = queue.row(queued, "fresh", NOW_MS)
    assert row is not None
    assert row.changed
    assert (row.accounts_total, row.reach, row.layers, row.points) == (60, 60, ("family",), 3.5)


@pytest.mark.parametrize("after", ["", "x", "_a", "nan_a", "inf_a", "1" * 500])
def test_a_place_that_is_none_is_refused(queued: Engine, after: str) -> None:
    with pytest.raises(InvalidOrder, match="after"):
        queue.page(queued, Filters(), NOW_MS, after)


@pytest.mark.parametrize("limit", [0, 201])
def test_a_page_is_bounded(queued: Engine, limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        queue.page(queued, Filters(), NOW_MS, limit=limit)
