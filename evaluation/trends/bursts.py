"""Simulated bursts as the product calls them, from platforms that tell all and platforms that tell less.

`python -m evaluation.trends.bursts`. The whole monitor runs on each stream, stripped of some attributes; thresholds
are the shipped ones, chosen on seeds under 100, and seeds from 1,000 are reported. `evaluation.trends.fit` prints the
same for every set of attributes from figures alone.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from evaluation.simulator.clock import MINUTE_MS
from evaluation.trends.attributes import WITHOUT, without
from evaluation.trends.rates import Scored, called_by_kind
from evaluation.trends.running import run, scored
from evaluation.trends.simulate import Dials, simulate_trends
from evaluation.trends.tables import Row, report


def topics_of(seed: int, name: str, within_ms: int, *, flagged: bool) -> list[Scored]:
    """Every planted topic of one seed, and whether and when it was called."""
    simulation = simulate_trends(Dials(), seed)
    said = run(without(simulation.events, WITHOUT[name]), flagged=flagged)
    return scored(simulation, said, within_ms)


def measure(seeds: Sequence[int], names: Iterable[str], within_ms: int, *, flagged: bool) -> list[Row]:
    """A row for each set of attributes."""
    rows = []
    with ProcessPoolExecutor(2) as pool:
        for name in names:
            found = pool.map(partial(topics_of, name=name, within_ms=within_ms, flagged=flagged), seeds)
            rows.append({"told": name, **called_by_kind([topic for topics in found for topic in topics])})
    return rows


def main(
    seeds: Annotated[int, typer.Option(min=1, help="So many from 1,000 are reported.")] = 20,
    within_min: Annotated[float, typer.Option(help="Minutes after a topic's first post that count.")] = 30.0,
    only: Annotated[list[str] | None, typer.Option(help="Sets of attributes; all unless told.")] = None,
    flagged: Annotated[bool, typer.Option(help="Run the main engine along; its alerts flag accounts.")] = False,
    results: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Measure and print Markdown."""
    reported = range(1_000, 1_000 + seeds)
    rows = measure(reported, only or WITHOUT, int(within_min * MINUTE_MS), flagged=flagged)
    report(f"Share called, seeds 1000 to {999 + seeds}, within {within_min:g} min", rows, results)


if __name__ == "__main__":
    typer.run(main)
