"""What a person dismissed is not raised again for its reason, and is once it is really another case."""

from collections.abc import Sequence
from random import Random

import msgspec
import pytest

from detector.dismissals import Dismissals
from detector.engine import Engine
from detector.evidence.reasoning import rule_of
from detector.settings import DetectorSettings, DismissalSettings, load
from models.alerts import Alert, AlertState, Explanation, Outcome
from models.events import Account, AnyEvent, Decision, Like, LikeAction, Post, Verdict
from models.moments import when_ms
from tests.unit.detector.conftest import MINUTE_MS, START_MS, army_likes, honest_likes

CALLS = (AlertState.OPENED, AlertState.UPDATED)
HOUR_MS = 60 * MINUTE_MS


def first_hours(rnd: Random) -> list[AnyEvent]:
    return sorted(army_likes(rnd, 30, 8) + honest_likes(rnd, 300, 80, 10), key=when_ms)


def orders(rnd: Random, accounts: Sequence[str], at_ms: int, name: str = "later", targets: int = 6) -> list[AnyEvent]:
    """The accounts come together to new targets of strangers, among honest ones."""
    events: list[AnyEvent] = []
    for number in range(targets):
        begin_ms = at_ms + number * 7 * MINUTE_MS
        for account in [*accounts, *(f"honest{rnd.randrange(300)}" for _ in range(15))]:
            spread_ms = rnd.randrange(4 * MINUTE_MS)
            events.append(
                Like(account, f"{name}{number}", LikeAction.LIKE, begin_ms + spread_ms, f"{name} author {number}")
            )
    return sorted(events, key=when_ms)


def army(first: int, end: int) -> list[str]:
    return [f"army{number}" for number in range(first, end)]


def called(alerts: Sequence[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.state in CALLS]


def dismissed(alerts: Sequence[Alert]) -> list[Explanation]:
    return [e for alert in alerts for e in alert.explanations if e.name == "dismissed" and e.stands]


class Night:
    """An engine that has called one army, and the moment after it."""

    def __init__(self, settings: DetectorSettings | None = None, shards: int = 1) -> None:
        self.rnd = Random(1)
        self.engine = Engine(settings or DetectorSettings(), shards)
        events = first_hours(self.rnd)
        alerts = self.engine.push(events) + self.engine.drain()
        self.case = next(a for a in called(alerts) if a.kind == "campaign")
        self.campaign = self.case.campaign
        self.now_ms = when_ms(events[-1]) + MINUTE_MS
        self.decisions = 0

    def decide(self, decision: Decision, reason: str = "", **more: object) -> Verdict:
        self.decisions += 1
        self.now_ms += MINUTE_MS
        return Verdict(
            f"v{self.decisions}", self.campaign, 1, decision, "moderator-7", self.now_ms, reason, **more  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip

    def push(self, *events: AnyEvent) -> list[Alert]:
        self.now_ms = max([self.now_ms, *map(when_ms, events)])
        return self.engine.push(list(events)) + self.engine.drain()


def test_without_a_decision_the_army_is_told_again_when_it_grows() -> None:
    night = Night()
    assert called(night.push(*orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS)))


def test_a_dismissed_community_that_grows_is_listed_with_who_decided_what_when_and_why() -> None:
    night = Night()
    night.push(night.decide(Decision.DISMISS, "fans"))
    later = night.push(*orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS))
    assert not called(later)
    newest = [alert for alert in later if dismissed([alert])][-1]
    (explanation,) = dismissed([newest])
    assert newest.outcome is Outcome.ORGANIC
    assert newest.headline.endswith("not raised, since a person decided so before")
    for part in ("moderator-7 dismissed case", night.campaign, "UTC as fans of the same thing", "were in it"):
        assert part in explanation.sentence
    held = {item.name for item in newest.inauthenticity if item.held_back == "dismissed"}
    assert held
    assert held <= set(explanation.accounts_for)
    assert "what a person decided about before" in rule_of(newest)


