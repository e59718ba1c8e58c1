"""Items that only a batch on one target has: no repetition to go by, so the manner must tell (4.6)."""

from typing import Final

from detector.cohorts.cohort import Cohort
from detector.evidence.figures import Figures, densest
from detector.evidence.items import Item, item
from detector.evidence.words import duration, percent
from detector.settings import EvidenceSettings
from models.actions import Layer

WRITTEN: Final = (Layer.FAMILY, Layer.CONTACT)
"""Layers of what somebody wrote: one text, or words of any kind that lead to one contact."""


def pulse(figures: Figures, limits: EvidenceSettings, now_ms: int) -> Item | None:
    """All copies in one minute, then silence.

    Share of the family's accounts, in its widest open window, inside the densest `pulse_ms`. Judged
    only once `pulse_quiet_ms` have passed since: an honest crowd of copiers dies away over many
    minutes, a batch stops when the order is filled. Only what is written: clicks at one moment are what any
    push message causes.
    """
    if not any(target.layer in WRITTEN for target in figures.targets):
        return None
    times = sorted(m.time_ms for c in _widest(figures) for m in c.members.values())
    dense = densest(times, limits.pulse_ms)
    share = dense / len(times)
    quiet_ms = now_ms - _end_of_densest(times, limits.pulse_ms)
    speaks = share >= limits.pulse_share_min and quiet_ms >= limits.pulse_quiet_ms
    return item(
        2.0 * float(speaks),
        "pulse",
        f"{dense} of {len(times)} accounts ({percent(share)}) posted it within {duration(limits.pulse_ms)}"
        + (
            f", then it stopped: nothing like the slow fading of a crowd ({duration(quiet_ms)} observed)."
            if speaks
            else "."
        ),
        dense=dense,
        share=share,
        quiet_ms=quiet_ms,
    )


def _widest(figures: Figures) -> list[Cohort]:
    families = [c for c in figures.cohorts if c.layer in WRITTEN]
    widest_ms = max(c.window_ms for c in families)
    return [c for c in families if c.window_ms == widest_ms]


def _end_of_densest(times_ms: list[int], within_ms: int) -> int:
    best = start = 0
    end_ms = times_ms[0]
    for end, time_ms in enumerate(times_ms):
        while time_ms - times_ms[start] > within_ms:
            start += 1
        if end - start + 1 >= best:
            best, end_ms = end - start + 1, time_ms
    return end_ms
