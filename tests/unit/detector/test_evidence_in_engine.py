"""Sleepers, deleted posts and contacts, through the whole engine: the same alerts whatever cuts the stream."""

from random import Random

import pytest
from msgspec import msgpack

from detector.engine import Engine
from models.alerts import Alert, Outcome
from models.events import Account, AnyEvent, Like, LikeAction, Post
from models.moments import when_ms

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
START_MS = 1_700_006_400_000
LAST_DAY = 20
ARMY = 24


def people(rng: Random, number: int = 150) -> list[AnyEvent]:
    """Everybody likes something every day, for three weeks."""
    facts: list[AnyEvent] = [
        Account(
            f"o{n}", START_MS - rng.randrange(1_000) * DAY_MS, f"anna{rng.randrange(3_000)}", observed_at_ms=START_MS
        )
        for n in range(number)
    ]
    likes: list[AnyEvent] = [
        Like(f"o{n}", f"p{rng.randrange(400)}", LikeAction.LIKE, START_MS + day * DAY_MS + rng.randrange(DAY_MS))
        for n in range(number)
        for day in range(LAST_DAY + 1)
    ]
    return facts + likes


def sleepers(rng: Random) -> list[AnyEvent]:
    """Registered two years ago, awake on the first day, silent until the last, when they like six strangers' posts."""
    found: list[AnyEvent] = []
    for n in range(ARMY):
        registered_ms = START_MS - 700 * DAY_MS + n
        found.append(Account(f"s{n}", registered_ms, f"name{n}x", observed_at_ms=START_MS))
        found.append(Like(f"s{n}", f"p{rng.randrange(400)}", LikeAction.LIKE, START_MS + rng.randrange(DAY_MS)))
        for target in range(6):
            at_ms = START_MS + LAST_DAY * DAY_MS + target * HOUR_MS + rng.randrange(600_000)
            found.append(Like(f"s{n}", f"job{target}", LikeAction.LIKE, at_ms, f"stranger{target}"))
    return found


def diverting(rng: Random) -> list[AnyEvent]:
    """Posts in words of their own that lead to one handle, most of them gone after a minute."""
    found: list[AnyEvent] = []
    for n in range(ARMY):
        words = " ".join("".join(rng.choices("abcdefghijklmnop", k=5)) for _ in range(9))
        at_ms = START_MS + LAST_DAY * DAY_MS + 3 * HOUR_MS + rng.randrange(500_000)
        contact = ("加微信 abc12345", "ＶＸ ａｂｃ１２３４５", "vx: abc12345")[n % 3]
        found.append(Post(f"d{n}", f"d{n}", f"{words} {contact}", at_ms))
        if n % 4:
            found.append(Post(f"d{n}", f"d{n}", "", at_ms, deleted_at_ms=at_ms + 55_000))
    return found


def events() -> list[AnyEvent]:
    rng = Random(9)
    return sorted(people(rng) + sleepers(rng) + diverting(rng), key=when_ms)


def run(stream: list[AnyEvent], batch: int = 500, shards: int = 1, killed_at: int | None = None) -> list[Alert]:
    engine, alerts = Engine(shards=shards), []
    for start in range(0, len(stream), batch):
        alerts += engine.push(stream[start : start + batch])
        if killed_at is not None and start <= killed_at < start + batch:
            parts = engine.snapshot()
            engine = Engine(shards=shards)
            engine.restore(parts)
    return alerts + engine.finish()


@pytest.fixture(scope="module")
def alerts() -> list[Alert]:
    return run(events())


def counted(alerts: list[Alert], account: str) -> dict[str, float]:
    """What counts in the case of most points that holds an account."""
    cases = [alert for alert in alerts if account in alert.accounts and alert.outcome is Outcome.INAUTHENTIC]
    strongest = max(cases, key=lambda alert: alert.points)
    return {item.name: item.points for item in strongest.inauthenticity if item.points}


def test_sleepers_that_wake_together_are_told(alerts: list[Alert]) -> None:
    assert counted(alerts, "s3")["awakening"] == 2


def test_one_contact_and_deletion_are_told(alerts: list[Alert]) -> None:
    found = counted(alerts, "d1")
    assert found["deletion"] == 2
    assert found["shared_contact"] == 1
    assert found["disguised_contact"] == 2


def test_nobody_else_is_called(alerts: list[Alert]) -> None:
    called = {name for alert in alerts if alert.outcome is Outcome.INAUTHENTIC for name in alert.accounts}
    assert not {name for name in called if name.startswith("o")}


def test_cuts_shards_and_restarts_change_nothing(alerts: list[Alert]) -> None:
    stream = events()
    whole = [msgpack.encode(alert) for alert in alerts]
    for batch, shards, killed_at in ((1_777, 1, None), (60, 3, None), (500, 1, 3_200), (250, 2, len(stream) - 300)):
        assert [msgpack.encode(alert) for alert in run(stream, batch, shards, killed_at)] == whole, (
            batch,
            shards,
            killed_at,
        )
