"""Daily lists with date, trend and volume only: how many bought trends do so few columns give away?

`python -m evaluation.trends.daily FILE`. Five plain scores of the past alone; the best on the earlier
years is the one reported on the later ones. The label is read after the scores are made and never by them.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow.parquet as pq
import typer
from msgspec import Struct
from numpy.typing import NDArray

from evaluation.importers import Source, Tally
from evaluation.importers.trend_lists import convert_daily
from evaluation.simulator.clock import DAY_MS
from evaluation.trends.tables import Row, report
from models.events import Trend
from models.ids import hash64


class Past(Struct):
    """What is known of a trend before today."""

    days: int = 0
    mean: float = 0.0
    """Of its volume, newer days weigh more."""
    highest: float = 0.0
    last_ms: int = 0


Score = Callable[[Trend, Past, float], float]
"""A place, its past and the day's median volume to a number; higher is likelier bought."""


def _surprise(trend: Trend, past: Past, typical: float) -> float:
    """Signed Poisson deviance of the volume against what the topic, or an unknown one, usually has."""
    volume, usual = trend.volume or 0.0, max(past.mean, typical, 0.5)
    deviance = 2 * (volume * log(max(volume, 1e-9) / usual) - (volume - usual)) if volume else 2 * usual
    return deviance if volume > usual else -deviance


SCORES: Mapping[str, Score] = {
    "volume": lambda trend, _, __: trend.volume or 0.0,
    "volume of newcomers": lambda trend, past, _: (trend.volume or 0.0) if not past.days else -1 / (trend.volume or 1),
    "growth over its highest": lambda trend, past, _: log((trend.volume or 0.0) + 1) - log(past.highest + 1),
    "surprise": _surprise,
    "growth, discounted by days seen": lambda trend, past, _: (
        log((trend.volume or 0.0) + 1) - log(past.highest + 1) - log(past.days + 1)
    ),
}


BLIND = "newness, volume unused"
"""A control: first days first, in an order that means nothing. What volume adds to it may be the label's own doing."""


def _blind(trend: Trend, past: Past) -> float:
    return -float(past.days) + hash64(f"{trend.topic}{trend.observed_at_ms}") / 2**64


class Day(Struct, frozen=True):
    """One day's places under every score."""

    date: str
    topics: list[str]
    volumes: NDArray[np.float64]
    scores: Mapping[str, NDArray[np.float64]]


def days(path: Path) -> Iterator[Day]:
    """Score each day by what came before it, then add it to the past. Bounded by the topics ever seen."""
    past: dict[str, Past] = {}
    for batch in convert_daily(Source(path), Tally()):
        listed = [event for event in batch if isinstance(event, Trend)]
        if not listed:
            continue
        typical = float(np.median([trend.volume or 0.0 for trend in listed]))
        scores = {
            name: np.array([score(trend, past.get(trend.topic, Past()), typical) for trend in listed])
            for name, score in SCORES.items()
        }
        scores[BLIND] = np.array([_blind(trend, past.get(trend.topic, Past())) for trend in listed])
        date = np.datetime64(listed[0].observed_at_ms - DAY_MS, "ms").astype("datetime64[D]")
        volumes = np.array([trend.volume or 0.0 for trend in listed])
        yield Day(str(date), [trend.topic for trend in listed], volumes, scores)
        _remember(past, listed)


def _remember(past: dict[str, Past], listed: Sequence[Trend]) -> None:
    for trend in listed:
        known = past.setdefault(trend.topic, Past())
        volume = trend.volume or 0.0
        known.mean = volume if not known.days else 0.7 * known.mean + 0.3 * volume
        known.highest = max(known.highest, volume)
        known.days += 1
        known.last_ms = trend.observed_at_ms


def labels(path: Path) -> set[tuple[str, str]]:
    """Dates and trends that are labelled as bought. Only the scorecard reads this."""
    table = pq.read_table(path, columns=["date", "trend", "fake"])
    rows = zip(table["date"].to_pylist(), table["trend"].to_pylist(), table["fake"].to_pylist(), strict=True)
    return {(date, trend) for date, trend, fake in rows if fake}


