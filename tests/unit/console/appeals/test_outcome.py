"""Who answers, and what came of it: read from the log of decisions, on SQLite and PostgreSQL."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from console.appeals.entries import Appeal, Outcome
from console.appeals.read import appeal_of, appeals_of, appeals_page, barred_from, waiting_total
from console.appeals.tables import appeals
from console.decisions import queue
from console.decisions.entries import Action
from console.decisions.errors import DifferentPersonNeeded, SecondPersonNeeded
from console.decisions.filters import Filters
from console.security.retention import apply
from streams.store.engine import reading
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case

Do = Callable[..., str]
Appeals = Callable[..., Appeal]


def outcome(engine: Engine, appeal: Appeal) -> Outcome:
    found = appeal_of(engine, appeal.appeal_id)
    assert found is not None
    assert (found.outcome is Outcome.WAITING) is (found.answered_at_ms is None)
    waiting = {each.appeal_id for each in appeals_page(engine, waiting=True).rows}
    assert (found.outcome is Outcome.WAITING) is (found.appeal_id in waiting)  # lists and the log say the same
    return found.outcome


def test_who_decided_before_may_neither_answer_nor_take_the_answer_back(
    engine: Engine, do: Do, appeal: Appeals
) -> None:
    do(Action.CONFIRM)
    filed = appeal()
    assert barred_from(engine, "c1") == {"ann"}
    for action in (Action.CONFIRM, Action.DISMISS, Action.WATCH):
        with pytest.raises(DifferentPersonNeeded):
            do(action)
    do(Action.CONFIRM, by="bob", at_ms=NOW_MS + 5)
    assert outcome(engine, filed) is Outcome.UPHELD
    with pytest.raises(DifferentPersonNeeded):
        do(Action.UNDO)
    assert outcome(engine, filed) is Outcome.UPHELD


@pytest.mark.parametrize(
    ("action", "left_out", "expected"),
    [
        (Action.CONFIRM, (), Outcome.UPHELD),
        (Action.CONFIRM, ("a2",), Outcome.UPHELD),
        (Action.CONFIRM, ("a1",), Outcome.OVERTURNED),
        (Action.DISMISS, (), Outcome.OVERTURNED),
        (Action.WATCH, (), Outcome.OVERTURNED),
    ],
)
def test_what_is_decided_then_is_the_answer(
    engine: Engine, do: Do, appeal: Appeals, action: Action, left_out: tuple[str, ...], expected: Outcome
) -> None:
    do(Action.CONFIRM)
    filed = appeal()
    do(action, by="bob", at_ms=NOW_MS + DAY_MS, accounts_left_out=left_out)
    assert outcome(engine, filed) is expected
    found = appeal_of(engine, filed.appeal_id)
    assert found is not None
    assert found.answered_at_ms == NOW_MS + DAY_MS


def test_of_a_watched_case_watching_again_upholds(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.WATCH)
    filed = appeal()
    do(Action.WATCH, by="bob")
    assert outcome(engine, filed) is Outcome.UPHELD


def test_an_undo_makes_the_appeal_wait_again(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    filed = appeal()
    do(Action.DISMISS, by="bob")
    assert outcome(engine, filed) is Outcome.OVERTURNED
    assert do(Action.UNDO, by="bob") == "open"
    assert outcome(engine, filed) is Outcome.WAITING
    with pytest.raises(DifferentPersonNeeded):
        do(Action.CONFIRM)
    do(Action.CONFIRM, by="cyd")
    assert outcome(engine, filed) is Outcome.UPHELD


def test_several_of_one_case_are_answered_by_one_decision(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    one = appeal("r1", account="a1")
    two = appeal("r2", account="a2")
    assert waiting_total(engine) == 2
    of_case = appeals_of(engine, "c1")
    assert ([each.reference for each in of_case.waiting], of_case.waiting_total) == (["r1", "r2"], 2)
    with pytest.raises(DifferentPersonNeeded):  # the second one must not let ann back in
        do(Action.CONFIRM)
    do(Action.CONFIRM, by="bob", accounts_left_out=("a2",))
    assert (outcome(engine, one), outcome(engine, two)) == (Outcome.UPHELD, Outcome.OVERTURNED)


def test_a_later_appeal_leaves_earlier_answers_alone(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    one = appeal("r1", account="a1")
    do(Action.CONFIRM, by="bob")
    two = appeal("r2", account="a2")
    assert (outcome(engine, one), outcome(engine, two)) == (Outcome.UPHELD, Outcome.WAITING)
    do(Action.DISMISS, by="cyd")
    assert (outcome(engine, one), outcome(engine, two)) == (Outcome.UPHELD, Outcome.OVERTURNED)
    assert [each.reference for each in appeals_of(engine, "c1").answered] == ["r2", "r1"]
    assert appeals_of(engine, "c1").waiting == []


def test_the_largest_need_two_other_people(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM, campaign="large")
    do(Action.CONFIRM, by="bob", campaign="large")
    filed = appeal(campaign="large")
    assert barred_from(engine, "large") == {"ann", "bob"}
    for person in ("ann", "bob"):
        with pytest.raises(DifferentPersonNeeded):
            do(Action.CONFIRM, by=person, campaign="large")
    assert do(Action.CONFIRM, by="cyd", campaign="large", accounts_left_out=("a1",)) == "pending"
    assert outcome(engine, filed) is Outcome.WAITING
    with pytest.raises(SecondPersonNeeded):
        do(Action.CONFIRM, by="cyd", campaign="large")
    assert do(Action.CONFIRM, by="dan", campaign="large") == "confirmed"
    assert outcome(engine, filed) is Outcome.OVERTURNED  # in doubt an account is spared
    assert do(Action.UNDO, by="dan", campaign="large") == "pending"
    assert outcome(engine, filed) is Outcome.WAITING


def test_an_appeal_that_comes_while_a_second_person_is_awaited_starts_the_answer_anew(
    engine: Engine, do: Do, appeal: Appeals
) -> None:
    do(Action.CONFIRM, campaign="large")
    do(Action.CONFIRM, by="bob", campaign="large")
    one = appeal("r1", campaign="large")
    do(Action.CONFIRM, by="cyd", campaign="large")
    two = appeal("r2", account="a2", campaign="large")
    assert barred_from(engine, "large") == {"ann", "bob"}
    assert do(Action.CONFIRM, by="cyd", campaign="large") == "pending"
    assert do(Action.CONFIRM, by="dan", campaign="large") == "confirmed"
    assert (outcome(engine, one), outcome(engine, two)) == (Outcome.UPHELD, Outcome.UPHELD)


def test_an_answer_that_somebody_is_about_to_change_is_none_yet(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM, campaign="large")
    do(Action.CONFIRM, by="bob", campaign="large")
    filed = appeal(campaign="large")
    do(Action.WATCH, by="cyd", campaign="large")
    assert outcome(engine, filed) is Outcome.OVERTURNED
    assert do(Action.CONFIRM, by="cyd", campaign="large") == "pending"
    assert outcome(engine, filed) is Outcome.WAITING
    assert do(Action.CONFIRM, by="dan", campaign="large") == "confirmed"
    assert outcome(engine, filed) is Outcome.UPHELD


def test_the_queue_finds_what_was_appealed(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)

    def shown(appealed: bool) -> set[str]:
        return {row.campaign for row in queue.page(engine, Filters(appealed=appealed), NOW_MS).rows}

    assert shown(True) == set()
    appeal()
    assert shown(True) == {"c1"}
    assert shown(False) == {"c2", "large"}
    marked = {row.campaign: row.appealed for row in queue.page(engine, Filters(), NOW_MS).rows}
    assert marked == {"c1": True, "c2": False, "large": False}
    do(Action.CONFIRM, by="bob")
    assert shown(True) == set()


def test_retention_forgets_who_appealed_and_keeps_what_came_of_it(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    spared = appeal("r1", statement="It was not me.")
    do(Action.CONFIRM, by="bob", accounts_left_out=("a1",))
    do(Action.CONFIRM, campaign="c2")
    waiting = appeal("r2", campaign="c2")
    before = appeal_of(engine, spared.appeal_id)
    later_ms = NOW_MS + 8 * DAY_MS
    apply(engine, 7, later_ms)
    with reading(engine) as connection:
        told = {row.reference: row for row in connection.execute(select(appeals))}
    assert (told["r1"].account, told["r1"].statement) == (None, None)
    assert (told["r2"].account, told["r2"].statement) == ("a1", "Not me.")
    after = appeal_of(engine, spared.appeal_id)
    assert before is not None
    assert after is not None
    assert (after.outcome, after.answered_at_ms) == (before.outcome, before.answered_at_ms)
    assert after.outcome is Outcome.OVERTURNED
    # who must answer has to see what it is about
    kept, gone = SqlStore(engine).get("c2"), SqlStore(engine).get("c1")
    assert kept is not None
    assert gone is not None
    assert (kept.accounts, gone.accounts) == (["a0", "a1", "a2"], [])
    assert appeal("r1", at_ms=later_ms, filed_at_ms=NOW_MS).appeal_id == spared.appeal_id
    do(Action.DISMISS, campaign="c2", by="bob", at_ms=later_ms)
    assert outcome(engine, waiting) is Outcome.OVERTURNED
    apply(engine, 7, later_ms + 8 * DAY_MS)
    last = appeal_of(engine, waiting.appeal_id)
    assert last is not None
    assert (last.account, last.outcome) == (None, Outcome.OVERTURNED)


def test_an_outcome_that_follows_from_two_people_outlives_the_details_of_the_first(
    engine: Engine, do: Do, appeal: Appeals
) -> None:
    do(Action.CONFIRM, campaign="large")
    do(Action.CONFIRM, by="bob", campaign="large")
    filed = appeal(campaign="large")
    do(Action.CONFIRM, by="cyd", campaign="large", accounts_left_out=("a1",), at_ms=NOW_MS + 1_000)
    do(Action.CONFIRM, by="dan", campaign="large", at_ms=NOW_MS + 5 * DAY_MS)
    apply(engine, 7, NOW_MS + 8 * DAY_MS)  # the first one's details are old enough, the second one's not
    assert outcome(engine, filed) is Outcome.OVERTURNED


def test_pages_follow_one_another(engine: Engine, do: Do, appeal: Appeals) -> None:
    SqlStore(engine).put([case(f"p{number}") for number in range(5)])
    for number in range(5):
        do(Action.CONFIRM, campaign=f"p{number}")
        appeal(f"r{number}", campaign=f"p{number}", at_ms=NOW_MS + number)
    for waiting, order in ((None, [4, 3, 2, 1, 0]), (True, [0, 1, 2, 3, 4])):
        found: list[str] = []
        after = None
        while True:
            page = appeals_page(engine, waiting, after, limit=2)
            found += [each.reference for each in page.rows]
            after = page.next
            if after is None:
                break
        assert found == [f"r{number}" for number in order]
    assert appeals_page(engine, waiting=False).rows == []
