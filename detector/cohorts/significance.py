"""Whether chance could explain an overlap."""

from math import lgamma, log, log10
from typing import Final

_LN10: Final = log(10)
_LAMBDA_MIN: Final = 1e-9
FLOOR_LOG10: Final = -300.0
"""Smaller probabilities are told as this."""


def poisson_tail_log10(observed: int, expected: float) -> float:
    """log₁₀ of an upper bound of P(Poisson(`expected`) ≥ `observed`), in [−300, 0].

    Leading term times the geometric bound of the rest, 1/(1 − λ/(o + 1)), for o > λ; 0 otherwise.
    Source: Glynn (1987), Upper bounds on Poisson tail probabilities, Oper. Res. Letters 6.
    """
    if observed <= expected or observed <= 0:
        return 0.0
    rate = max(expected, _LAMBDA_MIN)
    value = observed * log10(rate) - rate / _LN10 - lgamma(observed + 1) / _LN10 - log10(1 - rate / (observed + 1))
    return max(min(value, 0.0), FLOOR_LOG10)


def span_log10(count: int, span_ms: int, window_ms: int) -> float:
    """log₁₀ of the chance that `count` independent uniform times in a window lie within `span_ms`.

    The range R of n uniform points: P(R ≤ r) = n·rⁿ⁻¹ − (n−1)·rⁿ with r = span/window, of which the
    first term is an upper bound. In [−300, 0]. Source: David and Nagaraja, Order Statistics, 2.3.
    """
    if count < 2:
        return 0.0
    ratio = min(1.0, max(span_ms, 1_000) / window_ms)
    return max(min(log10(count) + (count - 1) * log10(ratio), 0.0), FLOOR_LOG10)


def binomial_tail_log10(observed: int, trials: int, share: float) -> float:
    """log₁₀ of a Chernoff bound of P(Binomial(`trials`, `share`) ≥ `observed`), in [−300, 0].

    exp(−n·KL(o/n ‖ p)). Source: Hoeffding (1963), theorem 1.
    """
    if trials <= 0 or observed <= trials * share:
        return 0.0
    seen = observed / trials
    share = min(max(share, 1e-12), 1 - 1e-12)
    divergence = seen * log(seen / share)
    if seen < 1:
        divergence += (1 - seen) * log((1 - seen) / (1 - share))
    return max(-trials * divergence / _LN10, FLOOR_LOG10)
