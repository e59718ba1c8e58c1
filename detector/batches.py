"""Batches on one target: which cohorts are worth judging, and when."""

from collections import Counter
from collections.abc import Sequence
from heapq import heappop, heappush

from detector.background import AGE_DAYS, DAY_MS, Background
from detector.cohorts.cohort import Cohort
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.batch import WRITTEN
from detector.evidence.figures import densest
from detector.settings import DetectorSettings
from models.actions import Layer

Target = tuple[int, str]
"""(layer, target)."""


class BatchWatch:
    """Remembers the live cohorts of each candidate target and when to look at it again."""

    def __init__(self, settings: DetectorSettings) -> None:
        self._settings = settings
        self._cohorts: dict[Target, list[int]] = {}
        self._checks: list[tuple[int, Target]] = []

    def __len__(self) -> int:
        return len(self._cohorts)

    def see(self, cohort: Cohort, background: Background, known: bool = False) -> Target | None:
        """A cohort has news; return its target if the target should be judged now.

        `known` tells that accounts of a known operator are among its members beyond chance.
        """
        if not known and not self._is_candidate(cohort, background):
            return None
        target = (cohort.layer, cohort.target)
        held = self._cohorts.setdefault(target, [])
        if cohort.index not in held:
            held.append(cohort.index)
        for after_ms in self._looks_ms(cohort.layer):
            heappush(self._checks, (cohort.told_ms + after_ms, target))
        return target

    def _looks_ms(self, layer: int) -> Sequence[int]:
        """When to look again: once posts may be deleted, and once the silence after a pulse can be judged."""
        if layer in WRITTEN:
            return (*self._settings.batch.looks_ms, self._settings.evidence.pulse_quiet_ms)
        return self._settings.batch.looks_ms if layer in (Layer.HASHTAGS, Layer.REPLY) else ()

    def due(self, time_ms: int) -> list[Target]:
        """Targets whose second look is due."""
        found: dict[Target, None] = {}
        while self._checks and self._checks[0][0] <= time_ms:
            found[heappop(self._checks)[1]] = None
        return [target for target in found if target in self._cohorts]

    def next_check_ms(self) -> int | None:
        """When the next second look is due."""
        return self._checks[0][0] if self._checks else None

    def cohorts(self, target: Target, live: dict[int, Cohort]) -> list[Cohort]:
        """The live cohorts of a target; the dead are forgotten."""
        indexes = [index for index in self._cohorts.get(target, ()) if index in live]
        if indexes:
            self._cohorts[target] = indexes
        else:
            self._cohorts.pop(target, None)
        return [live[index] for index in indexes]

    def sweep(self, live: dict[int, Cohort]) -> None:
        """Forget targets without a live cohort."""
        for target in list(self._cohorts):
            self.cohorts(target, live)

    def _is_candidate(self, cohort: Cohort, background: Background) -> bool:
        limits = self._settings.batch
        if len(cohort.members) < limits.accounts_min:
            return False
        if cohort.layer in (*WRITTEN, Layer.HASHTAGS):
            times = sorted(member.time_ms for member in cohort.members.values())
            wanted = limits.accounts_min if cohort.layer in WRITTEN else limits.hashtag_accounts_min
            if densest(times, limits.burst_ms) >= wanted:
                return True
        if len(background.facts) and self._looks_registered(cohort, background):
            return True
        return self._shares_devices(cohort)

    def _looks_registered(self, cohort: Cohort, background: Background) -> bool:
        days: Counter[int] = Counter()
        for account in cohort.members:
            fact = background.facts.get(account)
            if fact is not None:
                days[fact.registered_at_ms // DAY_MS] += 1
        limits = self._settings.evidence
        day, most = min(days.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))
        if most < 5 or most >= limits.registration_share_min * len(cohort.members):
            return most >= 5
        # a batch may hide in a crowd so large that its share says nothing
        usual = background.days.share(str(day), most, 1 / AGE_DAYS)
        return binomial_tail_log10(most, days.total(), usual) <= limits.attribute_p_log10_max

    def _shares_devices(self, cohort: Cohort) -> bool:
        users = Counter(member.device for member in cohort.members.values() if member.device)
        sharing = sum(number for number in users.values() if number > 1)
        return sharing >= 5 and sharing >= self._settings.evidence.shared_device_share_min * len(cohort.members)

    def snapshot(self) -> tuple[list[tuple[Target, list[int]]], list[tuple[int, Target]]]:
        """The state as plain values."""
        return list(self._cohorts.items()), list(self._checks)

    def restore(self, state: tuple[list[tuple[Target, list[int]]], list[tuple[int, Target]]]) -> None:
        """Take the state of `snapshot`."""
        cohorts, checks = state
        self._cohorts = {(layer, target): list(indexes) for (layer, target), indexes in cohorts}
        self._checks = [(due, (layer, target)) for due, (layer, target) in checks]
