"""`shoal convert`: other people's files become events."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
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
        str, typer.Option("--from", metavar="FORMAT", help="csv, x-api-v2, jetstream, mastodon, weibo-crawler, …")
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN[:UNIT]", help="For csv, once a field; see the examples."),
    ] = None,
    kind: Annotated[str, typer.Option("--type", help="For csv: post, like, account or trend.")] = "post",
    dead_letters: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Keep refused rows, with place and reason.")
    ] = None,
    cursor: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For jetstream: go on where FILE says, and renew it.")
    ] = None,
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

      websocat "$JETSTREAM?cursor=$(cat at.txt)" | head -100000 | shoal convert --from jetstream - -o sky.jsonl
      --cursor at.txt --dead-letters refused.jsonl
    """
    from evaluation.importers import FORMATS, Source
    from evaluation.importers.sorting import sorted_by_time
    from streams.files import write

    if form not in FORMATS:
        known = "; ".join(f"{name} ({each.about})" for name, each in FORMATS.items())
        raise WrongArguments(f"--from {form} is no format Shoal knows: {known}")
    refuse_overwriting([output, dead_letters], force)
    tally = Tally()
    asked = Source(source, _columns(columns or []), kind, _read_cursor(cursor, form))
    batches = FORMATS[form].convert(asked, tally)
    partial = output.with_name(f".{output.stem}.partial{output.suffix}")
    try:
        with progress_bar() as bar, _keeping(dead_letters, tally):
            task = bar.add_task("reading", total=None, events=0)
            read = _watched(batches, tally, bar, task)
            tally.events = write(str(partial), _written(sorted_by_time(read), tally, bar, task))
        partial.replace(output)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    if cursor is not None and tally.cursor_us is not None:
        _write_cursor(cursor, tally.cursor_us)
    _conclude(tally, output)


@contextmanager
def _keeping(path: Path | None, tally: Tally) -> Iterator[None]:
    """Write each refused row as it comes."""
    if path is None:
        yield
        return
    with path.open("wb") as file:
        tally.letters = lambda letter: void(file.write(letter.encode() + b"\n"))
        yield


def void(_: object) -> None:
    """Forget a result that nobody asked for."""


def _read_cursor(path: Path | None, form: str) -> int | None:
    if path is None:
        return None
    if form != "jetstream":
        raise WrongArguments(f"--cursor: {form} has none, only jetstream")
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8").strip()
    if not text.isdecimal():
        raise WrongArguments(f"--cursor {path}: {text[:40]!r} is no time in microseconds")
    return int(text)


def _write_cursor(path: Path, cursor_us: int) -> None:
    """Renew the cursor after the output is whole, so that a break loses nothing."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(f"{cursor_us}\n", encoding="utf-8")
    partial.replace(path)


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
