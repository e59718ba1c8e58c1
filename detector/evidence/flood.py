"""A flood of variants: the item that needs no silence afterwards, so that it speaks in the first minute."""

from detector.evidence.figures import Figures, densest
from detector.evidence.items import Item, item
from detector.evidence.words import count, duration
from detector.settings import EvidenceSettings
from models.actions import Layer

COPY_MIN = 0.95
"""From this similarity on, a text is a copy rather than a variant."""


def spun_flood(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Many different variants of one long text within a minute, and nothing to be seen that they copy.

    The most variants (similarity under 0.95 to the text they vary) of one family in `flood_ms`. People
    who copy paste; whoever changes the words needs time to write. Only families of `flood_shingles_min`
    shingles or more, of which less than half carry a link, hashtag or picture. Two points.
    """
    best, speaks = 0, False
    families = [target for target in figures.targets if target.layer == Layer.FAMILY]
    for target in families:
        cohorts = [c for c in figures.cohorts if c.layer == Layer.FAMILY and c.target == target.target]
        times = sorted(m.time_ms for m in target.members.values() if m.similarity < COPY_MIN)
        most = densest(times, limits.flood_ms)
        hidden = max(c.linked_share for c in cohorts) < 0.5
        long = max(c.shingles for c in cohorts) >= limits.flood_shingles_min
        best = max(best, most)
        speaks = speaks or (most >= limits.flood_variants_min and hidden and long)
    if not families:
        return None
    return item(
        2.0 * float(speaks),
        "spun_flood",
        f"{count(best, 'different variant')} of one text within {duration(limits.flood_ms)}"
        + (", far faster than anybody writes, and nothing to be seen that they copy." if speaks else "."),
        variants=best,
        share=best / max(1, sum(len(target.members) for target in families)),
    )
