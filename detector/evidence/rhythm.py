"""Three clocks that people do not act by: equal steps together, equal steps alone, one second of the minute.

Times may be rounded by the platform, so each test first asks how finely the clock is told, and says
nothing where the rounding could make the rhythm.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import cos, exp, log, pi, sin
from statistics import median
from typing import Final

from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import TargetFigures
from detector.settings import EvidenceSettings
from models.ids import hash64

NEAR: Final = 0.1
"""A step is equal to the median one within this share of it."""
ACCOUNTS_MIN: Final = 5
"""Accounts whose own pace must be known for it to be the group's."""
MINUTE_MS: Final = 60_000
_LN10: Final = log(10)
_RESOLUTIONS_MS: Final = (86_400_000, 3_600_000, MINUTE_MS, 1_000)


def resolution_ms(times_ms: Sequence[int]) -> int:
    """How finely times are told: the coarsest of day, hour, minute, second, ms that fits all of them."""
    return next((unit for unit in _RESOLUTIONS_MS if all(time_ms % unit == 0 for time_ms in times_ms)), 1)


def shared_spacing_log10(times_ms: Sequence[int], limits: EvidenceSettings) -> float | None:
    """log₁₀ of the chance that independent people act in so equal steps; None for too few or too coarse times.

    Independent arrivals have exponential steps, of which at most 7.4 % fall within ±10 % of any one length;
    p is the binomial tail of the steps seen there around the median. The interval is widened by half the
    rounding on each side. Unlike Greenwood's statistic (1946) it does not mind a pause overnight.
    """
    if len(times_ms) < limits.regularity_actions_min:
        return None
    ordered = sorted(times_ms)
    steps = [after - before for before, after in pairwise(ordered)]
    return _equal_steps_log10(steps, resolution_ms(ordered))


def own_spacing_log10(targets: Sequence[TargetFigures], limits: EvidenceSettings) -> float | None:
    """The same for each account's own steps from target to target: the median over the accounts.

    Never added up over accounts: targets that appear in equal steps give one and the same rhythm to all who
    follow them. None for fewer than `ACCOUNTS_MIN` accounts with enough actions.
    """
    times: dict[str, list[int]] = defaultdict(list)
    for target in targets:
        for account, member in target.members.items():
            times[account].append(member.time_ms)
    told = [p for each in times.values() if (p := shared_spacing_log10(each, limits)) is not None]
    return median(told) if len(told) >= ACCOUNTS_MIN else None


def _equal_steps_log10(steps: Sequence[int], rounded_ms: int) -> float | None:
    typical = median(steps)
    # a step of a few units of the clock is equal to its neighbours by rounding
    if typical < 5 * rounded_ms:
        return None
    reach = NEAR * typical + rounded_ms / 2
    # the step that is the median fits by definition and is left out
    equal = sum(abs(step - typical) <= reach for step in steps) - 1
    return binomial_tail_log10(equal, len(steps) - 1, _share_near(reach / typical))


def _share_near(width: float) -> float:
    """The largest share of exponential steps within ±`width` of any one length, 0 < `width` < 1.

    e^(−x(1−w)) − e^(−x(1+w)) is largest at x = ln((1+w)/(1−w))/2w.
    """
    at = log((1 + width) / (1 - width)) / (2 * width)
    return exp(-at * (1 - width)) - exp(-at * (1 + width))


def minute_alignment_log10(targets: Sequence[TargetFigures], limits: EvidenceSettings) -> float | None:
    """log₁₀ of the chance that independent actions fall on one second of the minute; None where it cannot be told.

    One action a minute is taken, that with the least hash, so that neither a burst nor being the first of
    many is an alignment. With phases θ = 2π·t/60 s,
    R = |Σ e^{iθ}|/n and p = exp(−n·R²). Source: Rayleigh's test, Mardia and Jupp (2000), Directional
    Statistics, 6.3.1.
    """
    drawn: dict[int, tuple[int, int]] = {}
    for target in targets:
        for member in target.members.values():
            minute, draw = member.time_ms // MINUTE_MS, (hash64(member.act), member.time_ms)
            drawn[minute] = min(drawn.get(minute, draw), draw)
    times_ms = [time_ms for _, time_ms in drawn.values()]
    if len(times_ms) < limits.regularity_actions_min or resolution_ms(times_ms) >= MINUTE_MS:
        return None
    phases = [2 * pi * (time_ms % MINUTE_MS) / MINUTE_MS for time_ms in times_ms]
    number = len(phases)
    squared = (sum(map(cos, phases)) ** 2 + sum(map(sin, phases)) ** 2) / number**2
    return max(-300.0, -number * squared / _LN10)
