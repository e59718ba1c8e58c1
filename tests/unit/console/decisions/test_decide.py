"""One person at a time: what is written, what follows, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from console.decisions import claims
from console.decisions.check import Rules
from console.decisions.decide import Decided, decide, decide_many
from console.decisions.entries import Action, CaseStatus, Order
from console.decisions.errors import (
    DifferentPersonNeeded,
    InvalidOrder,
    NoSuchCase,
    NothingToUndo,
    SecondPersonNeeded,
    Stale,
)
from console.decisions.read import history, log_page, status_of
from console.decisions.tables import decisions
from models.events import Decision
from streams.store.engine import reading
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case, outbox

Do = Callable[..., CaseStatus]


@pytest.fixture
def do(engine: Engine) -> Do:
    """Decide as somebody whose page is fresh, unless told otherwise."""

    def decided(action: Action, by: str = "ann", campaign: str = "c1", **more: Any) -> CaseStatus:
        seen = more.pop("seen", status_of(engine, campaign).last_number)
        revision = more.pop("revision", 1)
        at_ms = more.pop("at_ms", NOW_MS)
        rules = more.pop("rules", None)
        if action is Action.DISMISS:
            more.setdefault("reason", "fans")
        status = decide(engine, Order(campaign, action, by, revision, seen, **more), at_ms, rules).status
        assert status == status_of(engine, campaign)
        return status

    return decided


def test_a_decision_is_kept_with_everything_that_was_said(engine: Engine, do: Do) -> None:
    status = do(Action.DISMISS, reason="other", text="a class of pupils", accounts_left_out=("a1", "a0"))
    assert (status.status, status.decided_by, status.reason, status.decided_revision) == (
        "dismissed",
        "ann",
        "other",
        1,
    )
    (entry,) = history(engine, "c1")
    assert (entry.number, entry.action, entry.text) == (1, Action.DISMISS, "a class of pupils")
    assert entry.accounts_left_out == ("a0", "a1")
    assert entry.standing
    assert not entry.erased
    assert log_page(engine) == [entry]
    assert status_of(engine, "c2") == CaseStatus("c2")


@pytest.mark.parametrize(
    ("action", "word"), [(Action.CONFIRM, "confirmed"), (Action.DISMISS, "dismissed"), (Action.WATCH, "watched")]
)
def test_every_judgement_becomes_one_verdict_that_the_worker_takes(
    engine: Engine, do: Do, action: Action, word: str
) -> None:
    assert do(action, accounts_left_out=("a2",)).status == word
    (verdict,) = outbox(engine)
    assert verdict.decision.value == action.value
    assert (verdict.campaign, verdict.revision, verdict.decided_by) == ("c1", 1, "ann")
    assert verdict.decided_at_ms == NOW_MS
    assert verdict.accounts_left_out == ("a2",)


def test_an_undo_is_a_new_event_and_gives_back_what_was_before(engine: Engine, do: Do) -> None:
    do(Action.WATCH)
    do(Action.CONFIRM, by="bob")
    assert do(Action.UNDO, by="cyd").status == "watched"
    assert do(Action.UNDO).status == "open"
    with pytest.raises(NothingToUndo):
        do(Action.UNDO)
    assert not any(entry.standing for entry in history(engine, "c1"))
    assert [entry.undoes for entry in history(engine, "c1")] == [None, None, 2, 1]


def test_undos_name_the_verdicts_they_take_back(engine: Engine, do: Do) -> None:
    do(Action.WATCH)
    do(Action.UNDO, by="bob")
    watched, undone = outbox(engine)
    assert (undone.decision, undone.undoes, undone.decided_by) == (Decision.UNDO, watched.verdict_id, "bob")
    assert undone.verdict_id != watched.verdict_id
    assert undone.decided_at_ms > watched.decided_at_ms  # the worker sorts by moment


def test_an_undo_may_name_the_newest_decision_only(do: Do) -> None:
    do(Action.WATCH)
    do(Action.DISMISS)
    with pytest.raises(InvalidOrder, match="newest"):
        do(Action.UNDO, undoes=1)
    assert do(Action.UNDO, undoes=2).status == "watched"


def test_handing_over_keeps_the_decision_and_tells_the_stream_nothing(engine: Engine, do: Do) -> None:
    do(Action.WATCH)
    status = do(Action.HAND_OVER, to_role="lead")
    assert (status.status, status.assigned_role, status.assigned_user) == ("watched", "lead", None)
    status = do(Action.HAND_OVER, to_user="bob")
    assert (status.assigned_role, status.assigned_user) == (None, "bob")
    assert do(Action.UNDO).assigned_role == "lead"
    assert len(outbox(engine)) == 1


def test_the_largest_need_two_different_people(engine: Engine, do: Do) -> None:
    assert do(Action.CONFIRM, campaign="large", accounts_left_out=("a1",)).status == "pending"
    assert outbox(engine) == []
    with pytest.raises(SecondPersonNeeded) as refused:
        do(Action.CONFIRM, campaign="large")
    assert refused.value.confirmed_by == "ann"
    assert do(Action.CONFIRM, by="bob", campaign="large", accounts_left_out=("a2",)).status == "confirmed"
    assert outbox(engine)[0].accounts_left_out == ("a1", "a2")  # in doubt an account is spared
    assert do(Action.UNDO, campaign="large").status == "pending"
    assert len(outbox(engine)) == 2


def test_the_second_may_dismiss_what_the_first_confirmed(engine: Engine, do: Do) -> None:
    do(Action.CONFIRM, campaign="large")
    assert do(Action.DISMISS, by="bob", campaign="large").status == "dismissed"
    assert do(Action.CONFIRM, by="bob", campaign="large").status == "pending"  # the first one's word is overtaken
    assert len(outbox(engine)) == 1


def test_from_how_many_accounts_two_are_needed_can_be_set(do: Do) -> None:
    assert do(Action.CONFIRM, campaign="large", rules=Rules(None)).status == "confirmed"
    assert do(Action.CONFIRM, campaign="c1", rules=Rules(3)).status == "pending"
    assert do(Action.CONFIRM, campaign="c2", rules=Rules(4)).status == "confirmed"


def test_a_reopened_case_goes_to_somebody_else(engine: Engine, do: Do) -> None:
    do(Action.WATCH, by="bob")
    do(Action.CONFIRM)
    assert do(Action.REOPEN, by="appeals", text="appeal of a2").status == "open"
    for person in ("ann", "bob"):
        with pytest.raises(DifferentPersonNeeded):
            do(Action.DISMISS, by=person)
    with pytest.raises(NothingToUndo):
        do(Action.UNDO, by="cyd")
    assert do(Action.DISMISS, by="cyd").status == "dismissed"
    words = [verdict.decision.value for verdict in outbox(engine)]
    assert words == ["watch", "confirm", "undo", "undo", "dismiss"]


def test_a_page_that_is_too_old_is_refused_with_what_happened(engine: Engine, do: Do) -> None:
    do(Action.WATCH, by="bob", text="let it run")
    with pytest.raises(Stale) as refused:
        do(Action.CONFIRM, seen=0)
    (entry,) = refused.value.events
    assert (entry.by, entry.action, entry.text) == ("bob", Action.WATCH, "let it run")
    assert status_of(engine, "c1").status == "watched"


def test_a_campaign_that_grew_must_be_looked_at_again(engine: Engine, do: Do) -> None:
    SqlStore(engine).put([case("c1", revision=2, accounts=9)])
    with pytest.raises(Stale) as refused:
        do(Action.CONFIRM)
    assert (refused.value.events, refused.value.revision_now, refused.value.accounts_now) == ([], 2, 9)
    assert do(Action.HAND_OVER, to_user="bob").assigned_user == "bob"
    assert do(Action.CONFIRM, revision=2).decided_revision == 2


def test_a_revision_with_the_same_accounts_is_no_news(engine: Engine, do: Do) -> None:
    SqlStore(engine).put([case("c1", revision=2, headline="the same, a minute later")])
    assert do(Action.CONFIRM).decided_revision == 1


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order("c1", Action.DISMISS, "ann", 1, 0), "reason"),
        (Order("c1", Action.DISMISS, "ann", 1, 0, reason="nonsense"), "reason"),
        (Order("c1", Action.DISMISS, "ann", 1, 0, reason="other", text="  "), "text"),
        (Order("c1", Action.CONFIRM, "ann", 1, 0, reason="fans"), "reason"),
        (Order("c1", Action.CONFIRM, "ann", 1, 0, text="x" * 2_001), "text"),
        (Order("c1", Action.CONFIRM, "ann", 1, 0, text="a\x00b"), "text"),
        (Order("c1", Action.CONFIRM, "", 1, 0), "by"),
        (Order("c1", Action.CONFIRM, "a\nb", 1, 0), "by"),
        (Order("c1", Action.CONFIRM, "ann", 7, 0), "revision"),
        (Order("c1", Action.CONFIRM, "ann", 1, 0, accounts_left_out=("zzz",)), "accounts_left_out"),
        (Order("c1", Action.CONFIRM, "ann", 1, 0, accounts_left_out=("a1", "a1")), "accounts_left_out"),
        (Order("c1", Action.UNDO, "ann", 1, 0, accounts_left_out=("a1",)), "accounts_left_out"),
        (Order("c1", Action.HAND_OVER, "ann", 1, 0), "to_user"),
        (Order("c1", Action.HAND_OVER, "ann", 1, 0, to_user="b", to_role="lead"), "to_user"),
        (Order("c1", Action.WATCH, "ann", 1, 0, to_user="b"), "to_user"),
        (Order("c1", Action.WATCH, "ann", 1, 0, undoes=1), "undoes"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(engine: Engine, order: Order, field: str) -> None:
    with pytest.raises(InvalidOrder) as refused:
        decide(engine, order, NOW_MS)
    assert refused.value.field == field
    with reading(engine) as connection:
        assert connection.execute(select(decisions.c.number)).all() == []


def test_no_case_no_decision(engine: Engine) -> None:
    with pytest.raises(NoSuchCase):
        decide(engine, Order("nobody", Action.CONFIRM, "ann", 1, 0), NOW_MS)


def test_who_decides_lets_go_of_the_case(engine: Engine, do: Do) -> None:
    claims.claim(engine, "c1", "ann", NOW_MS)
    claims.claim(engine, "c2", "bob", NOW_MS)
    do(Action.WATCH)
    do(Action.WATCH, campaign="c2")
    assert claims.of(engine, "c1", NOW_MS) is None
    held = claims.of(engine, "c2", NOW_MS)
    assert held is not None
    assert held.by == "bob"


def test_of_several_at_once_each_is_taken_or_refused_by_itself(engine: Engine) -> None:
    orders = [
        Order("c1", Action.WATCH, "ann", 1, 0),
        Order("c2", Action.WATCH, "ann", 1, 9),
        Order("nobody", Action.WATCH, "ann", 1, 0),
        Order("large", Action.DISMISS, "ann", 1, 0, reason="newsroom"),
    ]
    first, second, third, fourth = decide_many(engine, orders, NOW_MS)
    assert isinstance(first, Decided)
    assert isinstance(second, Stale)
    assert isinstance(third, NoSuchCase)
    assert isinstance(fourth, Decided)
    assert [entry.campaign for entry in log_page(engine)] == ["c1", "large"]
    with pytest.raises(ValueError, match="at most 200"):
        decide_many(engine, orders * 51, NOW_MS)
