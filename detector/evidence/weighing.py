"""The sum of a case: which items count, how much, and what holds the others back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from detector.evidence.catalogue import CATALOGUE
from detector.evidence.explanations import ACCOUNTS_FOR
from detector.evidence.items import Item
from detector.settings import DetectorSettings
from models.alerts import Evidence, Explanation

Weighed = tuple[float, list[Evidence]]
FAMILY: Final = "family"
CROWD: Final = "crowd"
FAMILIES: Final[Mapping[str, frozenset[str]]] = {
    # one room, one school or one office shares all three; three points would call a class
    "equipment": frozenset({"shared_devices", "shared_network", "shared_client"}),
    # one script registers and names its accounts, and so does one course on its first day
    "registration": frozenset({"registration_burst", "registration_batch", "name_skeleton"}),
    # a weather bot keeps time and does nothing else, and is honest
    "automation": frozenset({"inside_share", "idle_otherwise", "regularity"}),
}
"""Items that tell one and the same thing: together they count at most `evidence.<family>_points_max`."""


def limit_of(family: str) -> str:
    """The name of the setting that limits a family."""
    return f"evidence.{family}_points_max"


def weigh(
    items: Sequence[Item],
    explanations: Sequence[Explanation],
    settings: DetectorSettings,
    crowd: frozenset[str] = frozenset(),
) -> Weighed:
    """Return (sum of the points that count, every item with its points, what counts of it, and its thresholds).

    Nothing counts of an item that a standing innocent explanation accounts for, nor of those named in
    `crowd`. Of a family at most its limit counts, the heaviest first.
    """
    taken = {name: found.name for found in reversed(explanations) if found.stands for name in _accounted(found)}
    left = {family: setting(settings, limit_of(family)) for family in FAMILIES}
    told: list[Evidence] = []
    for points, found in sorted(items, key=lambda item: -item[0]):
        family = _family_of(found.name)
        held_back = CROWD if found.name in crowd else taken.get(found.name)
        counted = 0.0 if held_back else min(points, left.get(family, points))
        left[family] = left.get(family, points) - counted
        if points <= 0:
            held_back = None
        elif held_back is None and counted < points:
            held_back = FAMILY
        told.append(_with_sum(found, points, counted, held_back, settings))
    return sum(each.counted for each in told), told


def _accounted(found: Explanation) -> tuple[str, ...]:
    """What a person dismissed names its items itself."""
    return found.accounts_for or accounted_by(found.name)


def accounted_by(explanation: str) -> tuple[str, ...]:
    """Items that an innocent explanation accounts for, sorted."""
    return tuple(sorted(ACCOUNTS_FOR.get(explanation, ())))


def with_thresholds(found: Evidence, settings: DetectorSettings) -> Evidence:
    """The same with the settings that its figures were held against."""
    return msgspec.structs.replace(found, thresholds=_thresholds(found.name, settings))


def with_accounted(found: Explanation) -> Explanation:
    """The same with the items that it accounts for where it stands."""
    return msgspec.structs.replace(found, accounts_for=_accounted(found))


def _with_sum(
    found: Evidence, points: float, counted: float, held_back: str | None, settings: DetectorSettings
) -> Evidence:
    return msgspec.structs.replace(
        found, points=points, counted=counted, held_back=held_back, thresholds=_thresholds(found.name, settings)
    )


def _family_of(name: str) -> str:
    return next((family for family, names in FAMILIES.items() if name in names), name)


def _thresholds(name: str, settings: DetectorSettings) -> dict[str, float]:
    note = CATALOGUE.get(name)
    paths = () if note is None else note.settings
    family = _family_of(name)
    limits = (limit_of(family),) if family in FAMILIES else ()
    return {path: setting(settings, path) for path in (*paths, *limits)}


def setting(settings: DetectorSettings, path: str) -> float:
    """The number at a dotted path, such as `evidence.onset_min_ms`. Raises `AttributeError` if there is none."""
    found: Any = settings
    for part in path.split("."):
        found = getattr(found, part)
    return float(found)
