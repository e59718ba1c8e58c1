"""How many closed cohorts a cohort is compared with, by stratum, without looking at them one by one."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from detector.calibration.strata import FAR, NAMES, NEAR, SAME_AUTHOR, kind
from detector.cohorts.cohort import OF_POSTS, Cohort

_Key = TypeVar("_Key")


class _Place(Struct, frozen=True):
    """A cohort as it was when it was entered."""

    layer: int
    target: str
    start_ms: int
    author: str | None


class LiveCohorts:
    """Start times of the closed cohorts of one window length, sorted, by layer and by author.

    Adding and counting take a few binary searches a layer; an entry is moved by insertion into a
    sorted list, near one of its ends since cohorts come and go in order of time.
    """

    def __init__(self, near_ms: int) -> None:
        self._near_ms = near_ms
        self._places: dict[int, _Place] = {}
        self._starts: dict[int, list[int]] = {}
        self._author_starts: dict[tuple[int, str], list[int]] = {}
        self._of_target: dict[str, list[_Place]] = {}

    def __contains__(self, index: int) -> bool:
        return index in self._places

    def add(self, cohort: Cohort) -> None:
        """Enter a cohort that has closed."""
        self._add(cohort.index, _Place(cohort.layer, cohort.target, cohort.start_ms, cohort.author))

    def _add(self, index: int, place: _Place) -> None:
        self._places[index] = place
        insort(self._starts.setdefault(place.layer, []), place.start_ms)
        self._of_target.setdefault(place.target, []).append(place)
        if place.author is not None:
            insort(self._author_starts.setdefault((place.layer, place.author), []), place.start_ms)

    def drop(self, index: int) -> None:
        """Forget a cohort, if it was entered."""
        place = self._places.pop(index, None)
        if place is None:
            return
        _remove(self._starts, place.layer, place.start_ms)
        self._of_target[place.target].remove(place)
        if not self._of_target[place.target]:
            del self._of_target[place.target]
        if place.author is not None:
            _remove(self._author_starts, (place.layer, place.author), place.start_ms)

    def compared_with(self, cohort: Cohort) -> list[int]:
        """By stratum: the entered cohorts with which `cohort` is comparable."""
        counts = [0] * len(NAMES)
        for layer, starts in self._starts.items():
            if _comparable(cohort.layer, layer):
                of_author = self._author_starts.get((layer, cohort.author), []) if cohort.author is not None else []
                self._count(counts, cohort, layer, starts, of_author)
        for place in self._of_target.get(cohort.target, ()):
            if _comparable(cohort.layer, place.layer):
                counts[self._stratum(cohort, place)] -= 1
        return counts

    def _count(self, counts: list[int], cohort: Cohort, layer: int, starts: list[int], of_author: list[int]) -> None:
        number = kind(cohort.layer, layer)
        near, near_of_author = self._near(starts, cohort.start_ms), self._near(of_author, cohort.start_ms)
        counts[SAME_AUTHOR + number] += len(of_author)
        counts[NEAR + number] += near - near_of_author
        counts[FAR + number] += len(starts) - near - (len(of_author) - near_of_author)

    def _near(self, starts: list[int], start_ms: int) -> int:
        return bisect_right(starts, start_ms + self._near_ms) - bisect_left(starts, start_ms - self._near_ms)

    def _stratum(self, cohort: Cohort, place: _Place) -> int:
        number = kind(cohort.layer, place.layer)
        if cohort.author is not None and cohort.author == place.author:
            return SAME_AUTHOR + number
        return (NEAR if abs(cohort.start_ms - place.start_ms) <= self._near_ms else FAR) + number

    def snapshot(self) -> list[tuple[int, int, str, int, str | None]]:
        """The state as plain values."""
        return [(index, p.layer, p.target, p.start_ms, p.author) for index, p in self._places.items()]

    def restore(self, state: Iterable[tuple[int, int, str, int, str | None]]) -> None:
        """Take the state of `snapshot`, into an empty object."""
        for index, layer, target, start_ms, author in state:
            self._add(index, _Place(layer, target, start_ms, author))


def _comparable(layer: int, other: int) -> bool:
    return layer == other or not (layer in OF_POSTS and other in OF_POSTS)


def _remove(lists: dict[_Key, list[int]], key: _Key, value: int) -> None:
    values = lists[key]
    del values[bisect_left(values, value)]
    if not values:
        del lists[key]
