"""Drift: whether false edges are still as rare as φ promises, on the traffic of now."""

from collections.abc import Sequence
from typing import Any, Final

from detector.calibration.strata import NAMES

LEVEL: Final = 1e-6
ENOUGH: Final = 10.0
"""A generation of counts is over when so many false edges were expected in it."""


class Drift:
    """Per stratum, observed and expected pairs at p ≤ 10⁻⁶ over the last two generations of counts.

    A generation lasts as long as it takes to expect `ENOUGH` pairs, so the ratio is as fresh as the
    traffic allows. Pairs significant enough to become edges are left out: they are what the detector
    looks for, and by chance there are next to none.
    """

    def __init__(self) -> None:
        self._young = [[0, 0] for _ in NAMES]
        self._old = [[0, 0] for _ in NAMES]

    def add_pairs(self, counts: Sequence[int]) -> None:
        """Count tested pairs, by stratum; turn the generation where it is full."""
        for stratum, count in enumerate(counts):
            young = self._young[stratum]
            young[0] += count
            if young[0] * LEVEL >= ENOUGH:
                self._old[stratum], self._young[stratum] = young, [0, 0]

    def add(self, stratum: int) -> None:
        """Count a pair with p ≤ 10⁻⁶ that is no edge."""
        self._young[stratum][1] += 1

    def ratios(self) -> dict[str, float]:
        """Observed over expected for each stratum that was tested; the expectation counts as one at least."""
        found = {}
        for name, young, old in zip(NAMES, self._young, self._old, strict=True):
            pairs = young[0] + old[0]
            if pairs:
                found[name] = (young[1] + old[1]) / max(1.0, pairs * LEVEL)
        return found

    def snapshot(self) -> Any:
        """The state as plain values."""
        return self._young, self._old

    def restore(self, state: Any) -> None:
        """Take the state of `snapshot`."""
        self._young, self._old = ([list(each) for each in part] for part in state)
