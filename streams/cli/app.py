"""The commands of `shoal`, put together."""

from importlib.metadata import entry_points
from typing import Annotated

import typer

import detector
from streams.cli.calibrate import calibrate
from streams.cli.check_config import check_config
from streams.cli.console import err
from streams.cli.doctor import doctor
from streams.cli.explain_case import explain
from streams.cli.healthy import healthy
from streams.cli.produce import produce
from streams.cli.replay import replay
from streams.cli.schema import schema
from streams.cli.store import store
from streams.cli.topics import topics
from streams.cli.trends import trends
from streams.cli.worker import worker

COMMANDS_GROUP = "shoal.commands"
"""Entry points of commands that live above `streams`; it finds them here and never imports them."""

ABOUT = """
Shoal finds accounts that move as one, and says why.

It reads posts and likes as they happen, finds batches of accounts that publish the same copy or like
the same targets together, asks whether chance or an honest crowd explains it, and hands a person the
case with its evidence. It judges behaviour, never opinions.

Start with [bold]shoal demo[/bold], then [bold]shoal replay[/bold] on files of your own, then
[bold]shoal topics create[/bold] and [bold]shoal worker[/bold] on Kafka.
"""

app = typer.Typer(
    help=ABOUT, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=True
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shoal {detector.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Options of `shoal` itself."""


def _add_found_commands() -> None:
    for found in sorted(entry_points(group=COMMANDS_GROUP), key=lambda each: each.name):
        try:
            command = found.load()
        except ImportError as error:
            err.print(f"shoal: the command {found.name} is left out, {found.value} cannot be loaded: {error}")
            continue
        panel = "Moderate" if found.value.startswith("console.") else "Try and measure"
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=found.name, rich_help_panel=panel)
        else:
            app.command(found.name, rich_help_panel=panel)(command)


app.command(rich_help_panel="Detect")(replay)
app.command(rich_help_panel="Detect")(trends)
app.command(rich_help_panel="Detect")(worker)
app.command(rich_help_panel="Detect")(explain)
app.add_typer(topics, name="topics", rich_help_panel="Kafka")
app.command(rich_help_panel="Kafka")(produce)
app.command(rich_help_panel="Kafka")(healthy)
app.command(rich_help_panel="Set up")(doctor)
app.command(rich_help_panel="Set up")(calibrate)
app.command("check-config", rich_help_panel="Set up")(check_config)
app.command(rich_help_panel="Set up")(schema)
app.add_typer(store, name="store", rich_help_panel="Set up")
_add_found_commands()
