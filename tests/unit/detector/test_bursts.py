"""The pair lane: few accounts that meet again and again at quiet targets."""

from random import Random

import msgspec
import pytest

from detector.cohorts.collector import Collector
from detector.engine import Engine
from detector.settings import BurstSettings, CollectorSettings, load
from models.actions import Action, Layer
from models.alerts import Alert, AlertState, Outcome
from models.cohorts import CohortUpdate
from models.events import AnyEvent, Like, LikeAction, Post
from models.ids import hash64
from tests.unit.detector.conftest import MINUTE_MS, START_MS, honest_likes

SLICE_MS = 1_000
LIKE = int(Layer.LIKE)
BURSTS = BurstSettings(window_ms=120_000, quiet_max=8)
HOUR_MS = 3_600_000


def act(account: str, time_ms: int) -> Action:
    return Action(LIKE, "t", account, time_ms, f"{account}-{time_ms}")


def bursts_of(times_ms: list[int], steps_ms: int = HOUR_MS, restart: bool = False) -> list[CohortUpdate]:
    collector = Collector(CollectorSettings(), SLICE_MS, BURSTS)
    told: list[CohortUpdate] = []
    edge_ms = 0
    for number, time_ms in enumerate(times_ms):
        while edge_ms + steps_ms < time_ms:  # time also passes where nothing happens
            edge_ms += steps_ms
            collector.advance(edge_ms)
        collector.advance((time_ms // SLICE_MS + 1) * SLICE_MS)
        edge_ms = max(edge_ms, (time_ms // SLICE_MS + 1) * SLICE_MS)
        item = act(f"a{number}", time_ms)
        collector.add(LIKE, "t", item, hash64(item.account))
        if restart:
            told += collector.take_updates()
            again = Collector(CollectorSettings(), SLICE_MS, BURSTS)
            state = msgspec.msgpack.decode(msgspec.msgpack.encode(collector.snapshot()))
            again.restore(state, lambda plain: msgspec.convert(plain, Action))
            collector = again
    collector.advance(32 * HOUR_MS)
    told += collector.take_updates()
    return [update for update in told if update.window_ms == BURSTS.window_ms]


def test_three_accounts_within_two_minutes_are_told_once_the_burst_is_over() -> None:
    (update,) = bursts_of([10 * HOUR_MS, 10 * HOUR_MS + 5_000, 10 * HOUR_MS + 50_000, 10 * HOUR_MS + 600_000])
    assert [m.account for m in update.members] == ["a0", "a1", "a2"]
    assert (update.size, update.closed, update.time_ms) == (3, True, 10 * HOUR_MS + 120_000)


def test_two_accounts_or_three_that_come_apart_are_no_burst() -> None:
    assert bursts_of([10 * HOUR_MS, 10 * HOUR_MS + 1]) == []
    assert bursts_of([10 * HOUR_MS + n * 61_000 for n in range(6)]) == []


def test_a_crowded_target_is_left_to_the_cohorts() -> None:
    assert bursts_of([10 * HOUR_MS + n * 1_000 for n in range(9)]) == []
    assert len(bursts_of([10 * HOUR_MS + n * 1_000 for n in range(8)])) == 1


def test_a_second_burst_in_the_hour_is_a_cohort_of_its_own() -> None:
    first, second = bursts_of([10 * HOUR_MS + m * MINUTE_MS + s for m in (0, 10) for s in (0, 1_000, 2_000)])
    assert first.cohort != second.cohort
    assert [m.account for m in second.members] == ["a3", "a4", "a5"]


@pytest.mark.parametrize("seed", range(5))
def test_bursts_hang_neither_on_the_steps_of_time_nor_on_restarts(seed: int) -> None:
    rnd = Random(seed)
    starts = [10 * HOUR_MS + rnd.randrange(20 * HOUR_MS) // 500 * 500 for _ in range(30)]
    times = sorted(start + rnd.randrange(0, 125_000, 500) for start in starts for _ in range(3))
    plain = bursts_of(times)
    assert len(plain) > 3
    assert bursts_of(times, SLICE_MS) == plain
    assert bursts_of(times, 7 * SLICE_MS, restart=True) == plain


def small_group(rnd: Random, elsewhere: int) -> list[AnyEvent]:
    """Six accounts that like twelve old posts of twelve authors within two minutes, and `elsewhere` more each."""
    events: list[AnyEvent] = []
    for number in range(12):
        published_ms = START_MS - 60 * MINUTE_MS
        events.append(
            Post(
                f"quiet{number}",
                f"author{number}",
                " ".join(f"w{rnd.randrange(10**6)}" for _ in range(8)),
                published_ms,
            )
        )
        at_ms = START_MS + number * 9 * MINUTE_MS
        events += [
            Like(f"few{n}", f"quiet{number}", LikeAction.LIKE, at_ms + rnd.randrange(100_000), f"author{number}")
            for n in range(6)
        ]
    for n in range(6):
        for _ in range(elsewhere):
            post = rnd.randrange(400)
            at_ms = START_MS + rnd.randrange(110 * MINUTE_MS)
            events.append(Like(f"few{n}", f"other{post}", LikeAction.LIKE, at_ms, f"writer{post % 90}"))
    events += honest_likes(rnd, 800, 200, 8)
    return sorted(events, key=lambda e: e.created_at_ms if isinstance(e, Post) else e.acted_at_ms)  # type: ignore[union-attr]  # posts and likes only


def run(events: list[AnyEvent], enabled: bool = True) -> list[Alert]:
    engine = Engine(load({"bursts": {"enabled": enabled}}))
    alerts = engine.push(events)
    return alerts + engine.finish()


def test_six_accounts_that_do_little_else_are_called() -> None:
    events = small_group(Random(1), 4)
    assert run(events, enabled=False) == []
    newest = {alert.campaign: alert for alert in run(events)}
    (alert,) = newest.values()
    assert alert.outcome is Outcome.INAUTHENTIC
    assert set(alert.accounts) == {f"few{n}" for n in range(6)}
    assert not {"dominance", "tempo"} & {found.name for found in alert.inauthenticity}


def test_friends_with_a_life_of_their_own_are_not_called() -> None:
    alerts = run(small_group(Random(2), 60))
    assert alerts
    assert not [alert for alert in alerts if alert.state is AlertState.OPENED]
    assert any(found.name == "friends" and found.stands for found in alerts[-1].explanations)


def test_bursts_of_an_army_that_cohorts_hold_do_not_make_a_second_case() -> None:
    rnd = Random(3)
    events: list[AnyEvent] = []
    for number in range(16):
        size = 40 if number % 2 else 6
        for n in range(size):
            at_ms = START_MS + number * 5 * MINUTE_MS + rnd.randrange(60_000)
            events.append(Like(f"army{n}", f"post{number}", LikeAction.LIKE, at_ms, f"author{number}"))
    events += honest_likes(rnd, 800, 200, 8)
    alerts = run(sorted(events, key=lambda like: like.acted_at_ms))  # type: ignore[union-attr]  # likes only
    campaigns = {
        alert.campaign for alert in alerts if alert.kind == "campaign" and alert.state is not AlertState.CLOSED
    }
    assert len(campaigns) == 1
    assert max(alert.accounts_total for alert in alerts) >= 40
