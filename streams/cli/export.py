"""`shoal export`: the evidence of a campaign as a graph for other people's tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.cases import revisions_of
from streams.cli.console import err


class Form(StrEnum):
    """Formats of graphs."""

    GRAPHML = "graphml"
    GEXF = "gexf"


def export(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id, or the beginning of one.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write.")],
    form: Annotated[Form, typer.Option("--format", help="Format of the graph.")] = Form.GRAPHML,
    alerts: Annotated[
        Path | None, typer.Option(metavar="IN.jsonl", help="File of alerts; without it the worker's store is asked.")
    ] = None,
) -> None:
    """Write the newest state of one campaign as a graph of accounts and targets, for Gephi, Cytoscape or networkx.

    The alert is taken from a file that `shoal replay --alerts` wrote, or from the worker's store.

    [bold]Examples[/bold]

      shoal export 5f1d0c2a9b3e4d77 --alerts alerts.jsonl -o case.graphml

      shoal export 5f1d0c2a9b3e4d77 --format gexf -o case.gexf
    """
    from detector.graphs import export as graph

    alert = revisions_of(campaign, alerts)[-1]
    output.write_bytes(graph(alert, form.value))
    err.print(f"wrote {len(alert.accounts):,} accounts and {len(alert.targets):,} targets to {output}")
