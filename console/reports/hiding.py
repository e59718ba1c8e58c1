"""Hide small counts: a report is published, and a count of two may tell who the two are.

A count from 1 to one below the least is not shown. A total is shown only where the hidden counts behind it stay open:
with n of them of 1 to k - 1 each, a sum of n or of n (k - 1) would give every one away, and so does any sum of a
single one. What follows from counts (precision) is made from shown counts only.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from console.reports.counts import COLUMNS, WeekCounts, together
from console.reports.weeks import Week

HOUR_MS: Final = 3_600_000


class Line(Struct, frozen=True):
    """One week, or all of them, as it may be published."""

    name: str
    """The week, or `total`."""
    monday: date | None
    """None for the total."""
    ended: bool
    """False where the week goes on, so that its counts may grow."""
    counts: dict[str, int | None]
    """By name of the column; None where a small count is hidden."""
    at_least: frozenset[str]
    """Columns of the total whose count is the sum of the shown weeks only, since more would tell hidden ones."""
    precision: float | None
    """Confirmed over confirmed and dismissed; None where it is not to be told or nothing was decided."""
    median_hours: float | None
    """From the first alert to the decision; None where too few are known."""


class Report(Struct, frozen=True):
    """A transparency report."""

    weeks: list[Line]
    total: Line
    count_min: int
    """Counts from 1 to one below are hidden; 1 hides none."""
    made_at_ms: int


def publish(weeks: Sequence[Week], found: Sequence[WeekCounts], count_min: int, now_ms: int) -> Report:
    """Return what may be published of `found`, the counts of each of `weeks`.

    Raises `ValueError` unless `count_min` is 1 or more.
    """
    if count_min < 1:
        raise ValueError(f"count_min = {count_min} is not 1 or more")
    lines = [
        _line(week.name, week.monday, week.end_ms <= now_ms, counted, _shown(counted, count_min), count_min)
        for week, counted in zip(weeks, found, strict=True)
    ]
    return Report(lines, _total(lines, found, count_min), count_min, now_ms)


def may_tell(hidden: Sequence[int], count_min: int) -> bool:
    """Whether a total that is the sum of `hidden` and of shown counts leaves each of `hidden` open."""
    return not hidden or (len(hidden) > 1 and len(hidden) < sum(hidden) < len(hidden) * (count_min - 1))


def _shown(counted: WeekCounts, count_min: int) -> dict[str, int | None]:
    counts = {name: int(getattr(counted, name)) for name in COLUMNS}
    return {name: count if count == 0 or count >= count_min else None for name, count in counts.items()}


def _total(lines: Sequence[Line], found: Sequence[WeekCounts], count_min: int) -> Line:
    whole = together(found)
    counts: dict[str, int | None] = {}
    at_least = set()
    for name in COLUMNS:
        pairs = [(line.counts[name], int(getattr(week, name))) for line, week in zip(lines, found, strict=True)]
        if may_tell([count for shown, count in pairs if shown is None], count_min):
            counts[name] = sum(count for _, count in pairs)
        else:
            counts[name] = sum(shown for shown, _ in pairs if shown is not None)
            at_least.add(name)
    exact = counts | dict.fromkeys(at_least)
    line = _line("total", None, all(each.ended for each in lines), whole, exact, count_min)
    return Line(line.name, None, line.ended, counts, frozenset(at_least), line.precision, line.median_hours)


def _line(
    name: str, monday: date | None, ended: bool, counted: WeekCounts, counts: dict[str, int | None], count_min: int
) -> Line:
    confirmed, dismissed = counts["campaigns"], counts["dismissed"]
    told = confirmed is not None and dismissed is not None and confirmed + dismissed >= max(1, count_min)
    precision = (
        confirmed / (confirmed + dismissed) if told and confirmed is not None and dismissed is not None else None
    )
    enough = counted.median_ms is not None and len(counted.waits_ms) >= count_min
    hours = round(counted.median_ms / HOUR_MS, 1) if enough and counted.median_ms is not None else None
    return Line(name, monday, ended, counts, frozenset(), precision, hours)
