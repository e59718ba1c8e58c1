"""Real attacks over a platform whose honest people delete too: share called against seconds.

`python -m evaluation.trends.injected FILE`. Attacks come in the order in which they happened, so what is
remembered of accounts counts as it would have; thresholds are the detector's own.
"""

from pathlib import Path
from typing import Annotated

import typer

from evaluation.trends.attacks import attacks, injected
from evaluation.trends.attributes import WITHOUT, without
from evaluation.trends.rates import detected_by
from evaluation.trends.running import run, scored
from evaluation.trends.tables import Row, report

SECONDS = (15, 30, 45, 60, 75, 90, 120, 300)
BARE = WITHOUT["no attributes"]
WITHIN_MS = 30 * 60_000


def measure(path: Path, seed: int, deletions: float, *, attributes: bool, flagged: bool) -> Row:
    """One row: attacks called within so many seconds, and honest bursts called at all."""
    simulation = injected(attacks(path), seed, deletions, attributes=attributes)
    events = simulation.events if attributes else without(simulation.events, BARE)
    topics = scored(simulation, run(events, flagged=flagged), WITHIN_MS)
    bought = [topic for topic in topics if topic.bought]
    honest = [topic for topic in topics if not topic.bought]
    return {
        "honest deletions": deletions,
        "attributes": "cheapest stock" if attributes else "none",
        "alerts flag": "yes" if flagged else "no",
        "attacks": len(bought),
        **detected_by(bought, SECONDS),
        "honest bursts": len(honest),
        "honest called": sum(topic.called for topic in honest),
    }


def main(
    path: Annotated[Path, typer.Argument(help="bot_posts_deletes.parquet")],
    seed: Annotated[int, typer.Option(help="1 to 99 for choosing, 1,000 and up for reporting.")] = 1_000,
    deletions: Annotated[list[float] | None, typer.Option(help="Shares of honest posts that are taken back.")] = None,
    flagged: Annotated[bool, typer.Option(help="Run the main engine along too.")] = False,
    results: Annotated[Path | None, typer.Option("--json")] = None,
) -> None:
    """Measure and print Markdown."""
    rows = [
        measure(path, seed, share, attributes=attributes, flagged=flags)
        for share in deletions or (0.0, 0.03, 0.1)
        for attributes in (False, True)
        for flags in ((False, True) if flagged else (False,))
    ]
    report(f"Attacks called within seconds of their first post, seed {seed}", rows, results)


if __name__ == "__main__":
    typer.run(main)
