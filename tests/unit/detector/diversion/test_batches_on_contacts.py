"""An army that writes every text anew is found on the contact that all of them lead to."""

from random import Random

import pytest

from detector.engine import Engine
from detector.settings import DetectorSettings
from models.alerts import Alert, AlertState, Outcome
from models.events import AnyEvent, Post

START_MS = 1_700_000_000_000
SYLLABLES = "ba ce di fo gu ha ji ko lu me ni po qu ra si to vu wa xi yo za".split()
SPELLINGS = (
    "加微信 abc12345",
    "V信：ａｂｃ１２３４５",
    "vx abc一二三四五",
    "w e c h a t : abc12345",
    "微❤信 a b c 1 2 3 4 5",
)


def words(rng: Random, number: int) -> str:
    return " ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(number))


def organic(rng: Random, accounts: int) -> list[AnyEvent]:
    return [
        Post(f"o{n}-{k}", f"o{n}", words(rng, 12), START_MS + rng.randrange(3_600_000))
        for n in range(accounts)
        for k in range(2)
    ]


def led_to(rng: Random, accounts: int, within_ms: int, spellings: tuple[str, ...] = SPELLINGS) -> list[AnyEvent]:
    return [
        Post(
            f"x{n}", f"x{n}", f"{words(rng, 12)} {spellings[n % len(spellings)]}",
            START_MS + 1_200_000 + rng.randrange(within_ms),
        )
        for n in range(accounts)
    ]  # fmt: skip


def last_alerts(events: list[AnyEvent], settings: DetectorSettings | None = None) -> list[Alert]:
    engine = Engine(settings or DetectorSettings())
    alerts = engine.push(sorted(events, key=lambda event: event.created_at_ms))  # type: ignore[union-attr]  # all are posts
    alerts += engine.finish()
    return list({alert.campaign: alert for alert in alerts}.values())


def test_different_words_and_one_contact_in_a_pulse_are_an_alert() -> None:
    rng = Random(5)
    (alert,) = last_alerts(organic(rng, 300) + led_to(rng, 24, 90_000))
    assert alert.outcome is Outcome.INAUTHENTIC
    assert [target.target for target in alert.targets] == ["contact:wechat:abc12345"]
    assert alert.families == []
    assert set(alert.accounts) == {f"x{n}" for n in range(24)}
    assert "sent their readers to wechat:abc12345" in alert.headline
    counted = {item.name: item.counted for item in alert.inauthenticity}
    assert counted["shared_contact"] == 1
    assert counted["pulse"] == 2


def test_a_number_that_people_pass_on_for_half_an_hour_is_listed_only() -> None:
    rng = Random(6)
    (alert,) = last_alerts(organic(rng, 300) + led_to(rng, 60, 1_500_000, ("电话 138-0013-8001",)))
    assert alert.state is AlertState.LISTED
    assert alert.outcome is Outcome.UNKNOWN
    assert alert.points == 1


def test_without_the_item_the_contact_weighs_nothing() -> None:
    rng = Random(6)
    events = organic(rng, 300) + led_to(rng, 60, 1_500_000)
    switched_off = DetectorSettings(
        evidence=DetectorSettings().evidence.__class__(disabled=("shared_contact", "disguised_contact"))
    )
    (alert,) = last_alerts(events, switched_off)
    assert not {"shared_contact", "disguised_contact"} & {item.name for item in alert.inauthenticity}
    assert alert.points == 0


def test_copies_with_a_shared_contact_show_it() -> None:
    rng = Random(7)
    text = words(rng, 30)
    copies: list[AnyEvent] = [
        Post(f"x{n}", f"x{n}", f"{text} 加QQ 123456{n % 2}89", START_MS + 1_200_000 + n * 2_000) for n in range(30)
    ]
    alerts = last_alerts(organic(rng, 300) + copies)
    (family,) = [alert for alert in alerts if alert.families]
    found = {item.name: item for item in family.inauthenticity}["shared_contact"]
    assert found.values["share"] == pytest.approx(0.5, abs=0.05)
    assert found.points == 1
