"""Registration batches: one shape of name too often in one stretch of time.

For each stretch of `window_ms` and each pattern of names, the number of registrations is held against
what the stretch would hold of it if all its registrations were like everybody else's: a Poisson count
with λ = (registrations of the stretch) × (share of the pattern among all the others). A surge of honest
people raises both sides and stays silent.
"""

from collections import Counter
from collections.abc import Mapping
from math import sqrt
from typing import Any, Final

from detector.accounts.names import pattern
from detector.cohorts.significance import poisson_tail_log10
from detector.recent import RecentMap

PATTERNS_MAX: Final = 100_000
DECAY_AT: Final = 1_000_000
"""All counts are halved when so many registrations are counted, so that usual means usual lately."""
SHARE_FLOOR: Final = 1e-3
"""A pattern is assumed to be at least so common: rare shapes exist, and nobody has seen them all."""
SIGMAS: Final = 3.0
PHI: Final = 2.0
Cell = tuple[int, str]
"""(number of the stretch, pattern)."""


class Registrations:
    """Counts of registrations. Bounded: cells and stretches that are not touched again are forgotten."""

    def __init__(self, window_ms: int = 21_600_000, cells_max: int = 200_000) -> None:
        self._window_ms = window_ms
        self._cells: RecentMap[int] = RecentMap(cells_max)
        self._stretches: RecentMap[int] = RecentMap(cells_max)
        self._patterns: Counter[str] = Counter()
        self._total = 0

    def cell(self, registered_at_ms: int, name: str) -> Cell:
        """Where a registration is counted."""
        return registered_at_ms // self._window_ms, pattern(name)

    def add(self, registered_at_ms: int, name: str) -> None:
        """Count one registration; to be called once an account."""
        stretch, kind = self.cell(registered_at_ms, name)
        cell = f"{stretch} {kind}"
        self._cells.put(cell, (self._cells.get(cell) or 0) + 1)
        self._stretches.put(str(stretch), (self._stretches.get(str(stretch)) or 0) + 1)
        if kind in self._patterns or len(self._patterns) < PATTERNS_MAX:
            self._patterns[kind] += 1
        self._total += 1
        if self._total >= DECAY_AT:
            self._decay()

    def p_log10(self, cell: Cell) -> float:
        """log₁₀ of the chance that the stretch holds so many of the pattern, in [−300, 0].

        The share of the pattern is taken over all registrations outside the stretch, so that a large
        batch does not explain itself away; at its upper limit of three standard errors, and times φ = 2,
        since people who come in one surge name themselves a little alike.
        """
        stretch, kind = cell
        observed = self._cells.get(f"{stretch} {kind}") or 0
        registered = self._stretches.get(str(stretch)) or 0
        outside = max(self._total - registered, 0)
        elsewhere = max(self._patterns[kind] - observed, 0)
        usual = (elsewhere + SIGMAS * sqrt(elsewhere)) / outside if outside else 0.0
        return poisson_tail_log10(observed, PHI * registered * max(usual, SHARE_FLOOR))

    def count(self, cell: Cell) -> int:
        """Registrations in a cell."""
        return self._cells.get(f"{cell[0]} {cell[1]}") or 0

    @property
    def total(self) -> int:
        """All registrations that count as usual."""
        return self._total

    def _decay(self) -> None:
        self._patterns = Counter({kind: count // 2 for kind, count in self._patterns.items() if count > 1})
        self._total = self._patterns.total()

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {
            "cells": self._cells.generations(),
            "stretches": self._stretches.generations(),
            "patterns": dict(self._patterns),
            "total": self._total,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self._cells.restore(*state["cells"])
        self._stretches.restore(*state["stretches"])
        self._patterns, self._total = Counter(state["patterns"]), state["total"]
