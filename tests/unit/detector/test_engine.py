"""The whole core: what it finds, and that nothing but the events decides it."""

from collections.abc import Callable
from random import Random

import msgspec
import pytest

from detector.coordinator import Coordinator
from detector.engine import Engine, shard_names
from detector.settings import DetectorSettings
from models.alerts import Alert, AlertState, Outcome
from models.errors import SnapshotMismatch
from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind
from tests.unit.detector.conftest import MINUTE_MS, START_MS, army_likes, honest_likes

DAY_MS = 86_400_000


def run(events: list[AnyEvent], batch: int = 1000, shards: int = 1) -> list[Alert]:
    engine = Engine(shards=shards)
    alerts: list[Alert] = []
    for start in range(0, len(events), batch):
        alerts += engine.push(events[start : start + batch])
    return alerts + engine.finish()


def newest(alerts: list[Alert]) -> dict[str, Alert]:
    return {alert.campaign: alert for alert in alerts}


def opened(alerts: list[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.state is AlertState.OPENED]


def test_an_army_among_honest_accounts_is_alerted_and_nobody_else(mixed: Callable[[int], list[Like]]) -> None:
    alerts = run(list(mixed(1)))
    (alert,) = newest(alerts).values()
    assert alert.outcome is Outcome.INAUTHENTIC
    army = {f"army{n}" for n in range(60)}
    assert len(army & set(alert.accounts)) >= 57
    assert set(alert.accounts) <= army
    assert {target.target for target in alert.targets} <= {f"post{n}" for n in range(15)}


@pytest.mark.parametrize(("batch", "shards"), [(1, 1), (7, 3), (100_000, 4)])
def test_alerts_hang_neither_on_batches_nor_on_shards(
    mixed: Callable[[int], list[Like]], batch: int, shards: int
) -> None:
    events = list(mixed(2))
    assert msgspec.json.encode(run(events, batch, shards)) == msgspec.json.encode(run(events))


def test_redelivered_events_change_nothing(mixed: Callable[[int], list[Like]]) -> None:
    events = list(mixed(3))
    rnd = Random(3)
    doubled = sorted(events + rnd.sample(events, len(events) // 3), key=lambda like: like.acted_at_ms)
    assert msgspec.json.encode(run(doubled)) == msgspec.json.encode(run(events))


def test_disorder_within_the_lateness_changes_nothing(mixed: Callable[[int], list[Like]]) -> None:
    events = list(mixed(4))
    rnd = Random(4)
    shaken = sorted(events, key=lambda like: like.acted_at_ms + rnd.randrange(400))
    assert msgspec.json.encode(run(shaken)) == msgspec.json.encode(run(events))


def test_independent_accounts_raise_nothing() -> None:
    rnd = Random(5)
    likes = sorted(honest_likes(rnd, 1000, 50, 20), key=lambda like: like.acted_at_ms)
    assert opened(run(list(likes))) == []


def test_an_extract_of_nothing_but_an_army_is_flagged() -> None:
    rnd = Random(6)
    likes = army_likes(rnd, 100, 20) + honest_likes(rnd, 30, 20, 5)
    alerts = run(sorted(likes, key=lambda like: like.acted_at_ms))
    assert len(opened(alerts)) == 1
    found = newest(alerts)[opened(alerts)[0].campaign]
    assert len([a for a in found.accounts if a.startswith("army")]) >= 95


def fan_club(rnd: Random, fans: int, posts: int) -> list[AnyEvent]:
    """Aged accounts that like every post of one author within minutes of its publication."""
    events: list[AnyEvent] = []
    for number in range(posts):
        at_ms = START_MS + number * 25 * MINUTE_MS
        events.append(Post(f"idol{number}", "idol", f"Rehearsal number {number}, see you tonight", at_ms))
        for fan in range(fans):
            if rnd.random() < 0.8:
                delay_ms = int(rnd.expovariate(1 / (4 * MINUTE_MS)))
                events.append(Like(f"fan{fan}", f"idol{number}", LikeAction.LIKE, at_ms + delay_ms, "idol"))
        for _ in range(30):
            at = at_ms + rnd.randrange(20 * MINUTE_MS)
            events.append(Like(f"passer{rnd.randrange(900)}", f"idol{number}", LikeAction.LIKE, at, "idol"))
    return sorted(events, key=lambda e: e.created_at_ms if isinstance(e, Post) else e.acted_at_ms)


def test_a_fan_club_is_listed_as_organic_and_never_alerted() -> None:
    alerts = run(fan_club(Random(7), 60, 12))
    assert opened(alerts) == []
    campaigns = [a for a in newest(alerts).values() if a.kind == "campaign"]
    assert all(alert.outcome is Outcome.ORGANIC for alert in campaigns)
    assert all(any(e.name == "fans" and e.stands for e in alert.explanations) for alert in campaigns)


def test_a_small_forum_whose_regulars_meet_on_each_others_posts_is_not_alerted() -> None:
    rnd = Random(15)
    events: list[AnyEvent] = []
    for number in range(30):
        at_ms = START_MS + number * 20 * MINUTE_MS
        author = f"regular{rnd.randrange(120)}"
        for member in range(120):
            if rnd.random() < 0.5:
                delay_ms = int(rnd.expovariate(1 / (25 * MINUTE_MS)))
                events.append(Like(f"regular{member}", f"thread{number}", LikeAction.LIKE, at_ms + delay_ms, author))
    assert opened(run(sorted(events, key=lambda like: like.acted_at_ms))) == []  # type: ignore[union-attr]  # likes only


def flood(rnd: Random, accounts: int, span_ms: int, text: str) -> list[AnyEvent]:
    return [
        Post(f"p{n}", f"flood{n}", text, START_MS + rnd.randrange(span_ms), PostKind.COMMENT) for n in range(accounts)
    ]


TEXT = "这个小方法真的很好用让电脑提速不少推荐给大家试一试吧非常实用"


def test_a_pulse_of_one_text_is_alerted_once_it_has_stopped() -> None:
    events = flood(Random(8), 46, 19_000, TEXT)
    alerts = run(sorted(events, key=lambda e: (e.created_at_ms, e.post_id)))  # type: ignore[union-attr]  # posts only
    (alert,) = opened(alerts)
    assert alert.kind == "batch"
    assert alert.accounts_total == 46
    assert START_MS + 5 * MINUTE_MS <= alert.at_ms <= START_MS + 8 * MINUTE_MS
    assert alert.families[0].texts == (TEXT,)


def test_the_same_text_copied_by_a_crowd_over_an_hour_is_not_alerted() -> None:
    events = flood(Random(9), 200, 60 * MINUTE_MS, TEXT)
    alerts = run(sorted(events, key=lambda e: (e.created_at_ms, e.post_id)))  # type: ignore[union-attr]  # posts only
    assert opened(alerts) == []
    assert {alert.outcome for alert in newest(alerts).values()} == {Outcome.ORGANIC}


def test_a_batch_registered_in_one_day_on_shared_devices_is_alerted_on_one_target() -> None:
    rnd = Random(10)
    events: list[AnyEvent] = [
        Account(f"old{n}", START_MS - rnd.randrange(3000) * DAY_MS, observed_at_ms=START_MS - 1000) for n in range(2000)
    ]
    events += [
        Account(f"new{n}", START_MS - 2 * DAY_MS + n * 1000, device_id=f"d{n // 6}", observed_at_ms=START_MS - 900)
        for n in range(40)
    ]
    events += [Like(f"new{n}", "film", LikeAction.RATE, START_MS + n * 20_000, value=5) for n in range(40)]
    events += [Like(f"old{n}", "film", LikeAction.RATE, START_MS + n * 60_000, value=4) for n in range(50)]
    alerts = run(events)
    (alert,) = opened(alerts)
    assert (alert.kind, alert.targets[0].target) == ("batch", "film=5")
    assert {"registration_burst", "shared_devices"} <= {e.name for e in alert.inauthenticity if e.strength > 0}


@pytest.mark.parametrize("shards", [1, 3])
def test_what_is_usual_is_counted_once_an_account_whatever_the_shards(shards: int) -> None:
    rnd = Random(16)
    events: list[AnyEvent] = [
        Like(f"a{n % 300}", f"t{rnd.randrange(90)}", LikeAction.LIKE, START_MS + n * 500, client=f"c{n % 300 % 7}")
        for n in range(2_000)
    ]
    engine = Engine(shards=shards)
    engine.push(events)
    engine.finish()
    clients = engine.coordinator.background.clients
    assert clients.total == 300
    assert max(clients.counts.values()) == 43


def test_a_killed_engine_resumes_with_the_same_alerts(mixed: Callable[[int], list[Like]]) -> None:
    events = list(mixed(12)) + flood(Random(12), 30, 20_000, TEXT)
    events.sort(key=lambda e: e.acted_at_ms if isinstance(e, Like) else e.created_at_ms)
    whole = run(events, 50)
    for cut in Random(13).sample(range(0, len(events), 50), 4):
        engine = Engine(shards=2)
        alerts: list[Alert] = []
        for start in range(0, cut, 50):
            alerts += engine.push(events[start : start + 50])
        resumed = Engine(shards=2)
        resumed.restore(engine.snapshot())
        for start in range(cut, len(events), 50):
            alerts += resumed.push(events[start : start + 50])
        alerts += resumed.finish()
        assert msgspec.json.encode(alerts) == msgspec.json.encode(whole), f"cut at {cut}"


def test_a_snapshot_of_another_configuration_is_refused() -> None:
    other = DetectorSettings(lateness_ms=1)
    with pytest.raises(SnapshotMismatch):
        Coordinator(other, shard_names(1)).restore(Coordinator(DetectorSettings(), shard_names(1)).snapshot())


def test_an_alert_holds_what_a_moderator_needs(mixed: Callable[[int], list[Like]]) -> None:
    alerts = run(list(mixed(14)))
    alert = list(newest(alerts).values())[-1]
    assert alert.p_log10 < -10
    assert alert.chance.startswith("less than 1 in 10")
    assert {e.name for e in alert.synchrony} == {"overlap", "span"}
    assert any(e.strength > 0 for e in alert.inauthenticity)
    assert {e.name for e in alert.explanations} >= {"chance", "fans"}
    assert 3 <= len(alert.proof) <= 15
    accounts, targets = set(alert.accounts), {t.target for t in alert.targets}
    assert all(p.account in accounts and p.target in targets for p in alert.proof)
    assert alert.configuration == DetectorSettings().digest()
    assert [a.revision for a in alerts if a.campaign == alert.campaign] == list(
        range(1, 1 + len([a for a in alerts if a.campaign == alert.campaign]))
    )
