"""Who was called before: the memory of operators, and the decisions of people about it.

Orders come a hundred days later, when the memory of cohorts (ninety days) has nothing left to say.
"""

from random import Random

import msgspec
import pytest

from detector.engine import Engine
from detector.evidence.operator import known_operator
from detector.operators import OperatorBook
from detector.settings import DetectorSettings, OperatorSettings, load
from models.alerts import Alert, AlertState
from models.events import AnyEvent, Decision, Like, LikeAction, Verdict
from models.moments import when_ms
from tests.unit.detector.conftest import MINUTE_MS, START_MS, army_likes, honest_likes

DAY_MS = 86_400_000
ACTIVE = 100_000
ARMY = [f"army{n}" for n in range(20)]


def learn(book: OperatorBook, case: str, accounts: list[str], at_ms: int = 0, contacts: tuple[str, ...] = ()) -> str:
    return book.learn(case, accounts, contacts, at_ms, at_ms + 1000, ACTIVE)


def decide(case: str, decision: Decision, number: int = 1, undoes: str | None = None, **more: object) -> Verdict:
    return Verdict(f"v{number}", case, 1, decision, "moderator", START_MS + number, undoes=undoes, **more)  # type: ignore[arg-type]  # left out or not


def test_a_case_that_shares_accounts_beyond_chance_is_of_the_same_operator() -> None:
    book = OperatorBook(OperatorSettings())
    assert learn(book, "first", ARMY) == "first"
    assert learn(book, "second", [*ARMY[:8], *(f"new{n}" for n in range(12))], DAY_MS) == "first"
    assert learn(book, "other", [f"else{n}" for n in range(20)], DAY_MS) == "other"
    assert len(book) == 2


def test_members_that_rotate_are_followed_from_case_to_case() -> None:
    book = OperatorBook(OperatorSettings())
    for week in range(6):
        operator = learn(book, f"week{week}", [f"a{n}" for n in range(10 * week, 10 * week + 20)], 7 * week * DAY_MS)
        assert operator == "week0"
    known = book.meets([f"a{n}" for n in range(40, 60)], ACTIVE)
    assert known is not None
    assert (known.operator, len(known.accounts), known.held) == ("week0", 20, 70)


def test_a_shared_contact_ties_cases_and_the_operators_behind_them() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "left", [f"l{n}" for n in range(10)], 0, ("contact:one",))
    learn(book, "right", [f"r{n}" for n in range(10)], 1000, ("contact:two",))
    assert learn(book, "both", [f"b{n}" for n in range(10)], 2000, ("contact:one", "contact:two")) == "left"
    assert len(book) == 1


def test_a_few_shared_accounts_of_a_large_operator_are_chance() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "large", [f"a{n}" for n in range(3000)])
    crowd = [*(f"a{n}" for n in range(15)), *(f"b{n}" for n in range(500))]
    assert book.known(crowd)
    assert book.meets(crowd, ACTIVE) is None


def test_a_case_is_not_evidence_for_itself() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "first", ARMY)
    assert book.known(ARMY, ("first",)) == []
    book.absorb(["first"])
    assert len(book) == 0


def test_what_is_dismissed_is_not_held_against_anybody_until_that_is_undone() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "first", ARMY)
    book.decide(decide("first", Decision.DISMISS))
    assert book.known(ARMY) == []
    book.decide(decide("first", Decision.UNDO, 2, undoes="v1"))
    assert book.meets(ARMY, ACTIVE) is not None


def test_accounts_left_out_by_a_person_stay_out() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "first", ARMY)
    book.decide(decide("first", Decision.CONFIRM, accounts_left_out=("army3",)))
    (known,) = book.known(ARMY)
    assert known.watched
    assert set(known.accounts) == set(ARMY) - {"army3"}


def test_memory_is_bounded_by_time_and_by_number() -> None:
    book = OperatorBook(OperatorSettings(cases_max=10))
    for number in range(25):
        learn(book, f"case{number}", [f"{number}-{n}" for n in range(10)], number * DAY_MS)
    assert (len(book), book.forgotten) == (10, 15)
    learn(book, "late", ["x"] * 10, 400 * DAY_MS)
    assert len(book) == 1


def test_a_snapshot_holds_everything() -> None:
    book = OperatorBook(OperatorSettings())
    learn(book, "first", ARMY, 0, ("contact:one",))
    learn(book, "second", ARMY[:10], DAY_MS)
    book.decide(decide("first", Decision.WATCH))
    again = OperatorBook(OperatorSettings())
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(book.snapshot())))
    assert again.snapshot() == book.snapshot()
    assert again.known(ARMY) == book.known(ARMY)


