"""e-values: bets against chance that stay honest however often one looks, and whatever one picks.

An e-value is a number that is at least 0 and at most 1 on average if chance is all there is. So it
reaches N with probability 1/N at most (Markov), and so does a sum of e-values whose weights add up to
at most 1, whatever their dependence and whichever of them are summed. Values are log₁₀.

Source: Wang and Ramdas (2022), False discovery rate control with e-values, JRSS B 84; Vovk and Wang
(2021), E-values: calibration, combination and applications, Annals of Statistics 49.
"""

from collections.abc import Iterable, Mapping
from math import inf, log, log1p, log10
from typing import Final

from detector.cohorts.significance import FLOOR_LOG10

_LN10: Final = log(10)
_RATE_MIN: Final = 1e-9
TILTS: Final = tuple(3.0**power for power in range(1, 21))
"""θ: how many times more than chance allows the bets are on. 3 alone wins too little: 3¹² = 500,000 for
twelve shared accounts, among a billion pairs."""
FAMILY_SHARE: Final = 1 / 3
"""Of all weights, the part for each of the three families of tests: cohorts, bursts, batches."""
_START: Final = 1_000.0


def overlap_e_log10(observed: int, rate: float) -> float:
    """log₁₀ of an e-value against a Poisson overlap of mean at most `rate`.

    The largest term of (1/20)·Σ θᵒ·exp(−(θ − 1)·rate) over θ in `TILTS`. Each term has mean at most 1
    under any Poisson or sum of independent indicators with mean at most `rate`, since θ ≥ 1, so their
    average has, and one term of it all the more.
    """
    mean = max(rate, _RATE_MIN)
    best = max(observed * log10(tilt) - (tilt - 1) * mean / _LN10 for tilt in TILTS)
    return best - log10(len(TILTS))


def weight_log10(number: int, share: float = FAMILY_SHARE) -> float:
    """log₁₀ of the weight of the `number`-th test of a family, from 1; all of them together weigh `share`.

    share · ln a / ((n + a)·ln²(n + a)) with a = 1,000: the sum over n ≥ 1 is below the integral from a,
    which is `share`. Little more than 1/n, and yet the tests may go on for ever.
    """
    at = number + _START
    return log10(share * log(_START) / (at * log(at) ** 2))


def calibrated_log10(p_log10: float) -> float:
    """log₁₀ of the e-value of a p-value: (1 − p + p·ln p)/(p·ln² p), the average of κ·p^(κ−1) over κ.

    Source: Vovk and Wang (2021), section 2.
    """
    if p_log10 >= -0.01:
        return 0.0 - log10(2)  # the limit for p → 1 is 1/2
    p, minus_log = 10.0**p_log10, -p_log10 * _LN10
    return log1p(-p - p * minus_log) / _LN10 - p_log10 - 2 * log10(minus_log)


def sum_log10(values: Iterable[float]) -> float:
    """log₁₀ of a sum of numbers given by their log₁₀; −inf for none."""
    told = list(values)
    if not told:
        return -inf
    top = max(told)
    return top + log10(sum(10.0 ** (value - top) for value in told))


def bound_log10(e_log10: float) -> float:
    """log₁₀ of 1/e, the bound of the probability that chance ever does so much; in [−300, 0]."""
    return max(min(-e_log10, 0.0), FLOOR_LOG10)


def rejected(e_log10: Mapping[str, float], alpha: float) -> frozenset[str]:
    """Cases that chance does not explain, so that on average at most `alpha` of those named are chance.

    e-BH: the k largest, for the greatest k with e₍ₖ₎ ≥ 1/(k·alpha). The values carry their weights,
    which stand for the division by the number of hypotheses. A value of 1 or less wins nothing and is
    no company for others, however many there are.
    """
    winning = [(name, value) for name, value in e_log10.items() if value > 0]
    ranked = sorted(winning, key=lambda item: (-item[1], item[0]))
    threshold = -log10(alpha)
    kept = max((k for k, (_, value) in enumerate(ranked, 1) if value + log10(k) >= threshold), default=0)
    return frozenset(name for name, _ in ranked[:kept])
