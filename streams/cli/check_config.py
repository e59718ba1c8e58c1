"""`shoal check-config`: every setting with its value, meaning and range."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from streams.cli.console import out
from streams.settings import Settings, load_settings
from streams.settings.detector_file import default_file


class Form(StrEnum):
    """How settings are shown."""

    LIST = "list"
    ENV = "env"


def check_config(
    form: Annotated[
        Form, typer.Option("--format", help="A list for people, or lines for an environment file.")
    ] = Form.LIST,
    print_default: Annotated[
        bool, typer.Option("--print-default", help="Print the detector's settings file, commented, at its defaults.")
    ] = False,
) -> None:
    """Check the settings and show all of them: variable, value, range, meaning.

    Settings come from variables SHOAL_...; the detector's own from the TOML file that SHOAL_DETECTOR_FILE names.
    A wrong one ends with exit code 2 and the field, the value and the range. Secrets are masked.

    [bold]Examples[/bold]

      shoal check-config

      shoal check-config --format env > shoal.env

      shoal check-config --print-default > detector.toml
    """
    if print_default:
        typer.echo(default_file(), nl=False)
        return
    settings = load_settings()
    if form is Form.ENV:
        _as_environment(settings)
    else:
        _as_list(settings)


def _as_environment(settings: Settings) -> None:
    for row in settings.describe():
        meaning = f"{row.meaning} ({row.allowed})" if row.allowed else row.meaning
        line = f"{row.variable}={row.value}"
        out.print(f"# {meaning}\n{line if row.value else '# ' + line}", markup=False)


def _as_list(settings: Settings) -> None:
    for row in settings.describe():
        out.print(f"[bold]{row.variable}[/bold] = {escape(row.value) or '-'}")
        out.print(f"    {row.meaning}" + (f" ({row.allowed})" if row.allowed else ""), style="dim", markup=False)
    out.print(f"\nThe settings are valid. Detector configuration {settings.detector.digest()}.")
