"""`shoal convert`: other people's files become events."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from evaluation.commands.files import refuse_overwriting
from evaluation.importers.base import Tally
from models.errors import ShoalError
from models.events import AnyEvent
from streams.cli.console import err, progress_bar


class WrongArguments(ShoalError):
    """What was asked for cannot be done; says what can."""


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="File or folder to convert.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .jsonl or .parquet.")],
    form: Annotated[
        str, typer.Option("--from", metavar="FORMAT", help="weibo-reposts, stock-tweets, coortweet or csv.")
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN[:UNIT]", help="For csv, once a field; see the examples."),
    ] = None,
    kind: Annotated[str, typer.Option("--type", help="For csv: post, like or account.")] = "post",
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
) -> None:
    """Make Shoal's events of other people's files, sorted by time.

    Rows that give no event are counted by reason, never dropped silently. For csv, --map tells which column is
    which field; times take a unit (s, ms, us, or iso for text, in UTC unless it names a zone), lists are split
    at spaces and '|', and FIELD==VALUE sets a constant.

    [bold]Examples[/bold]

      shoal convert --from weibo-reposts data/weibo_reposts -o weibo.jsonl

      shoal convert --from csv likes.csv -o likes.parquet --type like --map account_id=uid
      --map target_id=post --map acted_at_ms=time:s --map action==like
    """
    from evaluation.importers import FORMATS, Source
    from evaluation.importers.sorting import sorted_by_time
    from streams.files import write

    if form not in FORMATS:
        known = "; ".join(f"{name} ({each.about})" for name, each in FORMATS.items())
        raise WrongArguments(f"--from {form} is no format Shoal knows: {known}")
    refuse_overwriting([output], force)
    tally = Tally()
    batches = FORMATS[form].convert(Source(source, _columns(columns or []), kind), tally)
    partial = output.with_name(f".{output.stem}.partial{output.suffix}")
    try:
        with progress_bar() as bar:
            task = bar.add_task("reading", total=None, events=0)
            read = _watched(batches, tally, bar, task)
            tally.events = write(str(partial), _written(sorted_by_time(read), tally, bar, task))
        partial.replace(output)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    _conclude(tally, output)


def _columns(told: list[str]) -> dict[str, str]:
    columns = {}
    for each in told:
        field, separator, column = each.partition("=")
        if not separator or not field or not column:
            raise WrongArguments(f"--map {each}: say FIELD=COLUMN, for example --map account_id=uid")
        columns[field] = column
    return columns


def _watched(batches: Iterable[list[AnyEvent]], tally: Tally, bar: Progress, task: TaskID) -> Iterator[list[AnyEvent]]:
    for batch in batches:
        bar.update(task, total=tally.rows_total, completed=tally.rows, events=tally.rows)
        yield batch


def _written(batches: Iterable[list[AnyEvent]], tally: Tally, bar: Progress, task: TaskID) -> Iterator[list[AnyEvent]]:
    written = 0
    for batch in batches:
        written += len(batch)
        bar.update(task, description="writing", total=tally.rows, completed=written, events=written)
        yield batch


def _conclude(tally: Tally, output: Path) -> None:
    err.print(f"{tally.rows:,} rows became {tally.events:,} events in {output}")
    for reason, number in tally.skipped.most_common(20):
        err.print(f"  {number:,} rows gave no event: {reason}", style="yellow")
