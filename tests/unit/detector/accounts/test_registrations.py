"""Batches of registrations stand out of quiet days and of honest surges."""

from random import Random

import msgspec
import pytest

from detector.accounts.names import pattern, rarity, skeleton
from detector.accounts.registrations import DECAY_AT, Registrations

HOUR_MS = 3_600_000
START_MS = 1_700_000_000_000
WORDS = "sunny river maple happy stone anna peter little tiger moon honey wolf".split()


def honest_name(rng: Random) -> str:
    ends = ("", str(rng.randrange(100)), f"_{rng.choice(WORDS)}", str(rng.randrange(1900, 2010)))
    return rng.choice(WORDS) + rng.choice(ends)


def machine_name(rng: Random) -> str:
    return "".join(rng.choices("bcdfghjkqxzv", k=7)) + f"{rng.randrange(10_000):04d}"


def ordinary(rng: Random, number: int = 4_000) -> Registrations:
    found = Registrations()
    for _ in range(number):
        found.add(START_MS - rng.randrange(1, 900) * 24 * HOUR_MS, honest_name(rng))
    return found


def test_a_script_stands_out() -> None:
    rng = Random(1)
    found = ordinary(rng)
    for _ in range(40):
        found.add(START_MS, machine_name(rng))
    assert found.p_log10(found.cell(START_MS, machine_name(rng))) < -40


def test_an_honest_surge_does_not() -> None:
    rng = Random(2)
    found = ordinary(rng)
    surge = [honest_name(rng) for _ in range(5_000)]
    for name in surge:
        found.add(START_MS, name)
    assert min(found.p_log10(found.cell(START_MS, name)) for name in surge) > -6


def test_a_script_stands_out_of_a_surge() -> None:
    rng = Random(3)
    found = ordinary(rng)
    for _ in range(5_000):
        found.add(START_MS, honest_name(rng))
    for _ in range(60):
        found.add(START_MS, machine_name(rng))
    assert found.p_log10(found.cell(START_MS, machine_name(rng))) < -15


def test_nothing_known_says_nothing() -> None:
    found = Registrations()
    assert found.p_log10(found.cell(START_MS, "anna")) == 0


def test_old_counts_fade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.accounts.registrations.DECAY_AT", 100)
    assert DECAY_AT > 100
    found = Registrations()
    for number in range(1_000):
        found.add(START_MS + number * HOUR_MS, "anna")
    assert found.snapshot()["total"] < 100


def test_a_restart_changes_nothing() -> None:
    rng = Random(4)
    found = ordinary(rng, 500)
    again = Registrations()
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(found.snapshot())))
    for each in (found, again):
        each.add(START_MS, "anna12")
    assert found.snapshot() == again.snapshot()


@pytest.mark.parametrize(
    ("name", "letters"), [("sunny", 1), ("annette", 0), ("xqzvkj", 2), ("小明", 0), ("", 0), ("99", 0), ("wolfgang", 1)]
)
def test_how_rare_letters_are(name: str, letters: int) -> None:
    assert rarity(name) == letters


def test_a_pattern_is_shape_and_rarity() -> None:
    assert skeleton("xqzvkj94") == skeleton("sunnyy94") == "a6 92"
    assert pattern("xqzvkj94") != pattern("sunnyy94")
