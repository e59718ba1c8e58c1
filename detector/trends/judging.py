"""What is said of one topic, from its accounts and its places. No state: everything comes in."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from detector.trends.figures import excess, figures_of, known_attributes
from detector.trends.model import FLAGGED_WEIGHT, RETURNING_WEIGHT, Weighed, model_for
from detector.trends.settings import TrendSettings
from detector.trends.topic import FLAGGED, GONE, RETURNING, Row
from detector.trends.usual import Usual
from models.trends import TrendAccuracy, TrendOutcome

MARKS_ALONE_MIN: Final = 0.4
"""Where no attribute is known, so large a share of flagged or returning accounts calls a topic by itself."""
PART_MIN: Final = 0.15
"""So large a share of flagged or returning accounts makes an otherwise organic topic mixed."""
FEW: Final = "few "
"""Before the word of a topic with too few accounts to look at: that there are enough is news."""
STAY: Final = 1.5
"""A topic that was called stays called until its score has fallen so far below the threshold: figures wobble."""


class Look(Struct):
    """A topic's accounts as one judgement saw them."""

    enough: bool
    score: float
    score_min: float
    parts: list[Weighed]
    known: list[str]
    figures: dict[str, float]
    accuracy: TrendAccuracy | None
    marked: float
    """Share of accounts that are flagged, returning, or whose posts were gone within minutes."""
    named: float
    """Share that is flagged or returning."""
    excess: float
    """Share beyond the usual mix."""

    bursts: bool = True
    """Whether the accounts are those of a burst's first minutes. The models know nothing else: hours later the few
    who still come are another mix than the platform's, and nobody bought them."""

    @property
    def called(self) -> bool:
        """Whether the figures alone call the topic."""
        return self.enough and self.score >= self.score_min and (self.bursts or self.named >= MARKS_ALONE_MIN)


def look_at(rows: Sequence[Row], usual: Usual, settings: TrendSettings, *, bursts: bool = True) -> Look:
    """Weigh some accounts; fewer than `accounts_min` are too few."""
    if len(rows) < settings.accounts_min:
        return Look(False, 0.0, 0.0, [], [], {}, None, _share(rows, GONE | FLAGGED | RETURNING), 0.0, 0.0)
    known = known_attributes(rows, usual, settings.known_share_min, settings.usual_min)
    figures = figures_of(rows, usual, known)
    flagged, returning = _share(rows, FLAGGED), _share(rows, RETURNING)
    named = _share(rows, FLAGGED | RETURNING)
    figures |= {"flagged": flagged, "returning": returning}
    model = model_for(known)
    parts = [] if model is None else model.weigh(figures, len(rows))
    parts += [Weighed("flagged", flagged, FLAGGED_WEIGHT * flagged)] if flagged else []
    parts += [Weighed("returning", returning, RETURNING_WEIGHT * returning)] if returning else []
    score = (model.intercept if model else 0.0) + sum(part.weight for part in parts)
    score_min = model.score_min if model else FLAGGED_WEIGHT * MARKS_ALONE_MIN
    enough = model is not None or named >= MARKS_ALONE_MIN
    marked = _share(rows, GONE | FLAGGED | RETURNING)
    accuracy = model.accuracy if model else None
    return Look(
        enough, score, score_min, parts, known, figures, accuracy, marked, named, excess(rows, usual, known), bursts
    )


def outcome_of(look: Look, later: Look | None, *, was_called: bool, held: bool, paid: bool) -> TrendOutcome:
    """The word for a topic.

    `later`: its accounts of the last minutes, where the onset is over. `was_called`: these accounts have
    been called. `held`: the topic was called not long ago.
    """
    called = look.called or (was_called and look.bursts and look.enough and look.score >= look.score_min - STAY)
    if paid:
        return TrendOutcome.TOO_LITTLE_DATA if called or not look.enough else TrendOutcome.ORGANIC
    if not look.enough:
        return TrendOutcome.MIXED if held else TrendOutcome.TOO_LITTLE_DATA
    if called:
        people_joined = later is not None and later.enough and not later.called and later.named < PART_MIN
        return TrendOutcome.MIXED if people_joined else TrendOutcome.MANUFACTURED
    return TrendOutcome.MIXED if held or look.named >= PART_MIN else TrendOutcome.ORGANIC


def _share(rows: Sequence[Row], marks: int) -> float:
    return sum(1 for row in rows if row.marks & marks) / len(rows) if rows else 0.0
