"""Thirteen months of hourly hot lists: alarms a day, and what stands behind them.

`python -m evaluation.trends.hot_list FOLDER`. An alarm is a topic whose volume rises on the list faster than its
places do. A list tells places and counts and no accounts, so nothing may be called manufactured: it says
where to look.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from msgspec import Struct

from detector.trends.engine import TrendEngine
from evaluation.importers import Source, Tally
from evaluation.importers.sorting import sorted_by_time
from evaluation.importers.trend_lists import convert_hourly
from evaluation.simulator.clock import DAY_MS
from evaluation.trends.tables import Row, report
from models.events import AnyEvent, Trend
from models.trends import TrendOutcome, TrendVerdict

BEIJING_MS = 8 * 3_600_000
READ_FROM = "2024-09"
"""Alarms to be read are taken from here on: by then the list's own spread is known."""


class Watched(Struct):
    """A run over the lists."""

    alarms: list[TrendVerdict]
    """The first verdict of each rise."""
    days: set[int]
    lines: int
    topics: int
    paid: int
    """Topics whose place was sold."""
    called: int
    """Verdicts that call a topic: there must be none."""
    seconds: float


def lists(path: Path, kind: str = "heat") -> Iterator[list[AnyEvent]]:
    """Lines of the lists in order of time."""
    return sorted_by_time(convert_hourly(Source(path, kind=kind), Tally()))


def watch(path: Path, kind: str = "heat") -> Watched:
    """Push all lists through the monitor."""
    engine = TrendEngine()
    found = Watched([], set(), 0, 0, 0, 0, 0.0)
    topics: set[str] = set()
    paid: set[str] = set()
    rising: dict[str, int] = {}
    for batch in lists(path, kind):
        lines = [event for event in batch if isinstance(event, Trend)]
        found.lines += len(lines)
        topics.update(line.topic for line in lines)
        paid.update(line.topic for line in lines if line.paid)
        found.days.update(day_of(line.observed_at_ms) for line in lines)
        began = time.perf_counter()
        verdicts = engine.push(batch)
        engine.take_lists()
        found.seconds += time.perf_counter() - began
        _take(found, verdicts, rising)
    _take(found, engine.finish(), rising)
    found.topics, found.paid = len(topics), len(paid)
    return found


def _take(found: Watched, verdicts: list[TrendVerdict], rising: dict[str, int]) -> None:
    for verdict in verdicts:
        found.called += verdict.outcome is not TrendOutcome.TOO_LITTLE_DATA
        rises = any(reason.name == "list_rise" for reason in verdict.reasons)
        if rises and rising.get(verdict.key) != verdict.burst_since_ms:
            rising[verdict.key] = verdict.burst_since_ms or 0
            found.alarms.append(verdict)


def day_of(at_ms: int) -> int:
    """Days since 1970 in Beijing."""
    return (at_ms + BEIJING_MS) // DAY_MS


def by_month(found: Watched) -> list[Row]:
    """Alarms a day of each month."""
    months: dict[str, dict[int, int]] = defaultdict(dict)
    for day in sorted(found.days):
        months[str(np.datetime64(day, "D"))[:7]][day] = 0
    for alarm in found.alarms:
        day = day_of(alarm.at_ms)
        months[str(np.datetime64(day, "D"))[:7]][day] += 1
    return [
        {
            "month": month,
            "days": len(counts),
            "alarms": sum(counts.values()),
            "a day, median": median(counts.values()),
            "a day, most": max(counts.values()),
        }
        for month, counts in sorted(months.items())
    ]


def main(
    path: Annotated[Path, typer.Argument(help="weibo_hot_list")],
    kind: Annotated[str, typer.Option("--type", help="heat, reads or discussions.")] = "heat",
    shown: Annotated[int, typer.Option(min=0, help="Alarms to print for reading, evenly over the later months.")] = 10,
    results: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Measure and print Markdown."""
    found = watch(path, kind)
    report(f"Alarms on the hot list ({kind})", by_month(found), results)
    print(
        f"{found.lines:,} lines, {found.topics:,} topics ({found.paid:,} on places that are sold), "
        f"{len(found.alarms):,} alarms, {found.called} calls, {found.lines / found.seconds:,.0f} lines/s\n"
    )
    later = [alarm for alarm in found.alarms if str(np.datetime64(day_of(alarm.at_ms), "D"))[:7] >= READ_FROM]
    for alarm in later[:: max(1, len(later) // max(shown, 1))][:shown]:
        place = alarm.places[0]
        moment = np.datetime64(alarm.at_ms + BEIJING_MS, "ms").astype("datetime64[m]")
        print(f"- {moment} «{alarm.topic}» place {place.rank}, volume {place.volume:,.0f}")


if __name__ == "__main__":
    typer.run(main)