def judge(scored: Sequence[Day], bought: set[tuple[str, str]], alarms: int, name: str) -> Row:
    """Precision and recall at the `alarms` highest scores of each day: means over the days, and over all alarms.

    Days without a bought trend have no recall; they count for precision. `possible` is the recall of
    an oracle with as many alarms.
    """
    precision, recall, hits, total = [], [], 0, 0
    for day in scored:
        truth = np.array([(day.date, topic) in bought for topic in day.topics])
        found = int(truth[np.argsort(-day.scores[name], kind="stable")[:alarms]].sum())
        precision.append(found / min(alarms, len(truth)))
        if truth.any():
            recall.append(found / truth.sum())
        hits, total = hits + found, total + int(truth.sum())
    places = sum(len(day.topics) for day in scored)
    most = sum(min(alarms, sum((day.date, topic) in bought for topic in day.topics)) for day in scored)
    return {
        "score": name, "days": len(scored), "alarms a day": alarms, "precision": float(np.mean(precision)),
        "recall": float(np.mean(recall)) if recall else None, "recall, pooled": hits / max(total, 1),
        "precision of chance": total / places, "possible recall, pooled": most / max(total, 1),
    }  # fmt: skip


def large_only(scored: Sequence[Day], volume_min: float) -> list[Day]:
    """The same days without places below a volume: what remains when the label's own threshold is taken out."""
    found = []
    for day in scored:
        kept = np.flatnonzero(day.volumes >= volume_min)
        scores = {name: score[kept] for name, score in day.scores.items()}
        if len(kept):
            found.append(Day(day.date, [day.topics[at] for at in kept], day.volumes[kept], scores))
    return found


def run(
    path: Path, alarms: Sequence[int] = (5, 10, 20), choose: tuple[str, str] = ("2015", "2016"), after: str = "2017"
) -> tuple[list[Row], list[Row], list[Row]]:
    """Tables of the years for choosing (every score), of the later ones (the chosen score), and of the controls."""
    scored = list(days(path))
    bought = labels(path)
    early = [day for day in scored if choose[0] <= day.date[:4] <= choose[1]]
    chosen_on = [judge(early, bought, 10, name) for name in SCORES]
    best = max(chosen_on, key=lambda row: (row["precision"], row["score"]))["score"]
    reported = []
    for year in sorted({day.date[:4] for day in scored if day.date[:4] >= after}):
        later = [day for day in scored if day.date[:4] == year]
        reported += [{"year": year, **judge(later, bought, number, best)} for number in alarms]
    return chosen_on, reported, _controls(early, [day for day in scored if day.date[:4] >= after], bought, best)


def _controls(early: Sequence[Day], later: Sequence[Day], bought: set[tuple[str, str]], best: str) -> list[Row]:
    """The later years without volume, and among places as large as nearly all bought ones of the earlier years."""
    volumes = [
        v for day in early for topic, v in zip(day.topics, day.volumes, strict=True) if (day.date, topic) in bought
    ]
    volume_min = float(np.percentile(volumes, 5))
    large = large_only(later, volume_min)
    return [
        {"places": "all", **judge(later, bought, 10, BLIND)},
        {"places": "all", **judge(later, bought, 10, best)},
        {"places": f"volume at least {volume_min:.0f}", **judge(large, bought, 10, BLIND)},
        {"places": f"volume at least {volume_min:.0f}", **judge(large, bought, 10, "volume")},
        {"places": f"volume at least {volume_min:.0f}", **judge(large, bought, 10, best)},
    ]


def main(
    path: Annotated[Path, typer.Argument(help="trends_2013_2019.parquet")],
    results: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Choose a score on 2015 and 2016, report it on 2017 to 2019."""
    chosen_on, reported, controls = run(path)
    report("Chosen on 2015 and 2016, 10 alarms a day", chosen_on, None)
    report("Controls, 2017 to 2019", controls, None)
    report("Reported on 2017 to 2019", reported, None)
    if results is not None:
        told = {"chosen_on": chosen_on, "reported": reported, "controls": controls}
        results.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
