"""Shares of topics that were called, by kind and by seconds."""

from collections.abc import Sequence
from statistics import median

import numpy as np
from msgspec import Struct

from evaluation.trends.tables import Row


class Scored(Struct, frozen=True):
    """One topic of one simulated stream."""

    kind: str
    bought: bool
    called: bool
    """The verdict by the detector's own thresholds calls it manufactured."""
    seconds: float | None = None
    """From the topic's first post to the first verdict that called it."""


def called_by_kind(topics: Sequence[Scored]) -> Row:
    """Shares called of the bought and the honest topics and of each kind, and the median seconds of calls."""
    bought = [topic for topic in topics if topic.bought]
    row: Row = {"bought": _share(bought), "honest": _share([topic for topic in topics if not topic.bought])}
    for kind in dict.fromkeys(topic.kind for topic in sorted(topics, key=lambda each: each.bought)):
        row[kind] = _share([topic for topic in topics if topic.kind == kind])
    told = [topic.seconds for topic in bought if topic.seconds is not None]
    return {**row, "seconds, median": median(told) if told else None}


def _share(topics: Sequence[Scored]) -> float:
    return float(np.mean([topic.called for topic in topics])) if topics else float("nan")


def detected_by(topics: Sequence[Scored], seconds: Sequence[int]) -> Row:
    """Share of the topics that were called within so many seconds of their first post."""
    told = [topic.seconds for topic in topics]
    return {
        f"{limit} s": float(np.mean([moment is not None and moment <= limit for moment in told])) if told else None
        for limit in seconds
    }
