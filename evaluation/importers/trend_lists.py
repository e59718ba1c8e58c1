"""`weibo-hot-list` and `daily-trends`: snapshots of trending lists, hourly and daily, as Parquet."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from evaluation.importers.base import Source, Tally, WrongSource, count_rows, parquet_batches, rows_of
from evaluation.importers.rows import BEIJING, Plain, Rows
from models.errors import InvalidEvent
from models.events import AnyEvent

HOURLY = ["day", "hour", "rank", "title", "hot", "readCount", "discussCount", "display_time", "ads"]
DAILY = ["date", "trend", "tweets_in_sample"]
"""Nothing else is read: other columns of such files may hold the answer."""
COUNTS: Mapping[str, int] = {"post": 4, "heat": 4, "reads": 5, "discussions": 6}
"""`--type` to the column that becomes the volume; heat unless it is said."""


def convert_hourly(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the places of each hour's list; openly sold ones are marked `paid`."""
    if source.kind not in COUNTS:
        raise WrongSource(f"--type {source.kind}: the volume of a hot list is one of heat, reads, discussions")
    column = COUNTS[source.kind]
    for path in _files(source, HOURLY):
        rows = Rows(path, tally)
        for batch, start in _batches(path, tally, HOURLY):
            yield [
                event
                for number, row in enumerate(rows_of(batch), start)
                for event in rows.events(number, _raw(HOURLY, row), partial(_place, row, column))
            ]


def _place(row: tuple[Any, ...], column: int) -> Iterator[Plain]:
    day, hour, rank, title, *_, shown, ads = row
    volume = row[column]
    yield {
        "type": "trend",
        "list": "weibo-hot",
        "topic": title,
        "rank": rank,
        "observed_at_ms": int(shown * 1000) if shown is not None else _hour_ms(day, hour),
        "volume": None if volume is None else float(volume),
        "paid": ads,
    }


def _hour_ms(day: str, hour: int) -> int:
    """The end of the hour in Beijing: the list was read some time before."""
    return int((_day(day).replace(tzinfo=BEIJING) + timedelta(hours=hour + 1)).timestamp() * 1000)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidEvent("date", "malformed", str(error)) from error


def convert_daily(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield each day's list at the end of its day (UTC), ranked by volume: no day is known before it is over."""
    for path in _files(source, DAILY):
        rows = Rows(path, tally)
        held: list[tuple[int, tuple[Any, ...]]] = []
        for batch, start in _batches(path, tally, DAILY):
            for number, row in enumerate(rows_of(batch), start):
                if held and held[0][1][0] != row[0]:
                    yield _list(held, rows)
                    held = []
                held.append((number, row))
        yield _list(held, rows)


def _list(held: list[tuple[int, tuple[Any, ...]]], rows: Rows) -> list[AnyEvent]:
    ranked = sorted(held, key=lambda each: (-(each[1][2] or 0), each[1][1] or ""))
    found: list[AnyEvent] = []
    for rank, (number, row) in enumerate(ranked, 1):
        found += rows.events(number, _raw(DAILY, row), partial(_daily, row, rank))
    return found


def _daily(row: tuple[Any, ...], rank: int) -> Iterator[Plain]:
    date, trend, volume = row
    ends_ms = int((_day(date) + timedelta(days=1)).timestamp() * 1000)
    yield {
        "type": "trend", "list": "daily", "topic": trend, "rank": rank, "observed_at_ms": ends_ms,
        "volume": None if volume is None else float(volume),
    }  # fmt: skip


def _files(source: Source, columns: list[str]) -> list[Path]:
    """The file, or those of a folder that have the columns. Raises `WrongSource`."""
    if not source.path.is_dir():
        return [source.path]
    paths = [path for path in sorted(source.path.glob("*.parquet")) if {*columns} <= {*pq.read_schema(path).names}]
    if not paths:
        raise WrongSource(f"{source.path} holds no .parquet file with the columns {', '.join(columns)}")
    return paths


def _batches(path: Path, tally: Tally, columns: list[str]) -> Iterator[tuple[Any, int]]:
    """Batches with the number of their first row; rows are counted as events are made."""
    inner = Tally()
    count_rows(tally, path)
    before = 0
    for batch in parquet_batches(path, inner, columns):
        yield batch, before + 1
        before += len(batch)


def _raw(names: list[str], row: tuple[Any, ...]) -> bytes:
    return repr(dict(zip(names, row, strict=True))).encode("utf-8", "backslashreplace")
