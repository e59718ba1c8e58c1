"""Which row of a table one is at, when some rows never arrive."""

from pathlib import Path

from evaluation.importers.base import Tally
from models.errors import InvalidEvent


class Numbers:
    """Numbers rows from 1, those between them counted that were refused for their number of cells."""

    def __init__(self, path: Path, tally: Tally) -> None:
        """`tally` takes what is refused."""
        self._path = path
        self._tally = tally
        self._ragged: set[int] = set()
        self._last = 0

    def refuse(self, number: int, text: str, why: str) -> None:
        """Take a row with too few or too many cells."""
        self._ragged.add(number)
        self._tally.rows += 1
        error = InvalidEvent("", "malformed", why)
        self._tally.refuse(error, self._path, number, text.encode("utf-8", "replace"))

    def next(self) -> int:
        """The number of the next whole row."""
        self._last += 1
        while self._last in self._ragged:
            self._ragged.discard(self._last)
            self._last += 1
        return self._last
