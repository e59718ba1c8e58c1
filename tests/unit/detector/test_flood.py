"""Floods of variants, and batches of registrations: items that speak early."""

from random import Random

import pytest

from detector.engine import Engine
from models.alerts import Alert, AlertState
from models.events import Account, AnyEvent, Like, LikeAction, Post
from models.moments import when_ms
from tests.unit.detector.conftest import MINUTE_MS, START_MS, honest_likes

DAY_MS = 86_400_000
ADVERTISEMENT = (
    "our new harbour tour leaves every morning at nine from the old pier, children sail free, coffee and cake are "
    "on board, book a seat today and bring a friend along for half the usual price"
)


def run(events: list[AnyEvent]) -> list[Alert]:
    engine = Engine()
    alerts = engine.push(sorted(events, key=when_ms))
    return alerts + engine.finish()


def opened(alerts: list[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.state is AlertState.OPENED]


def variants(rnd: Random, number: int, span_ms: int, edited: bool, text: str = ADVERTISEMENT) -> list[AnyEvent]:
    """Posts of one text; each edited one has its own words in five places."""
    events: list[AnyEvent] = []
    for n in range(number):
        words = text.split()
        for place in rnd.sample(range(len(words)), 5 if edited else 0):
            words[place] = f"{words[place]}{rnd.choice('aeiou')}{rnd.choice('nrst')}"
        events.append(Post(f"p{n}", f"a{n}", " ".join(words), START_MS + rnd.randrange(span_ms)))
    return events


def test_a_flood_of_variants_is_called_within_a_minute_of_the_tenth() -> None:
    events = variants(Random(1), 60, MINUTE_MS, edited=True)
    (alert,) = opened(run(events))
    tenth_ms = sorted(map(when_ms, events))[9]
    assert alert.at_ms - tenth_ms <= MINUTE_MS
    assert "spun_flood" in {item.name for item in alert.inauthenticity if item.points}


@pytest.mark.parametrize(
    ("span_ms", "edited", "text"),
    [
        (MINUTE_MS, False, ADVERTISEMENT),  # word for word: a source that everybody sees
        (40 * MINUTE_MS, True, ADVERTISEMENT),  # people who write at their own pace
        (MINUTE_MS, True, "happy new year to all of you"),  # few words, which people hit by themselves
        (MINUTE_MS, True, ADVERTISEMENT + " #harbour"),  # a call with its hashtag
    ],
)
def test_what_honest_people_do_is_no_flood(span_ms: int, edited: bool, text: str) -> None:
    alerts = run(variants(Random(2), 60, span_ms, edited, text))
    items = [item for alert in alerts for item in alert.inauthenticity if item.name == "spun_flood"]
    assert [item for item in items if item.points] == []


def registered(days: list[int], rnd: Random) -> list[AnyEvent]:
    """Seventy accounts registered on these days (days ago) and 370 of any age like one post."""
    events: list[AnyEvent] = [Account(f"other{n}", START_MS - rnd.randrange(10, 3_000) * DAY_MS) for n in range(4_000)]
    for n in range(440):
        ago = days[n % len(days)] if n < 70 else rnd.randrange(20, 3_000)
        at_ms = START_MS + rnd.randrange(30 * MINUTE_MS)
        events.append(Account(f"u{n}", START_MS // DAY_MS * DAY_MS - ago * DAY_MS + rnd.randrange(DAY_MS // 2)))
        events.append(Like(f"u{n}", "film", LikeAction.LIKE, at_ms, "studio"))
    return [*events, *honest_likes(rnd, 300, 100, 3)]


def test_two_batches_of_registrations_are_more_than_one_wave_of_newcomers() -> None:
    (alert,) = opened(run(registered([200, 240], Random(3))))
    assert set(alert.accounts) <= {f"u{n}" for n in range(70)}
    assert {"registration_burst", "registration_runs"} <= {i.name for i in alert.inauthenticity if i.counted}
    assert opened(run(registered([3], Random(3)))) == []
    assert opened(run(registered([3, 4], Random(3)))) == []
