"""The platform's usual mix: of the accounts that come to topics that do not burst."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.trends.cells import CELLS, Cells

HALVE_AT: Final = 200_000.0
"""Accounts counted before all counts are halved, so that the mix follows the platform."""


class Usual:
    """Counts of each attribute's cells, and of accounts never seen before. Fixed memory."""

    def __init__(self) -> None:
        self._counts = [[0.0] * cells for cells in CELLS]  # lists: cells are counted one at a time
        self._accounts = 0.0
        self._unseen = 0.0
        self.posts = 0
        self.deletions = 0
        """Posts taken back, quickly or not: whether the platform tells of deletions at all."""

    def add(self, cells: Cells, *, unseen: bool) -> None:
        """Count one account that came to a topic."""
        for counts, cell in zip(self._counts, cells, strict=True):
            if cell >= 0:
                counts[cell] += 1.0
        self._accounts += 1.0
        self._unseen += unseen
        if self._accounts >= HALVE_AT:
            self._accounts /= 2
            self._unseen /= 2
            self._counts = [[count / 2 for count in counts] for counts in self._counts]

    def known(self, attribute: int) -> float:
        """Accounts whose cell of an attribute was counted."""
        return sum(self._counts[attribute])

    def mix(self, attribute: int) -> NDArray[np.float64]:
        """float64[cells]: shares, each cell granted half an account (Jeffreys), sums to 1."""
        counts = np.array(self._counts[attribute]) + 0.5
        return np.asarray(counts / counts.sum())

    @property
    def unseen(self) -> float:
        """Share of the accounts that had never come to any topic before, 0 to 1."""
        return self._unseen / self._accounts if self._accounts else 0.0

    def snapshot(self) -> list[Any]:
        """The state as plain values."""
        return [self._counts, self._accounts, self._unseen, self.posts, self.deletions]

    def restore(self, state: list[Any]) -> None:
        """Take the state of `snapshot`."""
        self._counts, self._accounts, self._unseen, self.posts, self.deletions = state
