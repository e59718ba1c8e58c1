"""`shoal labels`, `shoal precision`, `shoal allow`: what decisions teach, and what need not be raised."""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from console.learn.opening import StoreOption, now_ms, opened, shell_user
from detector.evidence.words import moment
from streams.cli.console import err, out
from streams.cli.errors import UserError

if TYPE_CHECKING:
    from console.learn.precision import Precision

DAY_MS = 86_400_000
allow = typer.Typer(no_args_is_help=True, help="The allow list: what is not to be raised, for a reason and a time.")


class Format(StrEnum):
    """Formats of labels."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class Kind(StrEnum):
    """What an entry of the allow list names."""

    ACCOUNT = "account"
    TARGET = "target"
    FAMILY = "family"


def labels(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="Parquet needs --output.")] = Format.JSONL,
    days: Annotated[int | None, typer.Option(min=1, max=3_660, help="Only decisions of the last days.")] = None,
    accounts: Annotated[bool, typer.Option(help="With the ids of the accounts; --no-accounts leaves them out.")] = True,
    store: StoreOption = None,
) -> None:
    """Write decisions as labels: each case that people confirmed, dismissed or watch, with its evidence.

    One row a case whose decision stands: accounts, decision, reason, the points of each item of evidence at the
    revision that was decided on, and the hash of the configuration that judged it.

    [bold]Examples[/bold]

      shoal labels -o labels.jsonl

      shoal labels --format parquet --no-accounts --days 90 -o labels.parquet
    """
    from console.exports.log import note
    from console.learn.labels import as_csv, as_jsonl, extent, write_parquet
    from console.learn.labels import labels as read

    if format_ is Format.PARQUET and output is None:
        raise UserError("Parquet goes to a file: name it with --output")
    with opened(store) as engine:
        found = read(engine, accounts, _since(days))
        if accounts:
            cases, total = extent(engine, _since(days))
            form = f"labels.{format_.value}"
            note(engine, now_ms(), shell_user(), "shell", form, filters={"days": days}, cases=cases, accounts=total)
        if format_ is Format.PARQUET and output is not None:
            err.print(f"{write_parquet(found, output):,} labels")
            return
        lines = _told(as_csv(found), 1) if format_ is Format.CSV else _told(as_jsonl(found), 0)
        if output is None:
            sys.stdout.buffer.writelines(lines)
            return
        with output.open("wb") as file:
            file.writelines(lines)


def _told(lines: Iterable[bytes], headers: int) -> Iterator[bytes]:
    """The same lines; says at the end if there was none, since an empty file does not tell why."""
    told = 0
    for line in lines:
        told += 1
        yield line
    if told <= headers:
        err.print("No label: nobody has confirmed, dismissed or watched a case in that time.")


def precision(
    days: Annotated[int | None, typer.Option(min=1, max=3_660, help="Only decisions of the last days.")] = None,
    store: StoreOption = None,
) -> None:
    """How often people confirmed what was raised: by week, item of evidence, layer, kind, outcome, configuration.

    A share is shown from ten decisions on, with Wilson's 95 % interval.
    """
    from console.learn.features import FeatureCache
    from console.learn.precision import precision as measure

    with opened(store) as engine:
        found = measure(engine, FeatureCache(), _since(days))
    if not any(found.values()):
        out.print("Nobody has confirmed or dismissed a case yet.")
        return
    for group, rows in found.items():
        out.print(_precision_table(group, rows))


def _precision_table(group: str, rows: "list[Precision]") -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column(group, overflow="fold")
    for name in ("confirmed", "dismissed", "precision", "95 %"):
        table.add_column(name, justify="right")
    for row in rows:
        share = "too few" if row.share is None else f"{row.share:.0%}"
        spread = "" if row.share is None else f"{row.low:.0%} to {row.high:.0%}"
        table.add_row(row.name, f"{row.confirmed:,}", f"{row.dismissed:,}", share, spread)
    return table


@allow.command("add")
def add_entry(
    kind: Annotated[Kind, typer.Argument(help="account; target (also a site or an author); family of texts.")],
    value: Annotated[str, typer.Argument(help="Its id, as alerts have it.")],
    reason: Annotated[str, typer.Option(help="Why; it is told with every case that it holds back.")],
    by: Annotated[str, typer.Option("--as", metavar="USER", help="Who adds it.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="It ends by itself after so many days.")] = 90,
    store: StoreOption = None,
) -> None:
    """Put an account, a target or a family on the list; `shoal relay` or the console sends it to the worker.

    A case is held back if half of its accounts, or half of its targets, are on the list: it is listed with that
    reason, and nobody is called.

    [bold]Example[/bold]

      shoal allow add target news.example --reason "the ministry's own pages" --days 60 --as lead-2
    """
    from console.learn.allow import add as put

    with opened(store) as engine:
        entry = put(engine, kind.value, value, reason, days, by, now_ms())
    out.print(f"{entry.entry}: {entry.kind} {entry.value} until {moment(entry.expires_at_ms)}", markup=False)


@allow.command("remove")
def remove_entry(
    entry: Annotated[str, typer.Argument(help="As `shoal allow list` prints it.")],
    by: Annotated[str, typer.Option("--as", metavar="USER", help="Who removes it.")],
    store: StoreOption = None,
) -> None:
    """Take an entry back: what it held may be raised again."""
    from console.learn.allow import remove as take_back

    with opened(store) as engine:
        take_back(engine, entry, by, now_ms())
    out.print(f"{entry} is off the list", markup=False)


@allow.command("list")
def list_entries(
    past: Annotated[bool, typer.Option("--past", help="Those that ended or were removed.")] = False,
    store: StoreOption = None,
) -> None:
    """Print what stands on the list, what ends first first."""
    from console.learn.allow import entries

    with opened(store) as engine:
        found = entries(engine, now_ms(), past)
    for each in found:
        until = f"removed {moment(each.removed_at_ms)}" if each.removed_at_ms else f"until {moment(each.expires_at_ms)}"
        out.print(f"{each.entry}  {each.kind} {each.value}  {until}  {each.added_by}: {each.reason}", markup=False)
    if not found:
        err.print("The list is empty.")


@allow.command("log")
def log_of_changes(store: StoreOption = None) -> None:
    """Print who added and removed what, newest first."""
    from console.learn.allow import changes

    with opened(store) as engine:
        found = changes(engine)
    for each in found:
        out.print(f"{moment(each.at_ms)}  {each.by}  {each.action} {each.entry}  {each.text}", markup=False)


def _since(days: int | None) -> int:
    return 0 if days is None else now_ms() - days * DAY_MS
