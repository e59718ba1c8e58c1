"""Consoles and progress bars, the same everywhere: results on standard output, progress on standard error."""

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class _Rate(ProgressColumn):
    """Events so far and a second."""

    def render(self, task: Task) -> Text:
        events = int(task.fields.get("events", 0))
        seconds = task.elapsed or 0.0
        rate = f" · {events / seconds:,.0f}/s" if seconds > 0.5 else ""
        return Text(f"{events:,} events{rate}", style="dim")


def progress_bar(**options: Any) -> Progress:
    """A bar for a task with a field `events`; alerts may be printed above it through its console."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TextColumn("{task.percentage:>3.0f} %"),
        _Rate(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
        **options,
    )


def printable(text: str) -> str:
    """The text without what a terminal would obey: parts of it come from a file or a message."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
