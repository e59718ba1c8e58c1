"""Quiet hours and moments of digests, by the clock on somebody's wall. Pure: a moment in, an answer out.

Where clocks are set back or forward inside an edge of quiet hours, they last the longer of the two readings.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

HOUR_MS = 3_600_000
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone of the tz database, as in Europe/Berlin") from None
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Wall = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Quiet(BaseModel):
    """Hours in which nothing is sent. Each begins on one of `days`; `until` may be on the next day."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    zone: Zone
    begins: Wall = Field(alias="from")
    until: Wall
    """The same time as `from` makes a whole day."""
    days: tuple[Day, ...] = Field(default=DAYS, min_length=1, max_length=7)

    def holds(self, now_ms: int) -> bool:
        """Whether it is quiet at `now_ms` (epoch ms)."""
        zone, begins, until = ZoneInfo(self.zone), _time(self.begins), _time(self.until)
        for day in _days_around(now_ms, zone):
            if DAYS[day.weekday()] not in self.days:
                continue
            last = day if until > begins else day + timedelta(days=1)
            if min(_instants(day, begins, zone)) <= now_ms < max(_instants(last, until, zone)):
                return True
        return False


class Digest(BaseModel):
    """One message for many, each hour or at a time of each day."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    every: Literal["hour", "day"]
    at: Wall = "09:00"
    zone: Zone = "UTC"

    def newest(self, now_ms: int) -> int:
        """Return the newest moment of a digest that is not after `now_ms`; both epoch ms."""
        if self.every == "hour":
            return now_ms - now_ms % HOUR_MS
        zone = ZoneInfo(self.zone)
        moments = (min(_instants(day, _time(self.at), zone)) for day in _days_around(now_ms, zone))
        return max(moment for moment in moments if moment <= now_ms)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _days_around(now_ms: int, zone: ZoneInfo) -> Iterator[date]:
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    # a day and a half back: at the moment of a change of clocks, yesterday's edge may be meant
    return (today - timedelta(days=back) for back in (0, 1, 2))


def _instants(day: date, at: time, zone: ZoneInfo) -> tuple[int, int]:
    """Epoch ms of a reading of the wall clock: two that differ where clocks change."""
    first = datetime.combine(day, at, zone)
    return int(first.timestamp() * 1000), int(first.replace(fold=1).timestamp() * 1000)