# --- through the engine


def first_week(rnd: Random) -> list[AnyEvent]:
    likes = army_likes(rnd, 30, 8) + honest_likes(rnd, 300, 80, 10)
    return sorted(likes, key=when_ms)


def one_order(rnd: Random, at_ms: int) -> list[AnyEvent]:
    """Twelve of the army and a crowd of honest accounts on one new target."""
    acting = [*(f"army{n}" for n in range(12)), *(f"honest{n}" for n in range(40))]
    events: list[AnyEvent] = [
        Like(a, "new target", LikeAction.LIKE, at_ms + rnd.randrange(10 * MINUTE_MS), "somebody new") for a in acting
    ]
    return sorted(events, key=when_ms)


def opened_on(target: str, alerts: list[Alert]) -> list[Alert]:
    calls = (AlertState.OPENED, AlertState.UPDATED)
    return [a for a in alerts if a.state in calls and {t.target for t in a.targets} == {target}]


@pytest.mark.parametrize(
    ("decision", "called"), [(Decision.CONFIRM, True), (Decision.WATCH, True), (Decision.DISMISS, False)]
)
def test_a_watched_operator_is_called_at_its_next_target(decision: Decision, called: bool) -> None:
    rnd = Random(1)
    engine = Engine()
    week = first_week(rnd)
    alerts = engine.push(week) + engine.drain()
    (campaign,) = {a.campaign for a in alerts if a.kind == "campaign"}
    later_ms = when_ms(week[-1]) + 100 * DAY_MS
    verdict = Verdict("v1", campaign, 1, decision, "moderator", later_ms - MINUTE_MS)
    found = opened_on("new target", engine.push([verdict, *one_order(rnd, later_ms)]) + engine.finish())
    assert bool(found) is called
    if called:
        assert set(found[-1].accounts) <= {f"army{n}" for n in range(30)}
        assert found[-1].operator == campaign
        assert "known_operator" in {item.name for item in found[-1].inauthenticity}


def test_without_the_memory_one_more_target_says_nothing() -> None:
    rnd = Random(1)
    engine = Engine(load({"operators": {"enabled": False}}))
    week = first_week(rnd)
    engine.push(week)
    found = engine.push(one_order(rnd, when_ms(week[-1]) + 100 * DAY_MS)) + engine.finish()
    assert opened_on("new target", found) == []


def test_decisions_survive_a_restart() -> None:
    rnd = Random(1)
    engine = Engine()
    week = first_week(rnd)
    alerts = engine.push(week) + engine.drain()
    (campaign,) = {a.campaign for a in alerts if a.kind == "campaign"}
    later_ms = when_ms(week[-1]) + 100 * DAY_MS
    engine.push([Verdict("v1", campaign, 1, Decision.WATCH, "moderator", later_ms - 10 * MINUTE_MS)])
    again = Engine(DetectorSettings())
    again.restore(engine.snapshot())
    order = one_order(rnd, later_ms)
    assert msgspec.json.encode(again.push(order) + again.finish()) == msgspec.json.encode(
        engine.push(order) + engine.finish()
    )


def test_figures_of_an_item_are_floats_however_they_were_counted() -> None:
    # a count would come back from the log as 3.0, and the alert with other bytes
    book = OperatorBook(OperatorSettings())
    learn(book, "first", ARMY)
    (known,) = book.known(ARMY)
    _, evidence = known_operator(known, len(ARMY), -9.0)
    assert {type(value) for value in evidence.values.values()} == {float}


def test_one_act_seen_on_two_targets_does_not_speak_for_itself() -> None:
    book = OperatorBook(OperatorSettings())
    book.learn("hashtag", ARMY, (), 1_000, 61_000, ACTIVE)
    assert book.meets(ARMY, ACTIVE, ("link",), before_ms=1_000) is None
    assert book.meets(ARMY, ACTIVE, ("link",), before_ms=90_000) is not None


def test_a_dismissal_that_was_forgotten_or_replaced_holds_no_longer() -> None:
    book = OperatorBook(OperatorSettings(decisions_max=10))
    learn(book, "first", ARMY)
    book.decide(decide("first", Decision.DISMISS))
    book.decide(decide("first", Decision.CONFIRM, 2))
    assert book.known(ARMY)[0].watched
    book.decide(decide("first", Decision.DISMISS, 3))
    again = OperatorBook(OperatorSettings())
    again.restore(book.snapshot())
    assert again.known(ARMY) == book.known(ARMY) == []
    for number in range(10):
        book.decide(decide(f"other{number}", Decision.DISMISS, 10 + number))
    assert book.known(ARMY)
