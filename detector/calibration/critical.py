"""Which dispersion would make an overlap just significant."""

from functools import lru_cache
from typing import Final

from detector.cohorts.significance import poisson_tail_log10

LEVELS_LOG10: Final = (-3, -6, -9)
"""Levels of p at which false edges are counted."""
_LOW_LOG10: Final = -12.0
_STEPS: Final = 40


@lru_cache(maxsize=8_192)
def critical_rates_log10(observed: int) -> tuple[float, ...]:
    """log₁₀ of the rate at which `observed` has p equal to each of `LEVELS_LOG10`.

    An overlap with expectation λ is significant at a level exactly while φ·λ is below this rate, so
    log₁₀ φ* = this − log₁₀ λ says for every φ at once whether the pair exceeds. By bisection to 10⁻¹¹.
    """
    return tuple(_critical_log10(observed, level) for level in LEVELS_LOG10)


def _critical_log10(observed: int, level: float) -> float:
    low, high = _LOW_LOG10, _LOW_LOG10 + 16.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if poisson_tail_log10(observed, 10.0**middle) <= level:
            low = middle
        else:
            high = middle
    return low
