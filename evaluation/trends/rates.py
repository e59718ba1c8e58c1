"""Rates of a score over topics: how many bought ones are found where one honest one in a hundred is called."""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from evaluation.trends.tables import Row


class Scored(Struct, frozen=True):
    """One topic of one simulated stream."""

    kind: str
    bought: bool
    score: float
    """Higher is likelier bought; minus infinity where nothing was said in time."""
    called: bool
    """The verdict by the detector's own thresholds calls it manufactured."""
    seconds: float | None = None
    """From the topic's first post to the first verdict that called it."""


def threshold(scores: Iterable[float], false_positive_rate: float) -> float:
    """The lowest score above which no more than that share lies. Infinite for no scores."""
    ordered = np.sort(np.asarray([*scores], np.float64))[::-1]
    allowed = int(false_positive_rate * len(ordered))
    return float(ordered[allowed]) if allowed < len(ordered) else float("-inf") if len(ordered) else float("inf")


def area(bought: Sequence[float], honest: Sequence[float]) -> float:
    """Chance that a bought topic scores above an honest one, ties half (area under the curve); NaN if one is empty."""
    if not bought or not honest:
        return float("nan")
    ordered = np.sort(np.asarray(honest))
    below, upto = np.searchsorted(ordered, bought, "left"), np.searchsorted(ordered, bought, "right")
    return float(np.mean((below + upto) / 2) / len(ordered))


def by_kind(topics: Sequence[Scored], at_least: float) -> list[Row]:
    """A row for each kind: share above a threshold chosen elsewhere, and share called by the detector itself."""
    honest = [topic.score for topic in topics if not topic.bought]
    rows: list[Row] = []
    for kind in dict.fromkeys(topic.kind for topic in sorted(topics, key=lambda each: each.bought)):
        own = [topic for topic in topics if topic.kind == kind]
        seconds = sorted(topic.seconds for topic in own if topic.seconds is not None)
        rows.append(
            {
                "kind": kind,
                "bought": "yes" if own[0].bought else "no",
                "topics": len(own),
                "above the chosen threshold": float(np.mean([topic.score > at_least for topic in own])),
                "called": float(np.mean([topic.called for topic in own])),
                "area": area([topic.score for topic in own], honest) if own[0].bought else None,
                "median seconds to the call": seconds[len(seconds) // 2] if seconds else None,
            }
        )
    return rows


def rates(topics: Sequence[Scored], at_least: float) -> Row:
    """One row over all kinds: the chosen threshold on these topics, and the threshold that 1 % of these would need."""
    bought = [topic for topic in topics if topic.bought]
    honest = [topic for topic in topics if not topic.bought]
    own = threshold((topic.score for topic in honest), 0.01)
    row: Row = {
        "FPR": _share(honest, at_least),
        "TPR": _share(bought, at_least),
        "TPR at 1 % here": _share(bought, own),
    }
    for kind in dict.fromkeys(topic.kind for topic in bought):
        row[f"TPR {kind}"] = _share([topic for topic in bought if topic.kind == kind], at_least)
    return row


def _share(topics: Sequence[Scored], at_least: float) -> float:
    return float(np.mean([topic.score > at_least for topic in topics])) if topics else float("nan")


def detected_by(topics: Sequence[Scored], seconds: Sequence[int]) -> Row:
    """Share of the topics that were called within so many seconds of their first post."""
    told = [topic.seconds for topic in topics]
    return {
        f"{limit} s": float(np.mean([moment is not None and moment <= limit for moment in told])) if told else None
        for limit in seconds
    }