def test_an_undone_dismissal_leaves_everything_as_it_was() -> None:
    night = Night()
    verdict = night.decide(Decision.DISMISS, "petition")
    night.push(verdict)
    middle = night.push(*orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS))
    assert not called(middle)
    night.push(night.decide(Decision.UNDO, undoes=verdict.verdict_id))
    assert called(night.push(*orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS, "third")))


def test_mostly_other_accounts_are_another_case() -> None:
    night = Night()
    night.push(night.decide(Decision.DISMISS, "fans"))
    acting = [*army(0, 8), *(f"fresh{number}" for number in range(25))]
    found = called(night.push(*orders(night.rnd, acting, night.now_ms + MINUTE_MS)))
    assert found
    assert any("fresh1" in alert.accounts for alert in found)


def test_evidence_that_the_dismissed_case_had_not_raises_the_same_accounts_again() -> None:
    night = Night()
    night.push(night.decide(Decision.DISMISS, "fans"))
    # what nobody knew when it was dismissed: one script registered them all, on a handful of devices
    facts: list[AnyEvent] = [
        Account(name, START_MS - 9 * 86_400_000 + n * 1000, f"zx{n:04d}", device_id=f"farm{n % 3}", network_id="n-1")
        for n, name in enumerate(army(0, 30))
    ]
    facts += [
        Account(
            f"honest{n}", START_MS - (30 + 7 * n) * 86_400_000, f"person {n}", device_id=f"d{n}", network_id=f"a{n}"
        )
        for n in range(300)
    ]
    found = called(night.push(*facts, *orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS)))
    assert found
    (explanation,) = dismissed(found[-1:])
    fresh = [item for item in found[-1].inauthenticity if item.counted > 0]
    assert sum(item.counted for item in fresh) >= found[-1].points_min
    assert not {item.name for item in fresh} & set(explanation.accounts_for)


def test_accounts_left_out_of_a_dismissal_are_not_dismissed() -> None:
    night = Night()
    night.push(night.decide(Decision.DISMISS, "fans", accounts_left_out=tuple(army(0, 20))))
    assert called(night.push(*orders(night.rnd, army(0, 20), night.now_ms + MINUTE_MS)))


@pytest.mark.parametrize("dismissals", [{"enabled": False}, {"memory_ms": 60_000}])
def test_a_dismissal_holds_only_where_asked_and_as_long(dismissals: dict[str, object]) -> None:
    night = Night(load({"dismissals": dismissals}))
    night.push(night.decide(Decision.DISMISS, "fans"))
    assert called(night.push(*orders(night.rnd, army(0, 30), night.now_ms + 5 * MINUTE_MS)))


def allow(night: Night, until_ms: int, accounts: tuple[str, ...] = (), targets: tuple[str, ...] = ()) -> Verdict:
    who, why = "lead-2", "our own pages"
    return Verdict("allow-1", "allow:1", 0, Decision.ALLOW, who, night.now_ms, why, accounts, None, targets, until_ms)


def test_the_allow_list_holds_until_it_expires() -> None:
    night = Night()
    until_ms = night.now_ms + 2 * HOUR_MS
    listed = night.push(
        allow(night, until_ms, tuple(army(0, 30))), *orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS)
    )
    assert not called(listed)
    (told,) = [e for e in listed[-1].explanations if e.name == "allowed"]
    assert "lead-2 put them there" in told.sentence
    assert "our own pages" in told.sentence
    assert called(night.push(*orders(night.rnd, army(0, 30), until_ms + MINUTE_MS, "expired")))


def test_targets_of_an_allowed_author_are_allowed_and_an_undo_takes_that_back() -> None:
    night = Night()
    authors = tuple(f"later author {number}" for number in range(6))
    night.push(allow(night, night.now_ms + 90 * HOUR_MS, targets=authors))
    night.campaign = "allow:1"
    later_ms = night.now_ms + 30 * HOUR_MS
    fresh = [f"fresh{number}" for number in range(25)]
    assert not called(night.push(*orders(night.rnd, fresh, later_ms)))
    night.push(night.decide(Decision.UNDO, undoes="allow-1"))
    assert called(night.push(*orders(night.rnd, fresh, night.now_ms + 30 * HOUR_MS, "later")))


