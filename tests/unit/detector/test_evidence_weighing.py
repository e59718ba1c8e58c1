"""Every item has its words and its thresholds; what counts of it, and why not more."""

import pytest

from detector.evidence.attributes import ATTRIBUTES
from detector.evidence.behaviour import BEHAVIOUR
from detector.evidence.catalogue import CATALOGUE
from detector.evidence.explanations import ACCOUNTS_FOR
from detector.evidence.items import item
from detector.evidence.manner import MANNER
from detector.evidence.weighing import CROWD, FAMILIES, FAMILY, limit_of, setting, weigh
from detector.settings import DetectorSettings
from models.alerts import Explanation

SETTINGS = DetectorSettings()
MADE = {make.__name__ for make in (*BEHAVIOUR, *ATTRIBUTES, *MANNER)} | {"pulse", "idle_otherwise", "overlap", "span"}
FANS = Explanation("fans", True, "Fans.")


def test_every_item_that_is_made_has_its_words() -> None:
    assert set(CATALOGUE) >= MADE
    assert all(note.asks and note.formula for note in CATALOGUE.values())


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_thresholds_are_settings_that_exist(name: str) -> None:
    for path in CATALOGUE[name].settings:
        assert isinstance(setting(SETTINGS, path), float)


def test_families_and_explanations_name_items_that_exist() -> None:
    named = {name for names in (*FAMILIES.values(), *ACCOUNTS_FOR.values()) for name in names}
    assert named <= set(CATALOGUE)
    assert all(setting(SETTINGS, limit_of(family)) > 0 for family in FAMILIES)


def test_points_are_summed_and_the_heaviest_comes_first() -> None:
    points, told = weigh([item(1, "tempo", ""), item(0, "churn", ""), item(2, "pulse", "")], [], SETTINGS)
    assert points == 3
    assert [(each.name, each.points, each.counted, each.held_back) for each in told] == [
        ("pulse", 2, 2, None), ("tempo", 1, 1, None), ("churn", 0, 0, None),
    ]  # fmt: skip
    assert told[1].thresholds == {"evidence.dense_share_min": 0.8, "evidence.onset_min_ms": 900_000}


def test_a_standing_explanation_takes_its_items_away() -> None:
    points, told = weigh([item(1, "dominance", ""), item(1, "tempo", "")], [FANS], SETTINGS)
    assert points == 1
    assert {each.name: each.held_back for each in told} == {"dominance": "fans", "tempo": None}
    fallen = Explanation("fans", False, "No fans.")
    assert weigh([item(1, "dominance", ""), item(1, "tempo", "")], [fallen], SETTINGS)[0] == 2


def test_one_family_alone_never_calls_anybody() -> None:
    for names in FAMILIES.values():
        points, told = weigh([item(2, name, "") for name in sorted(names)], [], SETTINGS)
        assert points < SETTINGS.evidence.points_min
        assert FAMILY in {each.held_back for each in told}


def test_what_accounts_are_is_not_held_against_a_crowd() -> None:
    items = [item(2, "registration_burst", ""), item(2, "pulse", "")]
    points, told = weigh(items, [], SETTINGS, frozenset({"registration_burst"}))
    assert points == 2
    assert {each.name: each.held_back for each in told} == {"registration_burst": CROWD, "pulse": None}


def test_what_an_explanation_takes_leaves_room_in_the_family() -> None:
    house = Explanation("organisation", True, "One house.")
    points, told = weigh([item(2, "shared_devices", ""), item(1, "shared_client", "")], [house], SETTINGS)
    assert points == 0
    assert {each.held_back for each in told} == {"organisation"}
