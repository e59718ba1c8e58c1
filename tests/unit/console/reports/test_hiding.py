"""What is published tells no small count, not even together with the total."""

from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given

from console.reports.counts import COLUMNS, WeekCounts
from console.reports.hiding import Report, may_tell, publish
from console.reports.weeks import weeks_between
from tests.unit.console.decisions.cases import NOW_MS

COUNTS = st.lists(
    st.builds(
        lambda numbers, waits: WeekCounts(*numbers, waits),
        st.tuples(*[st.one_of(st.integers(0, 8), st.integers(0, 900))] * len(COLUMNS)),
        st.lists(st.integers(0, 10**9), max_size=8),
    ),
    min_size=1,
    max_size=12,
)


def published(found: list[WeekCounts], count_min: int) -> Report:
    weeks = weeks_between(None, None, NOW_MS)[-len(found) :]
    return publish(weeks, found, count_min, NOW_MS)


@given(found=COUNTS, count_min=st.integers(1, 9))
def test_no_small_count_is_told(found: list[WeekCounts], count_min: int) -> None:
    report = published(found, count_min)
    for line, week in zip(report.weeks, found, strict=True):
        for name in COLUMNS:
            count = getattr(week, name)
            assert line.counts[name] == (None if 0 < count < count_min else count)


@given(hidden=st.lists(st.integers(1, 4), max_size=4))
def test_a_total_is_told_only_where_every_hidden_count_stays_open(hidden: list[int]) -> None:
    # everything that the hidden counts could be, given their sum
    possible = [each for each in product(range(1, 5), repeat=len(hidden)) if sum(each) == sum(hidden)]
    open_ = all(len({each[at] for each in possible}) > 1 for at in range(len(hidden)))
    assert may_tell(hidden, 5) is open_


@given(found=COUNTS, count_min=st.integers(1, 9))
def test_totals_are_right_or_say_at_least(found: list[WeekCounts], count_min: int) -> None:
    report = published(found, count_min)
    for name in COLUMNS:
        told, whole = report.total.counts[name], sum(getattr(week, name) for week in found)
        assert told is not None
        if name in report.total.at_least:
            assert told < whole
        else:
            assert told == whole


@given(found=COUNTS, count_min=st.integers(1, 9))
def test_precision_follows_from_told_counts_only(found: list[WeekCounts], count_min: int) -> None:
    report = published(found, count_min)
    for line in [*report.weeks, report.total]:
        confirmed, dismissed = line.counts["campaigns"], line.counts["dismissed"]
        if line.precision is None:
            continue
        assert confirmed is not None
        assert dismissed is not None
        assert not line.at_least & {"campaigns", "dismissed"}
        assert line.precision == confirmed / (confirmed + dismissed)
        assert confirmed + dismissed >= count_min


@given(found=COUNTS, count_min=st.integers(2, 9))
def test_a_median_of_few_is_not_told(found: list[WeekCounts], count_min: int) -> None:
    report = published(found, count_min)
    for line, week in zip(report.weeks, found, strict=True):
        assert (line.median_hours is None) is (len(week.waits_ms) < count_min)


def test_by_one_nothing_is_hidden_and_under_it_nothing_can_be() -> None:
    report = published([WeekCounts(campaigns=1, dismissed=1)], 1)
    assert (report.weeks[0].counts["campaigns"], report.weeks[0].precision) == (1, 0.5)
    assert report.total.at_least == frozenset()
    with pytest.raises(ValueError, match="count_min"):
        published([WeekCounts()], 0)


def test_a_week_that_goes_on_says_so() -> None:
    report = published([WeekCounts(), WeekCounts()], 5)
    assert [line.ended for line in report.weeks] == [True, False]
    assert not report.total.ended
