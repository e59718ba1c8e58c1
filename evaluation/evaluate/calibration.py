"""Whether p-values mean what they say: false edges observed and expected on streams of nothing but organic life."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from typing import Final

import msgspec
from msgspec.structs import astuple

from detector.calibration.critical import LEVELS_LOG10
from detector.calibration.fit import poisson_interval
from detector.calibration.strata import NAMES
from detector.cohorts.overlap import Overlaps
from detector.settings import DetectorSettings
from evaluation.evaluate.sentences import table
from evaluation.evaluate.strata import StratumCount

EXPECTED_MIN: Final = 1.0
"""Under so many expected false edges a ratio says nothing."""


def counting(settings: DetectorSettings) -> DetectorSettings:
    """The same settings, with every closed cohort counted; decides nothing."""
    overlap = msgspec.structs.replace(settings.overlap, calibration_every=1)
    return msgspec.structs.replace(settings, overlap=overlap)


def counts_of(overlaps: Overlaps, settings: DetectorSettings) -> tuple[StratumCount, ...]:
    """What was counted in one run, strata without pairs left out."""
    counted = overlaps.calibration.table
    return tuple(
        StratumCount(name, pairs, tuple(counted.observed(number, phi, level) for level in LEVELS_LOG10))
        for number, (name, pairs, phi) in enumerate(
            zip(NAMES, counted.pairs, astuple(settings.overlap.phi), strict=True)
        )
        if pairs
    )


def section(runs: Sequence[Sequence[StratumCount]]) -> str:
    """The table over all runs; empty if none was of organic life alone."""
    pooled: dict[str, list[StratumCount]] = defaultdict(list)
    for run in runs:
        for each in run:
            pooled[each.stratum].append(each)
    if not pooled:
        return ""
    rows = [_row(name, pooled[name]) for name in sorted(pooled, key=lambda n: -sum(c.pairs for c in pooled[n]))]
    head = ("stratum", "pairs tested", *(f"p ≤ 10^{level}" for level in LEVELS_LOG10))
    return (
        "## Calibration of p-values\n\nFalse edges on streams of nothing but organic life: observed / expected = "
        "ratio, with the 95 % interval of the observed count. A ratio of 1 is what a p-value promises; under 1 the "
        f"test is more careful than it says. Where less than {EXPECTED_MIN:g} is expected there is no ratio.\n\n"
        + table(head, rows, right=4)
    )


def _row(name: str, counts: Sequence[StratumCount]) -> tuple[str, ...]:
    pairs = sum(count.pairs for count in counts)
    cells = []
    for number, level in enumerate(LEVELS_LOG10):
        observed, expected = sum(count.observed[number] for count in counts), pairs * 10.0**level
        told = f"{observed:,} / {expected:,.2g}" if expected < 100 else f"{observed:,} / {ceil(expected):,}"
        if expected >= EXPECTED_MIN:
            low, high = poisson_interval(observed)
            told += f" = {observed / expected:.2g} ({low / expected:.2g} to {high / expected:.2g})"
        cells.append(told)
    return name, f"{pairs:,}", *cells
