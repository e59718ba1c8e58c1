"""An item of evidence and what it weighs."""

from collections.abc import Callable

from detector.background import Background
from detector.evidence.figures import Figures
from detector.settings import EvidenceSettings
from models.alerts import Evidence

Item = tuple[float, Evidence]
"""(points, evidence); 0 points: considered, and found nothing."""
Maker = Callable[[Figures, Background, EvidenceSettings], Item | None]
"""Makes an item of what is held against the usual; None where too little is known to say anything."""


def item(points: float, name: str, sentence: str, **values: float) -> Item:
    """Make an item; its strength is its points out of the two that a strong item has."""
    return points, Evidence(name, min(1.0, points / 2), sentence, {k: round(float(v), 6) for k, v in values.items()})
