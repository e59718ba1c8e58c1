"""The two answers of a case with their parts, ready to be drawn as bars."""

from typing import Final, NamedTuple

from models.alerts import Alert, Evidence

WIDTH: Final = 100.0


class Bar(NamedTuple):
    """One item of evidence."""

    name: str
    sentence: str
    points: float
    """What it weighs by itself."""
    counted: float
    """What of that was counted."""
    held_back: str | None
    """What held the rest back."""
    counted_width: float
    """Percent of the longest bar."""
    points_width: float


class Answer(NamedTuple):
    """One of the two questions."""

    bars: list[Bar]
    total: float
    needed: float
    """Points that call somebody; 0 where there is no such number."""
    reached: float
    """Percent of what is needed, at most 100."""


def synchrony(alert: Alert) -> Answer:
    """Could chance or an honest crowd explain it: items by strength."""
    bars = [
        Bar(item.name, item.sentence, item.strength, item.strength, None, WIDTH * item.strength, WIDTH * item.strength)
        for item in alert.synchrony
    ]
    return Answer(bars, 0.0, 0.0, 0.0)


def inauthenticity(alert: Alert) -> Answer:
    """Is there separate evidence: items by points, those that weigh first; items that say nothing last."""
    longest = max((item.points for item in alert.inauthenticity), default=0.0) or 1.0
    ordered = sorted(alert.inauthenticity, key=lambda item: (-item.counted, -item.points, item.name))
    needed = alert.points_min
    reached = min(WIDTH, WIDTH * max(alert.points, 0.0) / needed) if needed > 0 else 0.0
    return Answer([_bar(item, longest) for item in ordered], alert.points, needed, reached)


def _bar(item: Evidence, longest: float) -> Bar:
    return Bar(
        item.name,
        item.sentence,
        item.points,
        item.counted,
        item.held_back,
        round(WIDTH * max(item.counted, 0.0) / longest, 1),
        round(WIDTH * max(item.points, 0.0) / longest, 1),
    )
