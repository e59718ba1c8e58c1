"""`shoal explain`: the whole reasoning for one case."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.cases import revisions_of
from streams.cli.console import out


def explain(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id, or the beginning of one.")],
    alerts: Annotated[
        Path | None, typer.Option(metavar="IN.jsonl", help="File of alerts; without it a store is asked.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Store, as in SHOAL_STORE_URL; without it the worker's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Print why one case is what it is: what happened, every figure and threshold, the sum, and where to look first.

    The alert is taken from a file that `shoal replay --alerts` wrote, or from a store. Both questions are answered
    part by part, with the formula in words and the setting that each figure was held against; then the innocent
    explanations, the rule, the smallest set of actions that proves the case, and how it changed.

    [bold]Examples[/bold]

      shoal explain 5f1d0c2a9b3e4d77 --alerts alerts.jsonl

      shoal explain 5f1d --store sqlite:///shoal.db --json
    """
    from detector.evidence.reasoning import reasoning_of

    reasoning = reasoning_of(revisions_of(campaign, alerts, store))
    if as_json:
        from msgspec import json

        typer.echo(json.format(json.encode(reasoning)).decode())
    else:
        from streams.cli.explaining import pages

        for page in pages(reasoning):
            out.print(page, soft_wrap=False)
