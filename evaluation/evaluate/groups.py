"""Planted groups over all seeds of a scenario: the rows that a reader looks at."""

from collections.abc import Iterable, Sequence
from statistics import median

from msgspec import Struct

from evaluation.evaluate.measures import ArmyScore, CrowdScore
from evaluation.evaluate.record import RunRecord


class ArmyRow(Struct, frozen=True):
    """One army of one scenario, all seeds."""

    scenario: str
    group: str
    about: str
    target_class: bool
    accounts: int
    scores: list[ArmyScore]

    @property
    def found(self) -> int:
        """Seeds in which at least half of it was named."""
        return sum(score.found for score in self.scores)

    @property
    def shares(self) -> list[float]:
        """Share of its accounts named, by seed."""
        return [score.named / max(1, score.accounts) for score in self.scores]

    @property
    def recall(self) -> float:
        """Share of its accounts named, over all seeds."""
        return sum(score.named for score in self.scores) / max(1, sum(score.accounts for score in self.scores))

    @property
    def after_first_ms(self) -> int | None:
        """Median time to the first call, of the seeds that called it."""
        return _median([score.after_first_ms for score in self.scores])

    @property
    def after_tenth_ms(self) -> int | None:
        """The same from the tenth action."""
        return _median([score.after_tenth_ms for score in self.scores])

    @property
    def to_come(self) -> float:
        """Median share of the paid actions still to come."""
        return median(score.to_come for score in self.scores)


class CrowdRow(Struct, frozen=True):
    """One honest group of one scenario, all seeds."""

    scenario: str
    group: str
    about: str
    must_list: bool
    scores: list[CrowdScore]

    @property
    def alerted(self) -> int:
        """Seeds in which it was called."""
        return sum(score.alerted for score in self.scores)

    @property
    def listed(self) -> int:
        """Seeds in which it was listed."""
        return sum(score.listed for score in self.scores)

    @property
    def named(self) -> int:
        """Its accounts that calls named, over all seeds."""
        return sum(score.named for score in self.scores)

    @property
    def called(self) -> float:
        """Share of its pairs in one call."""
        return sum(score.pairs_called for score in self.scores) / max(1, sum(score.pairs for score in self.scores))

    @property
    def together(self) -> float:
        """Share of its pairs in one campaign."""
        return sum(score.pairs_together for score in self.scores) / max(1, sum(score.pairs for score in self.scores))

    @property
    def edge(self) -> float | None:
        """Share of its pairs that carry one significant pair of cohorts."""
        if any(score.pairs_edge is None for score in self.scores):
            return None
        return sum(score.pairs_edge or 0 for score in self.scores) / max(1, sum(score.pairs for score in self.scores))


def army_rows(records: Sequence[RunRecord]) -> list[ArmyRow]:
    """Armies, the worst recall first."""
    found: dict[tuple[str, str], list[ArmyScore]] = {}
    for record in records:
        for army in record.measures.armies:
            found.setdefault((record.scenario, army.group), []).append(army)
    rows = [
        ArmyRow(scenario, group, scores[0].about, scores[0].target_class, scores[0].accounts, scores)
        for (scenario, group), scores in found.items()
    ]
    return sorted(rows, key=lambda row: (row.recall, row.scenario, row.group))


def crowd_rows(records: Sequence[RunRecord]) -> list[CrowdRow]:
    """Honest groups, those that were called most often first."""
    found: dict[tuple[str, str], list[CrowdScore]] = {}
    for record in records:
        for crowd in record.measures.crowds:
            found.setdefault((record.scenario, crowd.group), []).append(crowd)
    rows = [
        CrowdRow(scenario, group, scores[0].about, scores[0].must_list, scores)
        for (scenario, group), scores in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.alerted / len(row.scores), -row.together, row.scenario, row.group))


def _median(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return int(median(known)) if known else None
