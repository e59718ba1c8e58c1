"""Verdicts on topics of trending lists: what was seen, what it says, and the place without the accounts in question."""

from enum import StrEnum
from math import log2
from typing import Final

from msgspec import Struct

ACTIVITY_LIST: Final = "activity"
"""Name of the list that Shoal builds itself from posts and likes."""


class TrendOutcome(StrEnum):
    """What a topic's accounts look like, as a crowd."""

    ORGANIC = "organic"
    MIXED = "mixed"
    """It began as a bought topic and people have joined, or only part of it is in question."""
    MANUFACTURED = "manufactured"
    TOO_LITTLE_DATA = "too_little_data"
    """Too few accounts, or nothing known of them but that they acted."""


class TrendReason(Struct, frozen=True):
    """One figure that spoke for or against, in plain words."""

    name: str
    sentence: str
    value: float
    weight: float
    """What it adds to the score; below 0 it speaks for an honest crowd."""


class TrendAccuracy(Struct, frozen=True):
    """How verdicts on as much knowledge did on simulated bursts that chose nothing (see docs/trends.md)."""

    found: float
    """Share of bought topics that were called."""
    wrongly_called: float
    """Share of honest topics that were called."""


class TrendMoment(Struct, frozen=True):
    """One minute of a topic's series."""

    at_ms: int
    acts: int
    accounts: int
    """Accounts that came to the topic in this minute."""
    in_question: int
    """Of these, accounts that are flagged, returning, or whose posts were gone within minutes."""


class Place(Struct, frozen=True):
    """A topic's place on one list."""

    list: str
    rank: int | None
    """1 is the top; None where the topic is not among the places of the list."""
    rank_without: int | None
    """The place without the accounts in question; None where it leaves the list."""
    volume: float
    """The list's own measure; accounts of the last hour on the list `activity`."""
    volume_without: float
    paid: bool = False
    """Sold openly by the platform: never called manufactured."""
    observed_at_ms: int = 0

    def gained(self, log2_min: float) -> bool:
        """Whether the topic would leave the list, or fall by log₂(place without / place) of at least `log2_min`."""
        if self.rank is None:
            return False
        return self.rank_without is None or log2(self.rank_without / self.rank) >= log2_min


class ListLine(Struct, frozen=True):
    """One topic of a list as it is and as it would be."""

    topic: str
    key: str
    rank: int
    rank_without: int | None
    """Its place on the corrected list; None where the topic leaves it."""
    volume: float
    volume_without: float
    outcome: TrendOutcome | None
    """What was said of the topic last; None where nothing was."""
    paid: bool = False


class CorrectedList(Struct, frozen=True):
    """A list at one moment with the places without the accounts in question: what a platform can serve instead."""

    name: str
    revision: int
    """Grows with every state of the list: the time of its evaluation."""
    at_ms: int
    observed_at_ms: int
    """When the platform's snapshot was taken; the evaluation's own time for the list `activity`."""
    lines: list[ListLine]
    """In order of `rank`."""


class TrendVerdict(Struct, frozen=True, omit_defaults=False):
    """The newest word on one topic. Content-derived: the same log gives the same bytes."""

    topic: str
    """As the platform spells it (first seen)."""
    key: str
    """The topic folded (case, width, number signs): what its verdicts are keyed by."""
    revision: int
    """Grows with every verdict on the topic: the time of its evaluation."""
    at_ms: int
    """Event time of the evaluation."""
    outcome: TrendOutcome
    headline: str
    score: float
    """Logarithm of the odds that the topic is bought, as far as the figures tell; 0 where they tell nothing."""
    score_min: float
    """Score from which a topic is called."""
    reasons: list[TrendReason]
    places: list[Place]
    accounts: int
    """Accounts that came in the first minutes of the burst, which the figures are of."""
    accounts_in_question: int
    distinct_accounts: int
    """Accounts of the last hour, estimated (HyperLogLog, about 5 %)."""
    burst_since_ms: int | None
    """Begin of the burst; None where there is none."""
    known: list[str]
    """What was known of the accounts: age, followers, client, network, deletions."""
    accuracy: TrendAccuracy | None
    """None where too little is known for a verdict."""
    figures: dict[str, float]
    series: list[TrendMoment]
    """Up to 60 minutes, oldest first."""
    detector_version: str
    configuration: str
