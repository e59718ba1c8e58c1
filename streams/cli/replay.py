"""`shoal replay`: events of files through the detector in this process."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from models.alerts import Alert, AlertState, Outcome
from streams.cli.console import err, out, progress_bar
from streams.cli.detector_settings import read_detector_settings
from streams.cli.errors import UserError
from streams.cli.outputs import require_files
from streams.cli.telling import in_words, is_call, one_line, outcome_words

if TYPE_CHECKING:
    from streams.embedded import Summary
    from streams.files import Batch

SHADOW_NAME = re.compile(r"[a-z0-9-]{1,40}")


def replay(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of events in order of time, or '-'.")],
    alerts: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write every revision of every alert.")
    ] = None,
    summary: Annotated[Path | None, typer.Option(metavar="OUT.json", help="Write the figures of the run.")] = None,
    dead_letters: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write the rejected lines with their reasons.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="The detector's settings.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print the reasons of each alert too.")] = False,
    listed: Annotated[bool, typer.Option("--listed", help="Print organic and unclear campaigns too.")] = False,
    open_ended: Annotated[
        bool, typer.Option("--open-ended", help="Leave windows open at the end, as a live stream would.")
    ] = False,
    store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Keep the cases in this database, for `shoal explain` and the console."),
    ] = None,
    shadow: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With --store: keep them apart, as what --settings would have raised."),
    ] = None,
) -> None:
    """Run the detector over files of events, in this process.

    Files are JSON lines (.jsonl) or Parquet, in order of time; '-' is standard input. Each line is
    {"type": "post" | "like" | "account", ...}, as `shoal schema` describes. Lines that break the contract are
    counted by reason and, with --dead-letters, kept.

    [bold]Examples[/bold]

      shoal replay monday.jsonl tuesday.parquet --alerts alerts.jsonl --summary summary.json

      zcat big.jsonl.gz | shoal replay - --explain

      shoal replay monday.jsonl --settings new.toml --store sqlite:///shoal.db --shadow new
    """
    from streams.embedded import EmbeddedRun
    from streams.store.open import open_store
    from streams.store.shadow import open_shadow

    if shadow is not None and (store is None or not SHADOW_NAME.fullmatch(shadow)):
        raise UserError("--shadow needs --store, and a name of small letters, digits and hyphens, at most 40")
    detector_settings = read_detector_settings(settings)
    refuse_packed(files, "replay")
    refuse_overwriting(files, [alerts, summary, dead_letters])
    with ExitStack() as stack:
        kept = None
        if store is not None:
            opened = open_store(store) if shadow is None else open_shadow(store, shadow)
            kept = stack.enter_context(closing(opened))
        bar = stack.enter_context(progress_bar())
        tracker = _Printing(bar, files, explain, listed)
        run = EmbeddedRun(
            detector_settings,
            alerts_path=_text(alerts),
            dead_letters_path=_text(dead_letters),
            progress=tracker.progress,
            store=kept,
        )
        done = run.run(tracker.batches(), finish=not open_ended)
    if summary is not None:
        told = json.dumps(done.as_dict(), indent=2, ensure_ascii=False) + "\n"
        summary.write_text(told, encoding="utf-8")
    _conclude(done)


class Tracker:
    """Feeds the files and keeps the bar: each file counts alike, whatever it is measured in."""

    def __init__(self, bar: Any, files: list[str], doing: str) -> None:
        from streams.files import size

        self._bar = bar
        self._files = files
        self._sizes = [size(path) for path in files]
        self._at = 0
        known = all(each is not None for each in self._sizes)
        self._task = bar.add_task(doing, total=len(files) if known else None, events=0)

    def batches(self) -> Iterator["Batch"]:
        """Everything in the files, in order."""
        from streams.files import read

        for at, path in enumerate(self._files):
            self._at = at
            yield from read(path)

    def progress(self, events: int, position: int, alerts: list[Alert]) -> None:
        """Move the bar and tell what is new."""
        size = self._sizes[self._at]
        done = self._at + (position / size if size else 0.0)
        self._bar.update(self._task, completed=done, events=events)
        self.told(alerts)

    def told(self, alerts: list[Alert]) -> None:
        """Say what is new."""
        raise NotImplementedError


class _Printing(Tracker):
    def __init__(self, bar: Any, files: list[str], explain: bool, listed: bool) -> None:
        super().__init__(bar, files, "replaying")
        self._explain = explain
        self._listed = listed

    def told(self, alerts: list[Alert]) -> None:
        for alert in alerts:
            if is_call(alert) or (self._listed and alert.state is AlertState.LISTED):
                out.print(one_line(alert))
                if self._explain:
                    out.print(in_words(alert))


def _conclude(done: "Summary") -> None:
    for line in _totals(done):
        err.print(line)
    if done.alerts:
        err.print(_campaigns(done))
    elif done.events:
        err.print("No campaign was found.")
    else:
        err.print("No event was read.")
        if done.rejected:
            raise UserError(
                "no line could be used, for the reasons above; `shoal schema` says what an event is, "
                "and `shoal convert` makes events of other files"
            )


def _totals(done: "Summary") -> Iterable[Text]:
    yield Text(
        f"{done.events:,} events in {done.seconds:,.1f} s ({done.events_per_s:,.0f} events/s), "
        f"peak memory {done.peak_rss_mb:,.0f} MB"
    )
    if done.rejected:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in done.rejected.items())
        yield Text(f"{sum(done.rejected.values()):,} lines were rejected: {reasons}", style="yellow")
    if late := done.stats.get("late"):
        yield Text(f"{late:,} events came too late for their order; sort files by time", style="yellow")


def _campaigns(done: "Summary") -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("campaigns", "state", "meaning"):
        table.add_column(column, justify="right" if column == "campaigns" else "left")
    for outcome, states in done.alerts.items():
        for state, number in sorted(states.items()):
            table.add_row(f"{number:,}", f"{outcome}, {state}", outcome_words(Outcome(outcome)))
    return table


def refuse_packed(files: list[str], command: str) -> None:
    """Raise `UserError` for compressed files, and for tables, in which every line would be refused."""
    for path in files:
        if path.endswith((".gz", ".zst", ".xz", ".bz2", ".zip")):
            raise UserError(f"{path} is packed: unpack it into standard input, as in `zcat {path} | shoal {command} -`")
        if path.lower().endswith((".csv", ".tsv", ".xlsx", ".xls")):
            raise UserError(f"{path} is a table: make events of it first (`shoal convert --help`; Excel saves as CSV)")


def refuse_overwriting(files: list[str], outputs: list[Path | None]) -> None:
    """Raise `UserError` if an output is one of the inputs, or can be no file."""
    require_files(outputs)
    inputs = {Path(path).resolve() for path in files if path != "-"}
    for output in outputs:
        if output is not None and output.resolve() in inputs:
            raise UserError(f"{output} is read and would be overwritten: name another file for the output")


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
