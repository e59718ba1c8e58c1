"""`shoal export`: the evidence of a campaign as a graph for other people's tools."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from models.alerts import Alert
from streams.cli.console import err
from streams.cli.errors import UserError


class Form(StrEnum):
    """Formats of graphs."""

    GRAPHML = "graphml"
    GEXF = "gexf"


def export(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id, as alerts name it.")],
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

    alert = _from_file(campaign, alerts) if alerts else _from_store(campaign)
    if alert is None:
        where = alerts or "the store"
        raise UserError(f"no campaign {campaign} in {where}: ids are the 16 hex digits at the end of an alert's line")
    output.write_bytes(graph(alert, form.value))
    err.print(f"wrote {len(alert.accounts):,} accounts and {len(alert.targets):,} targets to {output}")


def _from_file(campaign: str, path: Path) -> Alert | None:
    newest: Alert | None = None
    for alert in _alerts(path):
        if alert.campaign == campaign and (newest is None or alert.revision > newest.revision):
            newest = alert
    return newest


def _alerts(path: Path) -> Iterator[Alert]:
    from models.codec import decode_alert
    from models.errors import ShoalError

    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield decode_alert(line)
            except ShoalError as error:
                raise UserError(f"{path}, line {number} is no alert: {error}") from error


def _from_store(campaign: str) -> Alert | None:
    from streams.settings import load_settings
    from streams.sinks.open import open_store

    settings = load_settings()
    store = open_store(settings.store_url, settings.store_timeout_ms)
    try:
        return store.get(campaign)
    finally:
        store.close()
