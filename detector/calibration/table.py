"""The calibration table: per stratum, pairs tested and how far each significant one exceeds.

For a pair with overlap o and expectation λ, φ* is the dispersion at which p would equal a level; the
pair exceeds the level exactly while φ < φ*. A histogram of log₁₀ φ* thus tells the number of false
edges for every φ at once, whatever φ the detector runs with.
"""

from collections import Counter
from collections.abc import Mapping
from math import ceil, floor, log10
from typing import Any, Final

from detector.calibration.critical import LEVELS_LOG10, critical_rates_log10
from detector.calibration.strata import NAMES

BINS_PER_DECADE: Final = 100
_BIN_MIN: Final = 0
"""φ is at least 1."""
_BIN_MAX: Final = 6 * BINS_PER_DECADE
_RATE_MIN: Final = 1e-9
_ROUNDING: Final = 0.05
"""A φ written with four digits still counts as the edge of its bin."""


class CalibrationTable:
    """Counts only, so tables of two halves of a stream can be subtracted. At most 600 bins a stratum and level."""

    def __init__(self) -> None:
        self.pairs = [0] * len(NAMES)
        """Pairs tested, by stratum."""
        self._bins: Counter[tuple[int, int, int]] = Counter()
        """Pairs by (stratum, level, bin of log₁₀ φ*)."""

    def add_pairs(self, counts: list[int]) -> None:
        """Count tested pairs, by stratum."""
        for stratum, count in enumerate(counts):
            self.pairs[stratum] += count

    def add(self, stratum: int, observed: int, rate: float) -> None:
        """Count one pair of at least two shared accounts; `rate` is λ, without φ."""
        rate_log10 = log10(max(rate, _RATE_MIN))
        for level, critical in enumerate(critical_rates_log10(observed)):
            number = floor((critical - rate_log10) * BINS_PER_DECADE)
            if number >= _BIN_MIN:
                self._bins[(stratum, level, min(number, _BIN_MAX))] += 1

    def observed(self, stratum: int, phi: float, level_log10: int) -> int:
        """Pairs with p ≤ 10^`level_log10` under `phi`; exact where phi is an edge of a bin, else 1 % off in φ."""
        level = LEVELS_LOG10.index(level_log10)
        first = ceil(log10(phi) * BINS_PER_DECADE - _ROUNDING)
        return sum(n for (s, k, number), n in self._bins.items() if s == stratum and k == level and number >= first)

    def quantile_phi(self, stratum: int, allowed: int, level_log10: int) -> float:
        """The smallest edge of a bin, at least 1, at which no more than `allowed` pairs exceed."""
        level = LEVELS_LOG10.index(level_log10)
        found = sorted((number for s, k, number in self._bins if s == stratum and k == level), reverse=True)
        seen = 0
        for number in found:
            seen += self._bins[(stratum, level, number)]
            if seen > allowed:
                return float(10.0 ** ((number + 1) / BINS_PER_DECADE))
        return 1.0

    def minus(self, earlier: "CalibrationTable") -> "CalibrationTable":
        """What came since `earlier`, an older copy of this table."""
        later = CalibrationTable()
        later.pairs = [now - then for now, then in zip(self.pairs, earlier.pairs, strict=True)]
        later._bins = self._bins - earlier._bins  # noqa: SLF001  # its own kind
        return later

    def copy(self) -> "CalibrationTable":
        """A table of its own with the same counts."""
        return self.minus(CalibrationTable())

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {"pairs": self.pairs, "bins": [(*key, count) for key, count in self._bins.items()]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self.pairs = list(state["pairs"])
        self._bins = Counter({(stratum, level, number): count for stratum, level, number, count in state["bins"]})
