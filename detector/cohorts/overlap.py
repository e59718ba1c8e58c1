"""Overlap: which cohorts share more accounts than chance allows.

`histories[window_ms][account]` holds the account's last cohorts. Counting the cohorts in the
histories of a cohort's members gives |X ∩ Y| for every other Y at a cost linear in the memberships,
never quadratic in accounts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.calibration.calibration import Calibration, rate_of
from detector.calibration.evalues import overlap_e_log10, weight_log10
from detector.cohorts.cohort import FIELDS, Cohort
from detector.cohorts.significance import poisson_tail_log10
from detector.settings import OverlapSettings
from models.campaigns import CohortPair
from models.cohorts import CohortUpdate, Member

Edge = CohortPair


class Overlaps:
    """Cohorts of the horizon, their significant pairs, and the accounts that carry each pair."""

    def __init__(self, settings: OverlapSettings, windows_ms: Sequence[int]) -> None:
        self._settings = settings
        self._horizon_ms = dict(zip(windows_ms, settings.horizons_ms, strict=True))
        self._ages: dict[int, dict[int, None]] = {window_ms: {} for window_ms in windows_ms}
        self.cohorts: dict[int, Cohort] = {}
        self._index_of: dict[int, int] = {}
        self._histories: dict[int, dict[str, list[int]]] = {}
        self._memberships: Counter[int] = Counter()
        self._remembered = 0
        self.edges: dict[Edge, float] = {}
        """log₁₀ p of each significant pair."""
        self.e_log10: dict[Edge, float] = {}
        """log₁₀ of its e-value, times the weight of the test that found it."""
        self.carriers: dict[Edge, list[str]] = {}
        self.carrier_names: list[str] = []
        """Name of each account number in `carrier_rows`."""
        self._carrier_numbers: dict[str, int] = {}
        self._carrier_arrays: dict[Edge, NDArray[np.int64]] = {}
        self._edges_of: dict[int, set[int]] = {}
        self._tied: dict[str, set[int]] = {}
        """Cohorts with a significant pair, by target."""
        self._changed: set[int] = set()
        self._next = 1
        self._sweep_at = 100_000
        self.calibration = Calibration(settings, windows_ms)
        self.tests = 0
        self.looks = 0
        """Updates taken: occasions to find something."""
        self.evicted = 0
        self.rows = 0
        """Total number of (account, pair) rows, the size of a rebuild."""

    @property
    def memberships(self) -> int:
        """Memberships remembered, at most `memberships_max`."""
        return self._remembered

    def update(self, update: CohortUpdate) -> tuple[Cohort, bool]:
        """Take one update; return the cohort and whether any significant pair changed."""
        self._expire(update.time_ms)
        self.looks += 1
        cohort = self._absorb(update)
        grown = len(cohort.members) != cohort.tested_size and bool(update.members)
        measured = self.calibration.counts(cohort)
        changed = False
        if grown or measured:
            shared, exposure = self._shared(cohort)
            if grown:
                cohort.tested_size = len(cohort.members)
                cohort.exposure = exposure
                changed = self._test(cohort, shared)
            if measured:
                self.calibration.measure(cohort, shared, self.cohorts, self._population(cohort.window_ms))
        self.calibration.close(cohort)
        return cohort, changed

    def _absorb(self, update: CohortUpdate) -> Cohort:
        index = self._index_of.get(update.cohort)
        before = 0
        if index is None:
            index, self._next = self._next, self._next + 1
            self._index_of[update.cohort] = index
            cohort = self.cohorts[index] = Cohort(index, update)
            self._ages[update.window_ms][index] = None
        else:
            cohort = self.cohorts[index]
            before = len(cohort.members)
            cohort.apply(update)
        histories = self._histories.setdefault(update.window_ms, {})
        history_max = self._settings.history_max
        for member in update.members:
            history = histories.get(member.account)
            if history is None:
                histories[member.account] = [index]
            else:
                history.append(index)
                if len(history) > history_max:
                    del history[0]
        # a cohort that was thinned has lost members: what is added now is what is dropped in the end
        self._memberships[update.window_ms] += len(cohort.members) - before
        self._remembered += len(cohort.members) - before
        return cohort

    def _shared(self, cohort: Cohort) -> tuple[Counter[int], float]:
        """(members shared with each cohort in their histories, exposure of the cohort)."""
        histories = self._histories[cohort.window_ms]
        told = list(filter(None, map(histories.get, cohort.members)))
        return Counter(chain.from_iterable(told)), sum(map(len, told)) / cohort.sample_rate

    def _population(self, window_ms: int) -> float:
        return max(self._settings.prior_memberships, float(self._memberships[window_ms]))

    def _test(self, cohort: Cohort, shared: Counter[int]) -> bool:
        self.tests += len(self.cohorts)
        population = self._population(cohort.window_ms)
        significant: dict[int, tuple[float, float]] = {}
        for index, overlap in shared.items():
            if overlap < self._settings.overlap_min:
                continue
            other = self.cohorts.get(index)
            if other is None or not cohort.comparable(other):
                continue
            rate = rate_of(cohort, other, population) * self.calibration.phi(cohort, other)
            p_log10 = poisson_tail_log10(overlap, rate)
            if p_log10 <= self._settings.p_log10_max:
                significant[index] = p_log10, rate
        return self._record(cohort, significant)

    def rate(self, cohort: Cohort, other: Cohort) -> float:
        """φ·λ: accounts that two cohorts may be expected to share."""
        return rate_of(cohort, other, self._population(cohort.window_ms)) * self.calibration.phi(cohort, other)

    def _record(self, cohort: Cohort, significant: dict[int, tuple[float, float]]) -> bool:
        histories = self._histories[cohort.window_ms]
        before = set(self._edges_of.get(cohort.index, ()))
        changed = bool(significant) or bool(before)
        for index in sorted(before - significant.keys()):
            self._forget_edge(_edge(cohort.index, index))
        carriers: dict[int, list[str]] = {index: [] for index in significant}
        if significant:
            for account in cohort.members:
                for index in histories.get(account, ()):
                    if index in carriers:
                        carriers[index].append(account)
        for index, (p_log10, rate) in significant.items():
            e_log10 = overlap_e_log10(_acts(carriers[index], cohort, self.cohorts[index]), rate)
            edge = _edge(cohort.index, index)
            self._remember_edge(edge, p_log10, e_log10 + weight_log10(self.tests), carriers[index])
        return changed

    def _remember_edge(self, edge: Edge, p_log10: float, e_log10: float, carriers: list[str]) -> None:
        self.rows += len(carriers) - len(self.carriers.get(edge, ()))
        self.edges[edge] = p_log10
        self.e_log10[edge] = e_log10
        self.carriers[edge] = carriers
        self._carrier_arrays[edge] = np.array([self._number(account) for account in carriers], np.int64)
        for one, other in (edge, edge[::-1]):
            self._edges_of.setdefault(one, set()).add(other)
            self._tied.setdefault(self.cohorts[one].target, set()).add(one)
        self._changed.update(edge)

    def _number(self, account: str) -> int:
        number = self._carrier_numbers.get(account)
        if number is None:
            number = self._carrier_numbers[account] = len(self.carrier_names)
            self.carrier_names.append(account)
        return number

    def carrier_rows(self, edges: Sequence[Edge]) -> NDArray[np.int64]:
        """int64[rows, 3]: account number, newer cohort, older cohort, for every carrier of the pairs."""
        if len(self.carrier_names) > 2 * self.rows + 1_000:
            self._renumber()
        arrays = [self._carrier_arrays[edge] for edge in edges]
        accounts = np.concatenate([*arrays, np.zeros(0, np.int64)])
        pairs = np.array(edges, np.int64).reshape(-1, 2)
        return np.column_stack([accounts, np.repeat(pairs, [len(array) for array in arrays], axis=0)])

    def _renumber(self) -> None:
        """Forget the numbers of accounts that carry nothing any more."""
        self.carrier_names.clear()
        self._carrier_numbers.clear()
        for edge, carriers in self.carriers.items():
            self._carrier_arrays[edge] = np.array([self._number(account) for account in carriers], np.int64)

    def _forget_edge(self, edge: Edge) -> None:
        self.edges.pop(edge, None)
        self.e_log10.pop(edge, None)
        self.rows -= len(self.carriers.pop(edge, ()))
        self._carrier_arrays.pop(edge, None)
        self._changed.update(edge)
        for one, other in (edge, edge[::-1]):
            others = self._edges_of.get(one)
            if others is None:
                continue
            others.discard(other)
            if not others:
                self._untie(one)

    def _untie(self, index: int) -> None:
        del self._edges_of[index]
        target = self.cohorts[index].target
        self._tied[target].discard(index)
        if not self._tied[target]:
            del self._tied[target]

    def take_changed(self) -> set[int]:
        """Cohorts whose pairs changed since the last call; some may be gone."""
        taken, self._changed = self._changed, set()
        return taken

    def reach(self, starts: Iterable[int]) -> set[int]:
        """All cohorts tied to `starts` by significant pairs, or by sharing a target with one that is."""
        seen: set[int] = set()
        waiting = [index for index in starts if index in self._edges_of]
        while waiting:
            index = waiting.pop()
            if index not in seen:
                seen.add(index)
                waiting.extend(self._edges_of[index])
                waiting.extend(self._tied[self.cohorts[index].target])
        return seen

    def edges_within(self, indexes: set[int]) -> list[Edge]:
        """Significant pairs among cohorts that `reach` returned, sorted."""
        return sorted((one, other) for one in indexes for other in self._edges_of[one] if other < one)

    def _expire(self, now_ms: int) -> None:
        for window_ms, ages in self._ages.items():
            before_ms = now_ms - self._horizon_ms[window_ms]
            while ages and self.cohorts[next(iter(ages))].end_ms <= before_ms:
                self._drop(self.cohorts[next(iter(ages))])
        while self._remembered > self._settings.memberships_max:
            oldest = min(next(iter(ages)) for ages in self._ages.values() if ages)
            self._drop(self.cohorts[oldest])
            self.evicted += 1
        if sum(map(len, self._histories.values())) > self._sweep_at:
            self._sweep()

    def _drop(self, cohort: Cohort) -> None:
        for other in sorted(self._edges_of.get(cohort.index, ())):
            self._forget_edge(_edge(cohort.index, other))
        self.calibration.drop(cohort)
        del self.cohorts[cohort.index]
        del self._ages[cohort.window_ms][cohort.index]
        del self._index_of[cohort.key]
        self._memberships[cohort.window_ms] -= len(cohort.members)
        self._remembered -= len(cohort.members)
        histories = self._histories[cohort.window_ms]
        for account in cohort.members:
            history = histories.get(account)
            if history is not None:
                live = [index for index in history if index in self.cohorts]
                if live:
                    histories[account] = live
                else:
                    del histories[account]

    def _sweep(self) -> None:
        """Histories of accounts that were thinned out of their cohorts are found only here."""
        for histories in self._histories.values():
            dead = [a for a, history in histories.items() if history[-1] not in self.cohorts]
            for account in dead:
                del histories[account]
        self._sweep_at = max(100_000, 2 * sum(map(len, self._histories.values())))

    def activity_of(self, accounts: Iterable[str], window_ms: int) -> int:
        """Σ |history| over accounts: cohorts that they were in, each at most `history_max`."""
        histories = self._histories[window_ms]
        return sum(len(histories.get(account, ())) for account in accounts)

    def group_rate(self, accounts: int, activity: int, cohort: Cohort, others: Iterable[Cohort]) -> float:
        """φ·λ for so many named accounts in a cohort; the largest φ of its strata with `others`."""
        phi = max(self.calibration.phi(cohort, other) for other in others)
        return phi * max(activity * cohort.size, accounts * cohort.exposure) / self._population(cohort.window_ms)

    @property
    def accounts(self) -> int:
        """Accounts with a history."""
        return sum(map(len, self._histories.values()))

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {
            "cohorts": [([getattr(c, f) for f in FIELDS], list(c.members.values())) for c in self.cohorts.values()],
            "histories": list(self._histories.items()),
            "memberships": list(self._memberships.items()),
            "edges": [(*edge, p, self.e_log10[edge], self.carriers[edge]) for edge, p in self.edges.items()],
            "changed": sorted(self._changed),
            "calibration": self.calibration.snapshot(),
            "figures": (self._next, self._sweep_at, self.tests, self.evicted, self.looks),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self.cohorts.clear()
        for ages in self._ages.values():
            ages.clear()
        for values, members in state["cohorts"]:
            cohort = Cohort.__new__(Cohort)
            for name, value in zip(FIELDS, values, strict=True):
                setattr(cohort, name, value)
            cohort.texts = tuple(cohort.texts)
            cohort.members = {m.account: m for m in msgspec.convert(members, list[Member])}
            self.cohorts[cohort.index] = cohort
            self._ages[cohort.window_ms][cohort.index] = None
        self._index_of = {c.key: c.index for c in self.cohorts.values()}
        self._histories = {window_ms: dict(histories) for window_ms, histories in state["histories"]}
        self._memberships = Counter(dict(state["memberships"]))
        self._remembered = self._memberships.total()
        self.edges, self.e_log10, self.carriers, self._edges_of, self.rows = {}, {}, {}, {}, 0
        self._carrier_arrays, self._carrier_numbers, self.carrier_names, self._tied = {}, {}, [], {}
        for one, other, p_log10, e_log10, carriers in state["edges"]:
            self._remember_edge((one, other), p_log10, e_log10, carriers)
        self._changed = set(state["changed"])
        self.calibration.restore(state["calibration"])
        self._next, self._sweep_at, self.tests, self.evicted, self.looks = state["figures"]


def _acts(accounts: Iterable[str], one: Cohort, other: Cohort) -> int:
    """Accounts that acted twice: one post with two links is one act on two targets."""
    return sum(
        (mine := one.members.get(account)) is None
        or (theirs := other.members.get(account)) is None
        or mine.act != theirs.act
        for account in accounts
    )


def _edge(one: int, other: int) -> Edge:
    return (one, other) if one > other else (other, one)
