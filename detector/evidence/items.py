"""An item of evidence and what it weighs."""

from models.alerts import Evidence

Item = tuple[float, Evidence]
"""(points, evidence); 0 points: considered, and found nothing."""


def item(points: float, name: str, sentence: str, **values: float) -> Item:
    """Make an item; its strength is its points out of the two that a strong item has."""
    return points, Evidence(name, min(1.0, points / 2), sentence, {k: round(float(v), 6) for k, v in values.items()})
