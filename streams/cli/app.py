"""The commands of `shoal`, put together."""

import inspect
import re
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Annotated, Final

import typer

import detector
from streams.cli.calibrate import calibrate
from streams.cli.check_config import check_config
from streams.cli.console import err
from streams.cli.dead_letters import dead_letters
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

It reads posts and likes as they happen, finds batches of accounts that publish the same copy or like the same targets \
together, asks whether chance or an honest crowd explains it, and hands a person the case with its evidence. It judges \
behaviour, never opinions.

Start with [bold]shoal demo[/bold], then [bold]shoal replay[/bold] on files of your own, then \
[bold]shoal topics create[/bold] and [bold]shoal worker[/bold] on Kafka. When something is wrong: \
[bold]shoal doctor[/bold]. Every command tells more with [bold]--help[/bold].
"""

PANELS: Final = {
    "Start here": ("demo", "simulate"),
    "Detect in files": ("replay", "trends", "convert", "explain", "export", "calibrate"),
    "Detect on Kafka": ("topics", "worker", "produce"),
    "Moderate": ("console", "decide", "users"),
    "Look after": (
        "doctor",
        "healthy",
        "check-config",
        "dead-letters",
        "store",
        "schema",
        "stress",
        "retention",
        "relay",
        "audit",
    ),
    "Measure": ("evaluate", "bench"),
}
"""Commands in the order in which one needs them; those that are not named follow in the panel of where they live."""

app = typer.Typer(
    help=ABOUT, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=True
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shoal {detector.__version__}")
        raise typer.Exit


Command = typer.Typer | Callable[..., None]
OWN: Final[dict[str, Command]] = {
    "calibrate": calibrate,
    "check-config": check_config,
    "dead-letters": dead_letters,
    "doctor": doctor,
    "explain": explain,
    "healthy": healthy,
    "produce": produce,
    "replay": replay,
    "schema": schema,
    "store": store,
    "topics": topics,
    "trends": trends,
    "worker": worker,
}


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Options of `shoal` itself."""


def _found_commands() -> dict[str, tuple[Command, str]]:
    """Commands that live above `streams`, each with its panel if `PANELS` names none."""
    commands = {}
    for found in sorted(entry_points(group=COMMANDS_GROUP), key=lambda each: each.name):
        try:
            panel = "Moderate" if found.value.startswith("console.") else "Measure"
            commands[found.name] = (found.load(), panel)
        except ImportError as error:
            err.print(f"shoal: the command {found.name} is left out, {found.value} cannot be loaded: {error}")
    return commands


def _add_commands() -> None:
    commands = {**{name: (command, "Measure") for name, command in OWN.items()}, **_found_commands()}
    panels = {name: panel for panel, names in PANELS.items() for name in names}
    order = {name: number for number, name in enumerate(panels)}
    for name in sorted(commands, key=lambda each: (order.get(each, len(order)), each)):
        command, default = commands[name]
        panel = panels.get(name, default)
        if isinstance(command, typer.Typer):
            for inner in command.registered_commands:
                inner.help = inner.help or unwrapped(inner.callback)
            app.add_typer(command, name=name, rich_help_panel=panel)
        else:
            app.command(name, help=unwrapped(command), rich_help_panel=panel)(command)


def unwrapped(command: Callable[..., object] | None) -> str | None:
    """The docstring with one line a paragraph: a terminal of another width than the source breaks it anew."""
    if command is None or not command.__doc__:
        return None
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(command.__doc__))
    return "\n\n".join(each if each.startswith(" ") else " ".join(each.split()) for each in paragraphs)


_add_commands()
