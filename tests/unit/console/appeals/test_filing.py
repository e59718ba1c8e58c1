"""What is taken, what is refused and why; on SQLite and PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from sqlalchemy import Engine

from console.appeals import filing
from console.appeals.entries import Appeal, AppealRefused, Limits, Outcome, Refusal
from console.appeals.read import appeal_of, appeals_page
from console.decisions import audit
from console.decisions.entries import Action
from console.decisions.errors import InvalidOrder, NoSuchCase, Stale
from console.decisions.read import history, status_of
from console.security.retention import apply
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case, outbox

Do = Callable[..., str]
Appeals = Callable[..., Appeal]


def test_an_appeal_reopens_its_case_and_tells_the_detector(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    found = appeal(statement="I am a nurse, I post after my shift.")
    assert (found.campaign, found.account, found.outcome) == ("c1", "a1", Outcome.WAITING)
    assert found.statement == "I am a nurse, I post after my shift."
    assert status_of(engine, "c1").status == "open"
    reopening = history(engine, "c1")[-1]
    assert (reopening.action, reopening.by, reopening.text) == (
        Action.REOPEN,
        "platform",
        f"appeal {found.appeal_id}",
    )
    assert [verdict.decision.value for verdict in outbox(engine)] == ["confirm", "undo"]
    assert audit.verify(engine).faults == []


def test_the_same_reference_is_the_same_appeal(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    assert appeal() == appeal(at_ms=NOW_MS + 60_000, filed_at_ms=NOW_MS)
    assert len(history(engine, "c1")) == 2
    with pytest.raises(AppealRefused) as refused:
        appeal(account="a2")
    assert refused.value.reason is Refusal.REFERENCE_USED
    with pytest.raises(AppealRefused):
        appeal(campaign="c2")


def test_of_the_same_appeal_filed_at_once_there_is_one(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: appeal(), range(6)))
    assert len(set(found)) == 1
    assert [entry.action for entry in history(engine, "c1")] == [Action.CONFIRM, Action.REOPEN]


def test_without_a_case_the_newest_decided_one_of_the_account_is_meant(do: Do, appeal: Appeals) -> None:
    with pytest.raises(AppealRefused, match="no decided case"):
        appeal(campaign=None)
    do(Action.CONFIRM, campaign="c1")
    do(Action.CONFIRM, campaign="c2", by="bob")
    assert appeal("r1", campaign=None).campaign == "c2"
    assert appeal("r1", campaign=None).campaign == "c2"  # sent again
    with pytest.raises(AppealRefused, match="not_decided"):
        appeal("r2", account="stranger", campaign=None)


def test_what_nobody_holds_against_an_account_cannot_be_appealed(do: Do, appeal: Appeals) -> None:
    def reason(**more: object) -> Refusal:
        with pytest.raises(AppealRefused) as refused:
            appeal(**more)
        return refused.value.reason

    assert reason() is Refusal.NOT_DECIDED
    do(Action.CONFIRM, campaign="large")
    assert reason(campaign="large") is Refusal.NOT_DECIDED  # one of two people
    do(Action.CONFIRM)
    do(Action.UNDO)
    assert reason() is Refusal.NOT_DECIDED
    do(Action.DISMISS)
    assert reason() is Refusal.NOTHING_HELD
    do(Action.CONFIRM, accounts_left_out=("a1",))
    assert reason() is Refusal.NOTHING_HELD
    assert reason(account="z9") is Refusal.NOT_OF_CASE
    with pytest.raises(NoSuchCase):
        appeal(campaign="nothing")


def test_an_account_that_came_to_the_case_later_was_not_decided_on(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    SqlStore(engine).put([case("c1", revision=2, accounts=9)])
    with pytest.raises(AppealRefused, match="not_of_case"):
        appeal(account="a8")
    assert appeal(account="a2").outcome is Outcome.WAITING


def test_of_who_is_beyond_the_listed_accounts_the_platforms_word_is_taken(
    engine: Engine, do: Do, appeal: Appeals
) -> None:
    told = msgspec.structs.replace(case("cut", accounts=3), accounts_total=7_000)
    SqlStore(engine).put([told])
    do(Action.CONFIRM, campaign="cut")
    do(Action.CONFIRM, by="bob", campaign="cut")
    assert appeal(campaign="cut", account="b77").outcome is Outcome.WAITING


def test_late_ones_and_many_of_one_account_are_refused(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    limits = Limits(days=30, per_account_max=2)
    with pytest.raises(AppealRefused) as refused:
        appeal(at_ms=NOW_MS + 40 * DAY_MS, limits=limits)
    assert refused.value.reason is Refusal.TOO_LATE
    # what counts is when the account appealed, not when the platform came to it
    appeal("r1", at_ms=NOW_MS + 40 * DAY_MS, filed_at_ms=NOW_MS + 30 * DAY_MS, limits=limits)
    with pytest.raises(AppealRefused) as refused:
        appeal("r2", limits=limits)
    assert refused.value.reason is Refusal.WAITS_ALREADY
    do(Action.CONFIRM, by="bob")
    appeal("r2", limits=limits, at_ms=NOW_MS + 41 * DAY_MS)
    do(Action.CONFIRM, by="cyd")
    with pytest.raises(AppealRefused) as refused:
        appeal("r3", limits=limits, at_ms=NOW_MS + 42 * DAY_MS)
    assert refused.value.reason is Refusal.TOO_MANY
    assert appeal("r4", account="a2", limits=limits, at_ms=NOW_MS + 42 * DAY_MS).outcome is Outcome.WAITING


def test_a_forgotten_case_cannot_be_appealed(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    assert apply(engine, 1, NOW_MS + 3 * DAY_MS) == 3
    with pytest.raises(AppealRefused) as refused:
        appeal()
    assert refused.value.reason is Refusal.FORGOTTEN
    assert appeals_page(engine).rows == []
    assert len(history(engine, "c1")) == 1


def test_nobody_answers_an_appeal_that_was_not_on_the_page(engine: Engine, do: Do, appeal: Appeals) -> None:
    do(Action.CONFIRM)
    appeal("r1")
    seen = status_of(engine, "c1").last_number
    appeal("r2", account="a2")
    with pytest.raises(Stale) as refused:
        decide_with(engine, seen)
    assert [entry.action for entry in refused.value.events] == [Action.REOPEN]


def decide_with(engine: Engine, seen: int) -> None:
    from console.decisions.decide import decide
    from console.decisions.entries import Order

    decide(engine, Order("c1", Action.CONFIRM, "bob", 1, seen), NOW_MS)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "a\nb"}, "reference"),
        ({"reference": "x" * 129}, "reference"),
        ({"account": " a1"}, "account"),
        ({"account": "a\u202e1"}, "account"),
        ({"campaign": "c" * 65}, "campaign"),
        ({"statement": "a\x00b"}, "statement"),
        ({"statement": "x" * 4_001}, "statement"),
        ({"filed_at_ms": NOW_MS + 400_000}, "filed_at_ms"),
    ],
)
def test_what_cannot_be_meant_is_refused(engine: Engine, do: Do, appeal: Appeals, fields: dict, field: str) -> None:
    do(Action.CONFIRM)
    with pytest.raises(InvalidOrder) as refused:
        appeal(**fields)
    assert refused.value.field == field
    assert len(history(engine, "c1")) == 1


def test_an_appeal_that_is_not_there_is_none(engine: Engine) -> None:
    assert appeal_of(engine, "0" * 24) is None


def test_a_case_takes_so_many_appeals(engine: Engine, do: Do, appeal: Appeals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "OF_CASE_MAX", 2)
    do(Action.CONFIRM)
    appeal("r0", account="a0")
    appeal("r1", account="a1")
    with pytest.raises(AppealRefused) as refused:
        appeal("r2", account="a2")
    assert refused.value.reason is Refusal.TOO_MANY
