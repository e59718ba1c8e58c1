"""Campaigns that nobody was called of are judged as often as they grow, and none is forgotten."""

from math import log
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detector.judging
from detector.campaigns.pacing import Extent, Look, Pacing
from detector.engine import Engine
from detector.settings import CampaignSettings, DetectorSettings
from models.alerts import Alert, AlertState
from models.events import AnyEvent, Like, LikeAction
from tests.unit.detector.conftest import START_MS

POINTS_MIN = 3.0
SETTINGS = CampaignSettings()
EVERY_TIME = CampaignSettings(look_growth_min=0.0, look_memberships_per_tick=10**8)


def extent(memberships: int, accounts: int = 400, cohorts: int = 40) -> Extent:
    return Extent(memberships * 10**6 + accounts * 10**3 + cohorts, accounts, cohorts, memberships)


def looked(memberships: int = 10_000, points: float = 0.0) -> Pacing:
    pacing = Pacing(SETTINGS, POINTS_MIN)
    pacing.put("a", Look(0, extent(memberships), points, 0))
    return pacing


def test_what_was_never_looked_at_is_due() -> None:
    assert Pacing(SETTINGS, POINTS_MIN).is_due("a", extent(10), 0)


def test_what_did_not_change_is_never_due_and_does_not_wait() -> None:
    pacing = looked()
    assert not pacing.is_due("a", extent(10_000), 10**9)
    assert pacing.next_ms() is None


@pytest.mark.parametrize(
    "grown", [extent(10_500), extent(10_001, accounts=420), extent(10_001, cohorts=42), extent(9_500)]
)
def test_growth_and_loss_of_any_kind_are_looked_at_at_once(grown: Extent) -> None:
    assert looked().is_due("a", grown, 1)


def test_less_growth_waits_the_longer_the_larger_the_campaign() -> None:
    pacing = looked(10_000)
    assert not pacing.is_due("a", extent(10_001), 1)
    assert pacing.next_ms() == 500_000
    assert pacing.take_due(499_999) == []
    assert pacing.take_due(500_000) == ["a"]
    assert pacing.next_ms() is None
    assert pacing.is_due("a", extent(10_001), 500_000)
    assert looked(30).is_due("a", extent(31), 1_000)


def test_no_wait_is_longer_than_the_longest() -> None:
    pacing = looked(10**7)
    assert not pacing.is_due("a", extent(10**7 + 1), 1)
    assert pacing.next_ms() == SETTINGS.look_wait_max_ms


def test_near_a_call_less_growth_and_less_time_are_enough() -> None:
    near = looked(10_000, points=POINTS_MIN - SETTINGS.look_points_near)
    assert near.is_due("a", extent(10_125), 1)
    assert not near.is_due("a", extent(10_001), 1)
    assert near.next_ms() == 125_000


def test_a_call_or_a_decision_of_a_person_makes_everything_due() -> None:
    pacing = looked()
    pacing.decided += 1
    assert pacing.is_due("a", extent(10_000), 1)


def test_a_campaign_that_is_over_waits_no_more() -> None:
    pacing = looked()
    pacing.is_due("a", extent(10_001), 1)
    pacing.drop("a")
    assert pacing.next_ms() is None
    assert pacing.last("a") is None


@given(st.integers(1_000, 50_000))
def test_the_number_of_looks_grows_with_the_logarithm_of_the_size(size: int) -> None:
    pacing = Pacing(SETTINGS, POINTS_MIN)
    looks = 0
    for memberships in range(100, size, 7):
        now = extent(memberships)
        if pacing.is_due("a", now, 0):
            pacing.put("a", Look(0, now, 0.0, 0))
            looks += 1
    assert looks <= 2 + log(size / 100) / log(1 + SETTINGS.look_growth_min)


# --- in the engine


def clicked_list(rnd: Random, accounts: int, targets: int) -> list[AnyEvent]:
    """People who come one after the other and follow two thirds of one list, a second apart."""
    events: list[AnyEvent] = []
    for number in range(accounts):
        at_ms = START_MS + number * 15_000
        for target in range(targets):
            if rnd.random() < 2 / 3:
                events.append(Like(f"clicker{number}", f"star{target}", LikeAction.FOLLOW, at_ms, f"star{target}"))
                at_ms += 1_000
    return sorted(events, key=lambda e: e.acted_at_ms)  # type: ignore[union-attr]  # likes only


def run(events: list[AnyEvent], settings: DetectorSettings, cuts: int = 0) -> tuple[list[Alert], int]:
    """(alerts, campaigns found waiting at the cuts); at each of `cuts` the state goes through a snapshot."""
    engine, alerts, waiting = Engine(settings), list[Alert](), 0
    step = len(events) // (cuts + 1) + 1
    for start in range(0, len(events), step):
        alerts += engine.push(events[start : start + step])
        if cuts:
            state, engine = engine.snapshot(), Engine(settings)
            engine.restore(state)
            waiting += engine.coordinator._judge.pacing.next_ms() is not None
    return alerts + engine.finish(), waiting


def counted(events: list[AnyEvent], campaign: CampaignSettings, monkeypatch: pytest.MonkeyPatch) -> tuple[Alert, int]:
    """(newest listing of a campaign, judgements of campaigns)."""
    judge, calls = detector.judging.judge_campaign, []

    def counting(*args: object) -> object:
        calls.append(1)
        return judge(*args)  # type: ignore[arg-type]  # passes on what it got

    monkeypatch.setattr(detector.judging, "judge_campaign", counting)
    engine = Engine(DetectorSettings(campaign=campaign))
    engine.push(events)
    engine.finish()
    monkeypatch.undo()
    assert engine.coordinator._judge.pacing.next_ms() is None
    return next(case for case in engine.coordinator.cases if case.kind == "campaign"), len(calls)


def test_a_crowd_is_judged_far_less_often_and_comes_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    events = clicked_list(Random(7), 120, 40)
    wanted, always = counted(events, EVERY_TIME, monkeypatch)
    found, paced = counted(events, SETTINGS, monkeypatch)
    assert 3 * paced < always
    assert (found.campaign, found.outcome, found.state) == (wanted.campaign, wanted.outcome, AlertState.LISTED)


def test_campaigns_that_wait_survive_a_snapshot() -> None:
    events, settings = clicked_list(Random(8), 100, 40), DetectorSettings()
    wanted, _ = run(events, settings)
    found, waiting = run(events, settings, cuts=40)
    assert waiting >= 5
    assert msgspec.json.encode(found) == msgspec.json.encode(wanted)
