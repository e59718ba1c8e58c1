"""Weeks of a report: ISO 8601, from Monday 00:00 UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from console.decisions.errors import InvalidOrder

WEEK_MS: Final = 7 * 86_400_000
WEEKS_MAX: Final = 106
"""Two years."""
WEEKS: Final = 12
"""Where nobody says from when."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999


class Week(NamedTuple):
    """One week."""

    name: str
    """Such as `2026-W48`."""
    monday: date
    begin_ms: int

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return self.begin_ms + WEEK_MS


def weeks_between(first: date | None, last: date | None, now_ms: int) -> list[Week]:
    """Every week that has a day from `first` to `last`, oldest first; without them the last `WEEKS` weeks to now.

    Raises `InvalidOrder` for days in the wrong order, more than `WEEKS_MAX` weeks or years outside 2000 to 2999.
    """
    last = last or datetime.fromtimestamp(now_ms / 1000, UTC).date()
    for name, day in (("from", first), ("to", last)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise InvalidOrder(name, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    end = _monday(last)
    begin = _monday(first) if first is not None else end - timedelta(weeks=WEEKS - 1)
    if begin > end:
        raise InvalidOrder("from", "lies after `to`")
    count = (end - begin).days // 7 + 1
    if count > WEEKS_MAX:
        raise InvalidOrder("from", f"{count} weeks, at most {WEEKS_MAX}")
    return [_week(begin + timedelta(weeks=number)) for number in range(count)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date) -> Week:
    year, number, _ = monday.isocalendar()
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    return Week(f"{year}-W{number:02d}", monday, int(begin.timestamp()) * 1000)
