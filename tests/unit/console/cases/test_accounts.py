"""Accounts of a case by pages, revisions, and other cases of an operator."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Engine

from console.cases.accounts import PAGE, TARGETS_NAMED, Known, Source, account_page, with_cases
from console.cases.neighbours import NEIGHBOURS_MAX, neighbours
from console.cases.revisions import REVISIONS_MAX, change, changes
from console.decisions import queue
from models.alerts import OWN, AccountFacts, Alert, AlertState, Severity, TargetSummary
from streams.store.accounts import cases_of
from streams.store.engine import make_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case


@pytest.fixture
def engine(store_url: str) -> Any:
    made = make_engine(store_url)
    yield made
    made.dispose()


def acting(accounts: int, links: list[tuple[int, int, int]]) -> Alert:
    targets = [TargetSummary("like", f"p{at}", 1, 1, 0, 1) for at in range(5)]
    return replace(case(accounts=accounts), targets=targets, targets_total=5, links=links)


def test_a_row_tells_where_and_when() -> None:
    alert = acting(3, [(1, 4, 10), (1, 2, 20), (1, 2, 30), (1, 0, 5), (1, 1, 40), (2, 0, 7)])
    first, second, third = account_page(alert).rows
    assert (first.account, first.acts, first.targets_total) == ("a1", 5, 4)
    assert first.targets == (("like", "p2"), ("like", "p0"), ("like", "p1"))
    assert (first.first_ms, first.last_ms) == (5, 40)
    assert (second.account, second.acts) == ("a2", 1)
    assert (third.account, third.acts, third.first_ms, third.targets) == ("a0", 0, None, ())


@given(
    st.integers(0, 130), st.lists(st.tuples(st.integers(0, 129), st.integers(0, 4), st.integers(0, 99)), max_size=60)
)
def test_pages_have_every_account_once(accounts: int, links: list[tuple[int, int, int]]) -> None:
    alert = acting(accounts, [link for link in links if link[0] < accounts])
    first = account_page(alert)
    pages = [account_page(alert, page=number) for number in range(1, first.pages + 1)]
    assert all(len(page.rows) <= PAGE for page in pages)
    names = [row.account for page in pages for row in page.rows]
    assert sorted(names) == sorted(alert.accounts)
    widths = [row.targets_total for page in pages for row in page.rows]
    assert widths == sorted(widths, reverse=True)
    assert all(len(row.targets) == min(row.targets_total, TARGETS_NAMED) for page in pages for row in page.rows)
    assert account_page(alert, page=10_000) == pages[-1]


def test_find_is_by_part_of_a_name_whatever_its_case() -> None:
    found = account_page(case(accounts=120), " A11 ")
    assert {row.account for row in found.rows} == {"a11", *(f"a11{last}" for last in range(10))}
    assert (found.found, found.pages) == (11, 1)
    nothing = account_page(case(), "zz", 7)
    assert (nothing.rows, nothing.page, nothing.found) == ([], 1, 0)


def test_a_revision_tells_what_changed() -> None:
    before = replace(case(accounts=3), points=2.0)
    more = [*before.targets, TargetSummary("like", "t1", 1, 1, 0, 1)]
    after = replace(
        before, revision=2, accounts=["a1", "a2", "b1", "b2"], targets=more, severity=Severity.CRITICAL, points=3.5
    )
    told = change(after, before)
    assert (told.came, told.left, told.targets_came, told.points_more) == (2, 1, 1, 1.5)
    assert (told.severity_before, told.outcome_before) == ("high", None)
    alone = change(before, None)
    assert (alone.came, alone.left, alone.targets_came, alone.severity_before) == (0, 0, 0, None)


def test_revisions_come_newest_first_and_bounded(engine: Engine) -> None:
    total = REVISIONS_MAX + 5
    SqlStore(engine).put([case("c1", revision=number, accounts=number) for number in range(1, total + 1)])
    told = changes(engine, "c1")
    assert [each.revision for each in told] == list(range(total, total - REVISIONS_MAX, -1))
    assert {each.came for each in told} == {1}
    assert changes(engine, "none") == []


def test_neighbours_are_other_cases_of_the_operator_newest_first(engine: Engine) -> None:
    cases = [
        replace(case(f"n{at:02}", accounts=at + 1, last_action_ms=NOW_MS - at * 1_000), operator="op")
        for at in range(NEIGHBOURS_MAX + 3)
    ]
    SqlStore(engine).put([*cases, case("stranger")])
    others = neighbours(engine, "n00", "op")
    assert [each.campaign for each in others] == [f"n{at:02}" for at in range(1, NEIGHBOURS_MAX + 1)]
    assert {each.status for each in others} == {"open"}
    assert neighbours(engine, "n00", None) == []


def test_an_account_is_found_in_the_cases_that_raised_it(engine: Engine) -> None:
    listed = replace(case("listed", accounts=9), state=AlertState.LISTED)
    old, new = case("old", last_action_ms=NOW_MS - 9_000), case("new", accounts=2, last_action_ms=NOW_MS)
    SqlStore(engine).put([old, new, listed])
    SqlStore(engine).put([replace(old, revision=2, accounts=["a0"], accounts_total=1)])
    assert cases_of(engine, ["a0", "a2", "a8", "nobody"]) == {"a0": ["new", "old"], "a2": ["old"]}
    found = queue.page(engine, queue.Filters(account="a2"), NOW_MS)
    assert [row.campaign for row in found.rows] == ["old"]
    assert queue.page(engine, queue.Filters(account="a"), NOW_MS).rows == []


def test_rows_take_the_cases_of_their_own_account() -> None:
    alert = replace(case(accounts=3), accounts=["p-x", "p-y", "p-z"])
    page = with_cases(account_page(alert), ["x", "y", "z"], {"y": ["c1", "c9"], "p-z": ["wrong"]}, "c1")
    assert {row.account: row.cases for row in page.rows} == {"p-x": (), "p-y": ("c9",), "p-z": ()}
    assert {row.account: row.cases_total for row in page.rows} == {"p-x": 0, "p-y": 1, "p-z": 0}


def test_a_row_tells_what_is_known_and_who_shares_it() -> None:
    day_ms = 86_400_000
    facts = [
        AccountFacts(5 * day_ms, 12, client=0, device=1, network=OWN),
        AccountFacts(5 * day_ms + 7, None, client=0, device=1),
        AccountFacts(client=0, device=OWN),
    ]
    page = account_page(replace(case(accounts=3), facts=facts, shared=["app", "phone"]))
    first, second, third = (row.known for row in page.rows)
    assert page.facts
    assert first == Known(
        5 * day_ms, 2, 12,
        (Source("client", "app", 3), Source("device", "phone", 2), Source("network", None, 1)),
    )  # fmt: skip
    assert (second.registered_with, second.followers) == (2, None)
    assert third == Known(sources=(Source("client", "app", 3), Source("device", None, 1)))
    assert not account_page(case()).facts
