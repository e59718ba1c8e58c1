"""`shoal convert`: other people's files become events."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from evaluation.commands.files import refuse_overwriting
from evaluation.importers.base import Tally
from models.errors import ShoalError
from models.events import AnyEvent
from streams.cli.console import err, printable, progress_bar

DETAIL_LENGTH_MAX = 120


class WrongArguments(ShoalError):
    """What was asked for cannot be done; says what can."""


class NothingConverted(ShoalError):
    """Every row was refused; says why."""


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="File or folder to convert.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .jsonl or .parquet.")],
    form: Annotated[
        str, typer.Option("--from", metavar="FORMAT", help="csv, jetstream, x-api-v2 …: see the list above.")
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN[:UNIT]", help="For csv, once a field; see the examples."),
    ] = None,
    kind: Annotated[str, typer.Option("--type", help="For csv: post, like, account or trend.")] = "post",
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="For csv: gb18030, windows-1252 … [default: its mark, or utf-8]")
    ] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="For csv: of times without one.")] = "UTC",
    dead_letters: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Keep refused rows, with place and reason.")
    ] = None,
    cursor: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For jetstream: go on where FILE says, and renew it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
) -> None:
    """Make Shoal's events of other people's files, sorted by time.

    Formats: csv (any table with a header, and --map), x-api-v2, jetstream, mastodon, weibo-crawler, weibo-hot-list,
    daily-trends, coortweet, weibo-reposts, stock-tweets; docs/importers.md says what each needs.

    Rows that give no event are counted by reason, never dropped silently. For csv, --map tells which column is
    which field. A time takes a unit: s, ms, us, iso (2026-01-05 10:00:00), or a format such as %d.%m.%Y %H:%M:%S.
    Lists are split at spaces and '|', and FIELD==VALUE sets a constant. Delimiters are , ; | or a tab.

    [bold]Examples[/bold]

      shoal convert --from csv likes.csv -o likes.jsonl --type like --map account_id=uid
      --map target_id=post --map acted_at_ms=time:iso --map action==like

      shoal convert --from csv export.csv -o posts.parquet --encoding gb18030 --zone Asia/Shanghai --map post_id=id
      --map account_id=user --map text=content --map 'created_at_ms=at:%Y/%m/%d %H:%M'

      websocat "$JETSTREAM?cursor=$(cat at.txt)" | head -100000 | shoal convert --from jetstream - -o sky.jsonl
      --cursor at.txt --dead-letters refused.jsonl
    """
    from evaluation.importers import FORMATS, Source
    from evaluation.importers.sorting import sorted_by_time
    from streams.files import write

    if form not in FORMATS:
        close = get_close_matches(form, FORMATS, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise WrongArguments(f"--from {form} is no format Shoal knows: there are {', '.join(FORMATS)}.{meant}")
    if form != "csv" and (columns or encoding or zone != "UTC"):
        raise WrongArguments(f"--map, --encoding and --zone are for --from csv; {form} knows its columns")
    refuse_overwriting([output, dead_letters], force)
    tally = Tally()
    asked = Source(source, _columns(columns or []), kind, _read_cursor(cursor, form), encoding, zone)
    batches = FORMATS[form].convert(asked, tally)
    partial = output.with_name(f".{output.stem}.partial{output.suffix}")
    try:
        with progress_bar() as bar, _keeping(dead_letters, tally):
            task = bar.add_task("reading", total=None, events=0)
            read = _watched(batches, tally, bar, task)
            tally.events = write(str(partial), _written(sorted_by_time(read), tally, bar, task))
        _refuse_nothing(tally, cursor)
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


def _refuse_nothing(tally: Tally, cursor: Path | None) -> None:
    """Raise if every row was refused: the wrong map, most often. A stream read in pieces goes on nevertheless."""
    if tally.events or not tally.refused or cursor is not None:
        return
    reason, number = next(each for each in tally.skipped.most_common() if each[0] in tally.examples)
    raise NothingConverted(
        f"none of {tally.rows:,} rows became an event, and nothing was written. Most often ({number:,}): "
        f"{reason}, first in {_shown(tally.examples[reason])}"
    )


def _conclude(tally: Tally, output: Path) -> None:
    err.print(f"{tally.rows:,} rows became {tally.events:,} events in {output}", markup=False)
    for reason, number in tally.skipped.most_common(20):
        first = f" (first in {_shown(tally.examples[reason])})" if reason in tally.examples else ""
        rows = "1 row" if number == 1 else f"{number:,} rows"
        err.print(f"  {rows} gave no event: {reason}{first}", style="yellow", markup=False)
    if tally.refused and tally.letters is None:
        err.print("  --dead-letters OUT.jsonl keeps the refused rows, each with its number and reason.", style="yellow")


def _shown(detail: str) -> str:
    """What a stranger's row says, on one line that a terminal can take."""
    line = printable(detail)
    return line if len(line) <= DETAIL_LENGTH_MAX else line[:DETAIL_LENGTH_MAX] + "…"
