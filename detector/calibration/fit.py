"""Fitting φ: on the first half of a stream, judged on the second."""

from typing import Final

import msgspec
from scipy.stats import chi2

from detector.calibration.settings import FittedStratum, PhiSettings
from detector.calibration.strata import NAMES
from detector.calibration.table import CalibrationTable

LEVEL_LOG10: Final = -6
LEVEL: Final = 10.0**LEVEL_LOG10
PAIRS_MIN: Final = 1_000_000
"""A stratum with fewer pairs keeps its φ: less than one false edge is expected, and one crowd would decide."""
TOLD_MIN: Final = 1_000
"""With fewer pairs held out nothing is said of a stratum."""
LOWERED_FROM: Final = 10.0
"""φ is lowered only where so many false edges are expected: next to none seen proves little."""


def fit(
    fitted: CalibrationTable, held_out: CalibrationTable, before: PhiSettings
) -> tuple[PhiSettings, dict[str, FittedStratum]]:
    """φ of each stratum from the pairs of `fitted`, and its worth on those of `held_out`.

    The smallest φ under which no more pairs reach p ≤ 10⁻⁶ than are expected among so many: a rank,
    so it does not matter how far the worst pair goes, and a single pair never decides. Strata
    without a pair are not reported.
    """
    values = msgspec.structs.asdict(before)
    found: dict[str, FittedStratum] = {}
    for stratum, name in enumerate(NAMES):
        if fitted.pairs[stratum] or held_out.pairs[stratum]:
            after, note = _phi(fitted, stratum, float(values[name]))
            found[name] = _worth(fitted, held_out, stratum, float(values[name]), after, note)
            values[name] = after
    return msgspec.convert(values, PhiSettings), found


def _phi(table: CalibrationTable, stratum: int, before: float) -> tuple[float, str]:
    pairs = table.pairs[stratum]
    if pairs < PAIRS_MIN:
        return before, f"kept: fewer than {PAIRS_MIN:,} pairs"
    expected = pairs * LEVEL
    after = float(f"{table.quantile_phi(stratum, int(expected), LEVEL_LOG10):.4g}")
    if after < before and expected < LOWERED_FROM:
        return before, "kept: too few pairs to lower it"
    return after, ""


def _worth(
    fitted: CalibrationTable, held_out: CalibrationTable, stratum: int, before: float, after: float, note: str
) -> FittedStratum:
    pairs = held_out.pairs[stratum]
    expected = pairs * LEVEL
    seen_before, seen_after = (held_out.observed(stratum, phi, LEVEL_LOG10) for phi in (before, after))
    low, high = (_ratio(bound, expected) for bound in poisson_interval(seen_after))
    return FittedStratum(
        fitted.pairs[stratum],
        pairs,
        before,
        after,
        _rounded(expected),
        seen_before,
        seen_after,
        _ratio(seen_before, expected),
        _ratio(seen_after, expected),
        low,
        high,
        note,
    )


def poisson_interval(observed: int) -> tuple[float, float]:
    """Exact 95 % interval of a Poisson mean. Source: Garwood (1936), Biometrika 28."""
    low = float(chi2.ppf(0.025, 2 * observed) / 2) if observed else 0.0
    return low, float(chi2.ppf(0.975, 2 * observed + 2) / 2)


def _ratio(observed: float, expected: float) -> float:
    """0 where nothing was tested."""
    return _rounded(observed / expected) if expected > 0 else 0.0


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
