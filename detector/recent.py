"""Bounded memory of what was seen lately."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")


class RecentKeys:
    """A set of 64-bit keys that forgets in two generations: holds the newest n to 2n keys.

    A key is surely remembered until `generation_max` newer ones have come. Memory at most about
    75 bytes × 2 × `generation_max`.
    """

    __slots__ = ("_old", "_young", "generation_max", "rotations")

    def __init__(self, generation_max: int) -> None:
        self.generation_max = generation_max
        self._young: set[int] = set()
        self._old: set[int] = set()
        self.rotations = 0

    def add(self, key: int) -> bool:
        """Remember `key`; return True if it was not known."""
        young = self._young
        if key in young:
            return False
        known = key in self._old
        young.add(key)
        if len(young) >= self.generation_max:
            self._old, self._young = young, set()
            self.rotations += 1
        return not known

    def __contains__(self, key: int) -> bool:
        return key in self._young or key in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def snapshot(self) -> NDArray[np.uint64]:
        """uint64[n + 1]: number of young keys, young keys, old keys."""
        count = np.array([len(self._young)], np.uint64)
        return np.concatenate([count, _array(self._young), _array(self._old)])

    def restore(self, array: NDArray[np.uint64]) -> None:
        """Take the state of `snapshot`."""
        split = int(array[0]) + 1
        self._young = set(array[1:split].tolist())
        self._old = set(array[split:].tolist())


def _array(keys: Iterable[int]) -> NDArray[np.uint64]:
    return np.fromiter(keys, np.uint64)


class RecentMap(Generic[Value]):
    """A mapping that forgets in two generations, in the manner of `RecentKeys`."""

    __slots__ = ("_old", "_young", "generation_max", "rotations")

    def __init__(self, generation_max: int) -> None:
        self.generation_max = generation_max
        self._young: dict[str, Value] = {}
        self._old: dict[str, Value] = {}
        self.rotations = 0

    def put(self, key: str, value: Value) -> None:
        """Remember `value`; a later one replaces it."""
        self._young[key] = value
        if len(self._young) >= self.generation_max:
            self._old, self._young = self._young, {}
            self.rotations += 1

    def get(self, key: str) -> Value | None:
        """What is remembered of `key`."""
        found = self._young.get(key)
        return self._old.get(key) if found is None else found

    def drop(self, key: str) -> None:
        """Forget one key."""
        self._young.pop(key, None)
        self._old.pop(key, None)

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def items(self) -> Iterator[tuple[str, Value]]:
        """Old entries first, then young ones, so that putting them again restores the content."""
        yield from self._old.items()
        yield from self._young.items()

    def generations(self) -> tuple[dict[str, Value], dict[str, Value]]:
        """(young, old), for a snapshot."""
        return self._young, self._old

    def restore(self, young: dict[str, Value], old: dict[str, Value]) -> None:
        """Take the state of `generations`."""
        self._young, self._old = young, old
