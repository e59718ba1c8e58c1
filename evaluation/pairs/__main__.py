"""`python -m evaluation.pairs`."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evaluation.pairs.plot import draw
from evaluation.pairs.run import in_markdown, run_all
from evaluation.reporting import write_report
from streams.cli.console import err

DATA = Path(os.environ.get("SHOAL_DATA", "../shared/data"))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the research data; $SHOAL_DATA.")] = DATA,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write the report.")] = None,
) -> None:
    """Precision and recall of the near-duplicate similarity on pairs that people judged."""
    told = run_all(data / "near_duplicate_pairs")
    write_report("pairs", in_markdown(told), told, output)
    if output is None:
        return
    if find_spec("matplotlib") is None:
        err.print("no picture: pip install -e '.[evaluate]'", style="yellow", markup=False)
    else:
        draw(told, output / "pairs.png")


if __name__ == "__main__":
    typer.run(main)
