import asyncio
from itertools import count, pairwise

import numpy as np
import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError
from hypothesis import given
from hypothesis import strategies as st

from models.codec import decode_envelope
from models.cohorts import CohortUpdate, Member, ShardOutput, Timed
from models.envelopes import CoordinatorEnvelope
from models.events import Account, Like, LikeAction, Post
from streams import delivery
from streams.delivery import until_delivered
from streams.health import Facts, Health
from streams.lag import LagClock
from streams.pacing import Pacer, parse_speed
from streams.produce import key_of, shifted
from streams.splitting import envelopes_of


def facts(**changes: object) -> Facts:
    fine = {"lag": 0, "progress_at_s": 0.0, "broker_at_s": 100.0, "rebalancing": False, "warm": True, "partitions": 3}
    return Facts(**{**fine, **changes})  # type: ignore[arg-type]  # names checked by Facts


@pytest.mark.parametrize(
    ("changes", "dead", "unready"),
    [
        ({}, False, []),
        ({"lag": 5, "progress_at_s": 90.0}, False, []),
        ({"lag": 5}, True, []),
        ({"warm": False}, False, ["loading"]),
        ({"rebalancing": True}, False, ["rebalancing"]),
        ({"partitions": 0}, False, ["no partitions"]),
        ({"broker_at_s": 0.0, "lag": 5}, False, ["broker away"]),
    ],
)
def test_dead_is_only_who_has_work_and_stands_still(changes: dict[str, object], dead: bool, unready: list[str]) -> None:
    health = Health(stalled_after_s=60, broker_silent_s=8, clock=lambda: 100.0)
    assert health.why_dead() == []
    assert health.why_not_ready() == ["starting"]
    health.facts = facts(**changes)
    assert bool(health.why_dead()) is dead
    assert health.why_not_ready() == unready


def test_lag_is_the_age_of_the_oldest_waiting_message() -> None:
    clock = LagClock()
    assert clock.observe(0.0, end=10, position=10) == 0.0
    assert clock.observe(1.0, end=20, position=10) == 0.0
    assert clock.observe(5.0, end=30, position=10) == 4.0
    assert clock.observe(6.0, end=30, position=20) == 1.0
    assert clock.observe(7.0, end=30, position=30) == 0.0


@pytest.mark.parametrize(("text", "speed"), [("real", 1.0), ("x10", 10.0), ("×2.5", 2.5), ("max", None), ("3", 3.0)])
def test_speeds(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "fast", "x0", "-1", "x1e9"])
def test_speeds_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_speed(text)


def test_events_are_paced_by_their_own_time() -> None:
    now = [0.0]
    pacer = Pacer(10.0, clock=lambda: now[0], sleep=lambda s: now.__setitem__(0, now[0] + s))
    for at_ms in (5_000, 6_000, 15_000):
        pacer.wait(at_ms)
    assert now[0] == pytest.approx(1.0)


def test_shifting_moves_every_time_but_the_registration() -> None:
    assert shifted(Like("a", "t", LikeAction.LIKE, 5), 10).acted_at_ms == 15  # type: ignore[union-attr]  # a like stays one
    assert shifted(Post("p", "a", "x", 5, deleted_at_ms=7), 10) == Post("p", "a", "x", 15, deleted_at_ms=17)
    assert shifted(Account("a", 1, observed_at_ms=5), 10) == Account("a", 1, observed_at_ms=15)


def test_keys_keep_together_what_has_an_order() -> None:
    assert key_of(Like("a", "t", LikeAction.LIKE, 5)) == "t"
    assert key_of(Post("p", "a", "x", 5)) == "a"


@pytest.fixture
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BACKOFF_FIRST_S", 0.001)
    monkeypatch.setattr(delivery, "BACKOFF_MAX_S", 0.002)


@pytest.mark.usefixtures("_fast")
def test_delivery_is_repeated_until_it_succeeds() -> None:
    failures = iter([KafkaTimeoutError(), KafkaConnectionError(), ConnectionResetError()])
    retries = count()

    async def attempt() -> str:
        error = next(failures, None)
        if error is not None:
            raise error
        return "there"

    assert asyncio.run(until_delivered(attempt, "x", lambda: next(retries))) == "there"  # type: ignore[arg-type, return-value]  # counts
    assert next(retries) == 3


@pytest.mark.usefixtures("_fast")
@pytest.mark.parametrize("error", [MessageSizeTooLargeError(), ZeroDivisionError()])
def test_what_no_retry_cures_is_raised(error: Exception) -> None:
    async def attempt() -> None:
        raise error

    with pytest.raises(type(error)):
        asyncio.run(until_delivered(attempt, "x"))


def output_of(slices: list[int]) -> ShardOutput:
    times = sorted(slices)
    updates = [
        CohortUpdate(n, 1, f"t{n}", 60_000, 0, at, False, 1, 1.0, 1, [Member("a", at, "e")])
        for n, at in enumerate(times)
    ]
    found = [Timed(at, account=Account(f"a{n}", 1)) for n, at in enumerate(times)]
    accounts = np.arange(len(times), dtype="<u8").tobytes()
    return ShardOutput("s", 0, max(times), updates, np.array(times, "<i8").tobytes(), accounts, found, 3, 4)


@given(st.lists(st.integers(1, 20).map(lambda n: n * 1_000), min_size=1, max_size=60), st.integers(300, 3_000))
def test_an_output_cut_in_pieces_says_the_same(slices: list[int], bytes_max: int) -> None:
    whole = output_of(slices)
    pieces = [o for raw in envelopes_of(whole, bytes_max) for o in decode_envelope(raw, CoordinatorEnvelope).outputs]
    assert pieces[0].since_ms == whole.since_ms
    assert pieces[-1].until_ms == whole.until_ms
    assert all(a.until_ms == b.since_ms and a.until_ms < b.until_ms for a, b in pairwise(pieces))
    assert [u for piece in pieces for u in piece.updates] == whole.updates
    assert [f for piece in pieces for f in piece.facts] == whole.facts
    assert b"".join(piece.activity_slices for piece in pieces) == whole.activity_slices
    assert b"".join(piece.activity_accounts for piece in pieces) == whole.activity_accounts
    assert (sum(p.late for p in pieces), sum(p.duplicates for p in pieces)) == (3, 4)
    for piece in pieces:
        assert all(piece.since_ms < u.time_ms <= piece.until_ms for u in piece.updates)
