"""Foreign rows become valid events, or are refused with a reason, a place and their bytes."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from evaluation.importers.base import Tally
from models.codec import event_of
from models.errors import InvalidEvent
from models.events import AnyEvent

Plain = dict[str, Any]
"""Fields of one event and its `type`; None stands for a field that is not there."""
BEIJING = timezone(timedelta(hours=8))


class NoEvent(Exception):  # it is no error: a row of a sort that Shoal has no event for
    """A row that is well-formed and gives no event; says why. Counted, and no dead letter."""


class Rows:
    """Makes events of the rows of one file through the codec that also guards the topics."""

    def __init__(self, path: Path, tally: Tally) -> None:
        """`tally` takes the counts and the letters."""
        self._path = path
        self._tally = tally
        self._now_ms = int(time.time() * 1000)

    def events(self, number: int, raw: bytes, make: Callable[[], Iterable[Plain]]) -> list[AnyEvent]:
        """The events of row `number`. One bad event of a row refuses that event, the others go on."""
        self._tally.rows += 1
        found: list[AnyEvent] = []
        try:
            for plain in make():
                try:
                    found.append(event_of({key: v for key, v in plain.items() if v is not None}, self._now_ms))
                except InvalidEvent as error:
                    self._tally.refuse(error, self._path, number, raw)
        except InvalidEvent as error:
            self._tally.refuse(error, self._path, number, raw)
        except NoEvent as why:
            self._tally.skipped[str(why)] += 1
        return found


def need(row: Any, path: str, kind: type | tuple[type, ...] = str) -> Any:
    """The value at `path` (dots between keys) of the type that it must have. Raises `InvalidEvent`."""
    value = maybe(row, path)
    if value is None:
        raise InvalidEvent(path, "missing", f"no {path}")
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidEvent(path, "type", f"{type(value).__name__}, not {kind}")
    return value


def maybe(row: Any, path: str) -> Any:
    """The value at `path`, None where a key on the way is missing."""
    for key in path.split("."):
        if not isinstance(row, Mapping):
            return None
        row = row.get(key)
    return row


def listed(row: Any, path: str) -> list[Any]:
    """The list at `path`; an empty one where there is none."""
    found = maybe(row, path)
    return found if isinstance(found, list) else []


def each(row: Any, path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path`; nothing where there is no list."""
    return [item for item in listed(row, path) if isinstance(item, Mapping)]


def iso_ms(field: str, text: str) -> int:
    """ISO 8601 as epoch ms, UTC unless it names a zone. Raises `InvalidEvent`."""
    return time_ms(field, text, UTC)


def time_ms(field: str, text: str, zone: Any) -> int:
    """A date and time in `zone`, or in the zone that it names, as epoch ms. Raises `InvalidEvent`.

    A day alone is refused: put at midnight, everything of a day would seem to happen in one minute.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidEvent(field, "malformed", f"{text[:40]!r} is no time: {error}") from error
    if len(text.strip()) <= len("2020-01-31"):
        raise InvalidEvent(field, "missing", f"{text!r} has no time of day: too coarse for windows of minutes")
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)


def short(values: Iterable[Any], limit: int, length: int = 256) -> list[str]:
    """Distinct non-empty texts within the limits of the contract, in their order."""
    found = dict.fromkeys(v for v in values if isinstance(v, str) and v.strip() and len(v) <= length and "\0" not in v)
    return list(found)[:limit]


def urls(values: Iterable[Any]) -> list[str]:
    """Addresses that a post carries."""
    return short(values, 32, 2_048)


def tags(values: Iterable[Any]) -> list[str]:
    """Hashtags that a post carries."""
    return short(values, 64)