TOUR = (
    "our new harbour tour leaves every morning at nine from the old pier, children sail free, coffee and cake are "
    "on board, book a seat today and bring a friend along for half the usual price"
)


def flood(rnd: Random, writers: str, at_ms: int, posts: int) -> list[AnyEvent]:
    """Accounts post one text within a minute, each with five words changed."""
    events: list[AnyEvent] = []
    for n in range(posts):
        words = TOUR.split()
        for place in rnd.sample(range(1, len(words)), 5 if n else 0):
            words[place] = f"{words[place]}{rnd.choice('aeiou')}{rnd.choice('nrst')}"
        events.append(
            Post(f"{writers}-{n}", f"{writers}{n}", " ".join(words), at_ms + (rnd.randrange(MINUTE_MS) if n else 0))
        )
    return sorted(events, key=when_ms)


@pytest.mark.parametrize("reason", [None, "petition"])
def test_a_dismissed_text_is_not_raised_again_whoever_posts_it(reason: str | None) -> None:
    rnd, engine = Random(1), Engine()
    (first,) = {a.campaign: a for a in called(engine.push(flood(rnd, "early", START_MS, 60)) + engine.drain())}.values()
    later_ms = START_MS + 40 * MINUTE_MS
    if reason is not None:
        engine.push([Verdict("v1", first.campaign, 1, Decision.DISMISS, "moderator-7", later_ms, reason)])
    found = engine.push(flood(rnd, "late", later_ms + 2 * HOUR_MS, 90)) + engine.finish()
    late = [alert for alert in found if any(account.startswith("late") for account in alert.accounts)]
    assert bool(called(late)) is (reason is None)
    if reason is not None:
        assert "these are the same texts" in dismissed(late)[-1].sentence


def test_memory_is_bounded_and_a_snapshot_holds_everything() -> None:
    case = Night().case
    book = Dismissals(DismissalSettings(dismissals_max=10))
    for number in range(25):
        told = msgspec.structs.replace(case, campaign=f"case{number}", accounts=[f"a{number}"])
        book.remember(told)
        verdict = Verdict(f"v{number}", told.campaign, 1, Decision.DISMISS, "m", START_MS + number, "fans")
        book.decide(verdict, verdict, told if number % 2 else None)
    assert (len(book), book.forgotten) == (10, 15)
    again = Dismissals(DismissalSettings(dismissals_max=10))
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(book.snapshot())))
    assert again.snapshot() == book.snapshot()
    undo = Verdict("u", "case24", 1, Decision.UNDO, "m", START_MS, undoes="v24")
    book.decide(undo, None, None)
    assert len(book) == 9


def test_alerts_are_byte_equal_however_batches_and_restarts_are_cut() -> None:
    def story(cut: int, restarts: bool, shards: int = 1) -> bytes:
        night = Night(shards=shards)
        verdict = night.decide(Decision.DISMISS, "fans")
        events: list[AnyEvent] = [verdict, *orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS)]
        night.now_ms = when_ms(events[-1])
        events.append(night.decide(Decision.UNDO, undoes=verdict.verdict_id))
        events += orders(night.rnd, army(0, 30), night.now_ms + MINUTE_MS, "third")
        engine, alerts = night.engine, []
        for begin in range(0, len(events), cut):
            alerts += engine.push(events[begin : begin + cut])
            if restarts:
                parts = engine.snapshot()
                engine = Engine(shards=shards)
                engine.restore(parts)
        return msgspec.json.encode(alerts + engine.finish())

    whole = story(10_000, restarts=False)
    assert b'"dismissed"' in whole
    assert story(37, restarts=False) == whole
    assert story(61, restarts=True) == whole
    assert story(83, restarts=True, shards=3) == whole
