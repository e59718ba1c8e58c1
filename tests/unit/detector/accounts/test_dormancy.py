"""Who slept and who woke, whatever the grouping of the actions."""

from collections.abc import Sequence

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.accounts.dormancy import DAY_MS, Dormancy

START_DAY = 19_000


def see(sleep: Dormancy, day: int, accounts: Sequence[int]) -> None:
    slices = np.full(len(accounts), (START_DAY + day) * DAY_MS + 5_000, np.int64)
    sleep.see(slices, np.array(accounts, np.uint64))


def woke(sleep: Dormancy, accounts: Sequence[int]) -> list[tuple[int, bool]]:
    days, new = sleep.woke(np.array(accounts, np.uint64))
    return [
        (day - START_DAY if day >= 0 else -1, first) for day, first in zip(days.tolist(), new.tolist(), strict=True)
    ]


def watched(days: int = 30) -> Dormancy:
    """Accounts 1 to 9 act every day, 50 and 51 on the first day only."""
    sleep = Dormancy(14)
    for day in range(days):
        see(sleep, day, [*range(1, 10), *((50, 51) if day == 0 else ())])
    return sleep


def test_a_sleeper_wakes_on_the_day_it_acts_and_stays_known_as_woken() -> None:
    sleep = watched()
    assert woke(sleep, [1, 50]) == [(-1, False), (-1, False)]
    see(sleep, 30, [50, 1])
    assert woke(sleep, [1, 50, 51]) == [(-1, False), (30, False), (-1, False)]
    see(sleep, 31, [1])
    assert woke(sleep, [50]) == [(30, False)]


def test_a_short_pause_is_no_sleep() -> None:
    sleep = watched(13)
    see(sleep, 13, [50])
    assert woke(sleep, [50]) == [(-1, False)]


def test_an_account_never_seen_wakes_only_once_the_stream_was_watched_long_enough() -> None:
    young, old = watched(5), watched(20)
    see(young, 5, [77])
    see(old, 20, [77])
    assert woke(young, [77]) == [(-1, False)]
    assert woke(old, [77]) == [(20, True)]
    see(old, 21, [1])
    assert woke(old, [77]) == [(20, True)]


def test_the_general_wake_up_is_told_for_today_and_for_past_days() -> None:
    sleep = watched()
    see(sleep, 30, [50, 51, 1, 2])
    assert sleep.general(START_DAY + 30) == (2, 4)
    see(sleep, 31, [1])
    assert sleep.general(START_DAY + 30) == (2, 4)
    assert sleep.general(START_DAY + 31) == (0, 1)
    assert sleep.general(1) == (0, 0)


def test_the_longest_silent_are_forgotten_first() -> None:
    sleep = Dormancy(14, accounts_max=3)
    for day, account in enumerate((1, 2, 3, 4)):
        see(sleep, day, [account])
    see(sleep, 40, [9])
    see(sleep, 41, [1, 4])
    days = dict(zip((1, 4), woke(sleep, [1, 4]), strict=True))
    assert days[4] == (41, False)
    assert days[1] == (41, True)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(1, 12), min_size=1, max_size=5)), max_size=25),
    st.integers(0, 25),
)
def test_grouping_and_a_restart_change_nothing(acts: list[tuple[int, list[int]]], at: int) -> None:
    acts = sorted(acts)
    whole, parts = Dormancy(14), Dormancy(14)
    for day, accounts in acts:
        see(whole, day, accounts)
    for number, (day, accounts) in enumerate(acts):
        for account in reversed(accounts):
            see(parts, day, [account])
        if number == at:
            state = msgspec.msgpack.decode(msgspec.msgpack.encode(parts.snapshot()))
            parts = Dormancy(14)
            parts.restore(state)
    everybody = list(range(1, 13))
    assert woke(whole, everybody) == woke(parts, everybody)
    assert [whole.general(START_DAY + day) for day in range(41)] == [
        parts.general(START_DAY + day) for day in range(41)
    ]
    assert whole.events == parts.events
