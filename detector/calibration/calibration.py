"""Calibration inside the overlap test: a sample of the cohorts is counted when it closes."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import astuple

from detector.calibration.drift import LEVEL, Drift
from detector.calibration.live import LiveCohorts
from detector.calibration.strata import FAR, KIND_OF, MIXED, NEAR, SAME_AUTHOR, kind
from detector.calibration.table import CalibrationTable
from detector.cohorts.cohort import Cohort
from detector.cohorts.significance import poisson_tail_log10
from detector.settings import OverlapSettings

_SHARED_MIN = 2
"""One shared account is never significant at 10⁻⁶ where a cohort has eight."""


class Calibration:
    """Every pair of closed cohorts belongs to one stratum and is counted once, when the later one closes.

    Counted are the cohorts whose key is a multiple of `settings.calibration_every`, so the sample does
    not depend on order or restarts.
    """

    def __init__(self, settings: OverlapSettings, windows_ms: Sequence[int]) -> None:
        self._settings = settings
        self._phi: tuple[float, ...] = astuple(settings.phi)
        self._near_ms = {window_ms: settings.near_ms + window_ms // 2 for window_ms in windows_ms}
        self._live = {window_ms: LiveCohorts(near_ms) for window_ms, near_ms in self._near_ms.items()}
        self.table = CalibrationTable()
        self.drift = Drift()

    def stratum(self, cohort: Cohort, other: Cohort) -> int:
        """Number of the stratum of a pair."""
        number = kind(cohort.layer, other.layer)
        if cohort.author is not None and cohort.author == other.author:
            return SAME_AUTHOR + number
        is_near = abs(cohort.start_ms - other.start_ms) <= self._near_ms[cohort.window_ms]
        return (NEAR if is_near else FAR) + number

    def phi(self, cohort: Cohort, other: Cohort) -> float:
        """Dispersion of the stratum of a pair, as configured; the hot path, so `stratum` is written out."""
        one = KIND_OF[cohort.layer]
        number = one if one == KIND_OF[other.layer] else MIXED
        if cohort.author is not None and cohort.author == other.author:
            return self._phi[number]
        if abs(cohort.start_ms - other.start_ms) <= self._near_ms[cohort.window_ms]:
            return self._phi[NEAR + number]
        return self._phi[FAR + number]

    def counts(self, cohort: Cohort) -> bool:
        """Whether a cohort is to be counted now: it has closed, for the first time, and is in the sample."""
        if not cohort.closed or cohort.index in self._live[cohort.window_ms]:
            return False
        return cohort.key % self._settings.calibration_every == 0

    def measure(
        self, cohort: Cohort, shared: Mapping[int, int], cohorts: Mapping[int, Cohort], population: float
    ) -> None:
        """Count a cohort against all that closed before; `shared` are its overlaps by cohort."""
        live = self._live[cohort.window_ms]
        tested = live.compared_with(cohort)
        self.table.add_pairs(tested)
        self.drift.add_pairs(tested)
        for index, overlap in shared.items():
            if overlap >= _SHARED_MIN and index in live:
                other = cohorts[index]
                if cohort.comparable(other):
                    self._measure_pair(cohort, other, overlap, population)

    def _measure_pair(self, cohort: Cohort, other: Cohort, overlap: int, population: float) -> None:
        stratum = self.stratum(cohort, other)
        rate = rate_of(cohort, other, population)
        self.table.add(stratum, overlap, rate)
        p_log10 = poisson_tail_log10(overlap, rate * self._phi[stratum])
        if self._settings.p_log10_max < p_log10 and 10.0**p_log10 <= LEVEL:
            self.drift.add(stratum)

    def close(self, cohort: Cohort) -> None:
        """Remember a cohort that has closed, so that later ones are counted against it."""
        live = self._live[cohort.window_ms]
        if cohort.closed and cohort.index not in live:
            live.add(cohort)

    def drop(self, cohort: Cohort) -> None:
        """Forget a cohort."""
        self._live[cohort.window_ms].drop(cohort.index)

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values; which cohorts are entered, and with which author, is part of it."""
        live = [(window_ms, each.snapshot()) for window_ms, each in self._live.items()]
        return {"table": self.table.snapshot(), "drift": self.drift.snapshot(), "live": live}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self.table.restore(state["table"])
        self.drift.restore(state["drift"])
        self._live = {}
        for window_ms, live in state["live"]:
            self._live[window_ms] = LiveCohorts(self._near_ms[window_ms])
            self._live[window_ms].restore(live)


def rate_of(cohort: Cohort, other: Cohort, population: float) -> float:
    """λ: accounts that the two would share if each member's every action fell on any target alike.

    max(S_X·|Y|, S_Y·|X|) / W with S = Σ(1 + |history|) over the members, times the share of the
    members that is carried.
    """
    expected = max(cohort.exposure * other.size, other.exposure * cohort.size) / population
    return expected * min(cohort.sample_rate, other.sample_rate)
