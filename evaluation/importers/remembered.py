"""What an importer must remember of earlier rows to make sense of later ones, with a bound."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")
REMEMBERED_MAX = 500_000


class Remembered(Generic[Key, Kept]):
    """The newest `limit` entries; the oldest is forgotten when it is full."""

    def __init__(self, limit: int = REMEMBERED_MAX) -> None:
        """`limit` is 1 or more."""
        self._limit = limit
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def put(self, key: Key, value: Kept) -> None:
        """Remember, replacing what was there."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def get(self, key: Key) -> Kept | None:
        """What is remembered, None if nothing is."""
        return self._kept.get(key)

    def pop(self, key: Key) -> Kept | None:
        """The same, and forget it."""
        return self._kept.pop(key, None)

    def __contains__(self, key: Key) -> bool:
        return key in self._kept
