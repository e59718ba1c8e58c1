"""`python -m evaluation.reviews`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from evaluation.reporting import write_report
from evaluation.reviews.run import in_markdown, run
from evaluation.reviews.table import load

DATA = Path(os.environ.get("SHOAL_DATA", "../shared/data"))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the research data; $SHOAL_DATA.")] = DATA,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write the report.")] = None,
    rounds: Annotated[int, typer.Option(min=10, max=10_000, help="Rounds of the bootstrap.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 7,
) -> None:
    """Compare figures that Shoal weighs with two baselines, on reviews that a site filtered or kept."""
    told = run(load(data / "yelp_reviews" / "reviews.parquet"), rounds, seed)
    write_report("reviews", in_markdown(told), told, output)


if __name__ == "__main__":
    typer.run(main)
