"""Operators over weeks, accounts that came back, and the watch list."""

import msgspec
import pytest
from sqlalchemy import Engine

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.operators.read import OperatorCase, operator, operators, watch_list, weeks_of
from models.alerts import Alert
from streams.store.accounts import forget_accounts
from streams.store.engine import writing
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case


def of(name: str, campaign: str, first: int, end: int, days_ago: int) -> Alert:
    accounts = [f"a{n}" for n in range(first, end)]
    made = case(campaign, accounts=1, last_action_ms=NOW_MS - days_ago * DAY_MS)
    return msgspec.structs.replace(made, accounts=accounts, accounts_total=len(accounts), operator=name)


@pytest.fixture
def known(engine: Engine) -> Engine:
    SqlStore(engine).put([of("one", "one", 0, 10, 30), of("one", "later", 5, 15, 16), of("one", "now", 9, 20, 1)])
    SqlStore(engine).put([of("two", "two", 100, 110, 3), case("nobody")])
    decide(engine, Order("later", Action.WATCH, "m-7", 1, 0, text="same printer as in May"), NOW_MS)
    decide(engine, Order("two", Action.DISMISS, "m-7", 1, 0, "fans"), NOW_MS)
    return engine


def test_operators_are_listed_with_their_cases_and_decisions(known: Engine) -> None:
    rows = [(row.operator, row.cases, row.accounts, row.watched, row.dismissed) for row in operators(known)]
    assert rows == [("one", 3, 20, 1, 0), ("two", 1, 10, 0, 1)]  # a0 to a19: who came back is one account
    assert [row.operator for row in operators(known, 1)] == ["one"]


def test_what_retention_erased_is_not_counted_as_nobody(known: Engine) -> None:
    with writing(known) as connection:
        for campaign, accounts in (("one", range(10)), ("later", range(5, 15)), ("now", range(9, 20))):
            forget_accounts(connection, campaign, [f"a{n}" for n in accounts])
    assert [(row.operator, row.accounts) for row in operators(known)] == [("one", 11), ("two", 10)]


def test_accounts_that_came_back_are_told_with_their_cases(known: Engine) -> None:
    page = operator(known, "one")
    assert page is not None
    assert [(each.campaign, each.came_back) for each in page.cases] == [("one", 0), ("later", 5), ("now", 6)]
    assert page.returned[0].account == "a9"
    assert page.returned[0].cases == ("one", "later", "now")
    assert page.returned_total == len(page.returned) == 10
    assert operator(known, "nobody") is None


def test_the_watch_list_says_who_and_why_until_it_is_undone(known: Engine) -> None:
    (line,) = watch_list(known)
    assert (line.campaign, line.operator, line.by, line.why) == ("later", "one", "m-7", "same printer as in May")
    page = operator(known, "one")
    assert page is not None
    assert page.watched == [line]
    decide(known, Order("later", Action.UNDO, "m-8", 1, 1), NOW_MS)
    assert watch_list(known) == []


def test_weeks_have_no_gaps(known: Engine) -> None:
    page = operator(known, "one")
    assert page is not None
    assert [cases for _, cases, _ in page.weeks].count(0) >= 1
    assert sum(cases for _, cases, _ in page.weeks) == 3
    assert len({week for week, _, _ in page.weeks}) == len(page.weeks) in {5, 6}


def test_weeks_cross_the_end_of_a_year_and_are_bounded() -> None:
    first_ms, last_ms = 1_735_603_200_000, 1_736_208_000_000  # 31 December 2024, 7 January 2025
    one = OperatorCase("c", "opened", "campaign", "high", "", 5, 3.0, first_ms, last_ms, "", "open")
    assert weeks_of([one], {}) == [("2025-W01", 1, 5), ("2025-W02", 1, 5)]
    long = msgspec.structs.replace(one, first_action_ms=first_ms - 4_000 * DAY_MS)
    assert len(weeks_of([long], {})) == 104


def test_an_account_in_two_cases_of_a_week_is_one_account() -> None:
    one = OperatorCase("c", "opened", "campaign", "high", "", 3, 3.0, NOW_MS, NOW_MS, "", "open")
    other = msgspec.structs.replace(one, campaign="d", accounts_total=4)
    (week,) = weeks_of([one, other], {"c": ("a", "b", "c"), "d": ("b", "c", "d", "e")})
    assert week[1:] == (2, 5)
