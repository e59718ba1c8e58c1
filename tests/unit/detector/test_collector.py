from random import Random

import pytest

from detector.cohorts.collector import Collector
from detector.settings import CollectorSettings
from models.actions import Action, Layer
from models.cohorts import CohortUpdate
from models.ids import hash64

SLICE_MS = 1000
HOUR_MS = 3_600_000
LIKE = int(Layer.LIKE)


def act(account: str, time_ms: int, target: str = "t", undo: bool = False) -> Action:
    return Action(LIKE, target, account, time_ms, f"{account}-{time_ms}", undo)


def add(collector: Collector, action: Action) -> None:
    collector.add(action.layer, action.target, action, hash64(action.account), action.undo)


def run(
    actions: list[Action], settings: CollectorSettings | None = None, end_ms: int = 3 * HOUR_MS
) -> list[CohortUpdate]:
    collector = Collector(settings or CollectorSettings(), SLICE_MS)
    for action in actions:
        collector.advance((action.time_ms // SLICE_MS + 1) * SLICE_MS)
        add(collector, action)
    collector.advance(end_ms)
    return collector.take_updates()


def members_of(updates: list[CohortUpdate], window_ms: int) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for update in updates:
        if update.window_ms == window_ms:
            found.setdefault(update.window_start_ms, set()).update(m.account for m in update.members)
    return found


def test_a_cohort_is_told_at_eight_then_doubling_then_soon_and_when_it_closes() -> None:
    actions = [act(f"a{n}", 10 * HOUR_MS + n * 2000) for n in range(20)]
    updates = [u for u in run(actions, end_ms=14 * HOUR_MS) if u.window_ms == HOUR_MS]
    assert [(u.size, u.closed) for u in updates] == [(8, False), (16, False), (20, False), (20, True)]
    assert [len(u.members) for u in updates] == [8, 8, 4, 0]
    assert updates[2].time_ms - actions[-1].time_ms < 6 * 60_000


def test_fewer_than_the_smallest_cohort_are_never_told() -> None:
    assert run([act(f"a{n}", 10 * HOUR_MS + n) for n in range(7)], end_ms=14 * HOUR_MS) == []


def test_only_the_first_action_of_an_account_makes_it_a_member() -> None:
    actions = []
    for n in range(10):
        actions += [act(f"a{n}", 10 * HOUR_MS + 10 * n), act(f"a{n}", 10 * HOUR_MS + 10 * n + 1, undo=True)]
        actions.append(act(f"a{n}", 10 * HOUR_MS + 10 * n + 2))
    last = [u for u in run(actions, end_ms=14 * HOUR_MS) if u.window_ms == HOUR_MS][-1]
    assert (last.size, last.actions) == (10, 30)


def test_both_scales_hold_exactly_the_accounts_of_their_span() -> None:
    rnd = Random(11)
    times = sorted(10 * HOUR_MS + rnd.randrange(3 * HOUR_MS) for _ in range(400))
    actions = [act(f"a{n}", time_ms) for n, time_ms in enumerate(times)]
    settings = CollectorSettings(windows_ms=(HOUR_MS, HOUR_MS // 6))
    updates = run(actions, settings, end_ms=20 * HOUR_MS)
    for window_ms in (HOUR_MS, HOUR_MS // 6):
        told = members_of(updates, window_ms)
        assert told
        for start_ms, accounts in told.items():
            inside = {a.account for a in actions if start_ms <= a.time_ms < start_ms + window_ms}
            assert accounts == inside


def test_a_large_cohort_is_thinned_by_account_and_counted_in_full() -> None:
    settings = CollectorSettings(members_carried_max=100)
    actions = [act(f"a{n}", 10 * HOUR_MS + n) for n in range(1000)]
    closed = [u for u in run(actions, settings, end_ms=14 * HOUR_MS) if u.closed and u.window_ms == HOUR_MS]
    assert closed[0].size == 1000
    assert closed[0].sample_rate == pytest.approx(0.0625)


def test_a_late_action_is_used_while_its_window_is_open_and_counted_after() -> None:
    collector = Collector(CollectorSettings(), SLICE_MS)
    collector.advance(10 * HOUR_MS)
    add(collector, act("a0", 10 * HOUR_MS - 500))
    collector.advance(10 * HOUR_MS + 5000)
    add(collector, act("a1", 10 * HOUR_MS - 400))
    assert collector.missed == 0
    collector.advance(20 * HOUR_MS)
    add(collector, act("a2", 10 * HOUR_MS))
    assert collector.missed == 1


def test_the_number_of_open_windows_is_bounded() -> None:
    collector = Collector(CollectorSettings(windows_max=1000), SLICE_MS)
    collector.advance(10 * HOUR_MS)
    for n in range(1500):
        add(collector, act("a", 10 * HOUR_MS - 1, f"t{n}"))
    assert len(collector) == 1000
    assert collector.closed_early == 500


def test_cohorts_may_be_told_of_only_when_they_close() -> None:
    actions = [act(f"a{n}", 10 * HOUR_MS + n * 2000) for n in range(20)]
    updates = run(actions, CollectorSettings(growing=False), end_ms=14 * HOUR_MS)
    assert [(u.size, u.closed, len(u.members)) for u in updates] == [(20, True, 20)]
