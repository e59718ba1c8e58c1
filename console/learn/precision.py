"""How often people agreed: confirmed over confirmed and dismissed, by item, layer, kind, outcome, version and week."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from math import sqrt
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Engine

from console.learn.features import FeatureCache, Features
from console.learn.labels import decided

FEW: Final = 10
"""Under so many decisions a share says nothing yet, and none is shown."""
Z_95: Final = 1.959964
CASES_MAX: Final = 20_000
GROUPS: Final = ("week", "item", "layer", "kind", "outcome", "configuration")


class Precision(Struct, frozen=True):
    """One row: what people said of the cases that have something in common."""

    group: str
    name: str
    confirmed: int
    dismissed: int
    reasons: dict[str, int]
    """Dismissals by reason."""
    share: float | None
    """Confirmed over both; None where there are fewer than `FEW`."""
    low: float
    high: float
    """Wilson's 95 % interval of the share (Wilson 1927), within [0, 1]."""

    @property
    def decided(self) -> int:
        """Confirmed and dismissed together."""
        return self.confirmed + self.dismissed


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share `hits` / `of` by Wilson's score; (0, 1) where `of` is 0."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    spread = Z_95**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def precision(engine: Engine, cache: FeatureCache, since_ms: int = 0) -> dict[str, list[Precision]]:
    """Rows by group, of the decisions that stand; weeks by time, the others by the number of decisions.

    A case counts once in a row: under every item that counted in it, every layer of its targets, and once in
    each other group. Cases on the watch list count in neither column: nobody has said yet what they are.
    """
    rows = decided(engine, since_ms, CASES_MAX, ("confirmed", "dismissed"))
    features = cache.of(engine, [(row.campaign, row.decided_revision) for row in rows])
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        found = features.get((row.campaign, row.decided_revision))
        for group, name in _groups(row, found):
            told[group, name][row.reason or row.status] += 1
            told[group, name][f"={row.status}"] += 1
    made = [_row(group, name, counts) for (group, name), counts in told.items()]
    return {group: sorted((row for row in made if row.group == group), key=_order) for group in GROUPS}


def week_of(at_ms: int) -> str:
    """ISO week of a moment, UTC: `2026-W48`."""
    year, week, _ = datetime.fromtimestamp(at_ms / 1000, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _groups(row: Any, found: Features | None) -> list[tuple[str, str]]:
    groups = [("week", week_of(row.decided_at_ms))]
    if found is None:
        return groups
    groups += [("item", name) for name in found.counted]
    groups += [("layer", name) for name in found.layers]
    return [
        *groups, ("kind", found.kind), ("outcome", found.outcome), ("configuration", found.configuration)
    ]  # fmt: skip


def _row(group: str, name: str, counts: Counter[str]) -> Precision:
    confirmed, dismissed = counts["=confirmed"], counts["=dismissed"]
    reasons = {
        reason: number
        for reason, number in sorted(counts.items())
        if not reason.startswith("=") and reason not in {"confirmed", "dismissed"}
    }
    total = confirmed + dismissed
    low, high = wilson(confirmed, total)
    return Precision(group, name, confirmed, dismissed, reasons, confirmed / total if total >= FEW else None, low, high)


def _order(row: Precision) -> tuple[int, str]:
    return (0, row.name) if row.group == "week" else (-row.decided, row.name)
