"""Times of a table as epoch milliseconds: counted units, ISO 8601, or a format of one's own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evaluation.importers.base import WrongSource
from models.errors import InvalidEvent

TimeOf = Callable[[str], int]
COUNTED: Final[Mapping[str, TimeOf]] = {
    "s": lambda text: int(float(text) * 1000),
    "ms": lambda text: int(float(text)),
    "us": lambda text: int(float(text) // 1000),
}
OF_ACTS: Final = frozenset({"created_at_ms", "acted_at_ms", "deleted_at_ms"})
"""Times that windows of minutes are made of."""


def reader_of(field: str, unit: str, zone: tzinfo) -> TimeOf:
    """What reads a cell of `unit` (`s`, `ms`, `us`, `iso`, or a format such as `%d.%m.%Y %H:%M:%S`).

    A time that names no zone is one of `zone`. What is returned raises `InvalidEvent`; an act whose time is a day
    alone is refused: put at midnight, everything of a day would seem to happen in one minute. Raises `WrongSource`.
    """
    if unit in COUNTED:
        return _refusing(field, COUNTED[unit])
    if unit == "iso":
        return _refusing(field, lambda text: _epoch_ms(_iso(field, text), zone))
    if "%" not in unit:
        raise WrongSource(f"--map {field}: {unit} is no unit; there are {', '.join(COUNTED)}, iso, or %d.%m.%Y %H:%M")
    if field in OF_ACTS and not any(each in unit for each in ("%H", "%I", "%X", "%c", "%T")):
        raise WrongSource(f"--map {field}: {unit} has no time of day: too coarse for windows of minutes")
    return _refusing(field, lambda text: _epoch_ms(datetime.strptime(text, unit), zone))  # noqa: DTZ007  # zone follows


def zone_of(name: str) -> tzinfo:
    """The time zone `name`, such as `Asia/Shanghai`. Raises `WrongSource`."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongSource(f"--zone {name} is no time zone: say one such as Asia/Shanghai or Europe/Berlin") from error


def _iso(field: str, text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if field in OF_ACTS and len(text) <= len("2020-01-31"):
        raise InvalidEvent(field, "missing", f"{text!r} has no time of day: too coarse for windows of minutes")
    return at


def _epoch_ms(at: datetime, zone: tzinfo) -> int:
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)


def _refusing(field: str, read: TimeOf) -> TimeOf:
    def time_ms(text: str) -> int:
        try:
            return read(text)
        except (ValueError, OverflowError) as error:
            raise InvalidEvent(field, "malformed", f"time does not parse: {error}") from error

    return time_ms
