"""`shoal appeals`: what accounts appealed against, and where it stands."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from console.learn.opening import StoreOption, opened
from detector.evidence.words import moment
from streams.cli.console import out

if TYPE_CHECKING:
    from console.appeals.entries import Appeal

appeals = typer.Typer(no_args_is_help=True, help="Appeals that platforms filed for accounts.")


class Which(StrEnum):
    """Which appeals are printed."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ANY = "any"


@appeals.callback()
def _appeals() -> None:
    """Keep `list` a command of its own while it is the only one."""


@appeals.command("list")
def list_(
    status: Annotated[Which, typer.Option(help="Which ones.")] = Which.WAITING,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 50,
    store: StoreOption = None,
) -> None:
    """Print appeals: those that wait oldest first, others newest first.

    [bold]Examples[/bold]

      shoal appeals list

      shoal appeals list --status any --limit 200
    """
    from console.appeals.read import appeals_page

    waiting = None if status is Which.ANY else status is Which.WAITING
    with opened(store) as engine:
        page = appeals_page(engine, waiting, limit=limit)
    if not page.rows:
        out.print("No appeal waits." if waiting else "There is none.")
        return
    out.print(_table(page.rows))
    if page.next is not None:
        out.print("There are more: raise --limit, or look at the page /appeals of the console.", markup=False)


def _table(rows: "list[Appeal]") -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for name in ("appeal", "case", "account", "received (UTC)", "status", "answered (UTC)"):
        table.add_column(name, overflow="fold")
    for row in rows:
        answered = moment(row.answered_at_ms) if row.answered_at_ms is not None else ""
        # what strangers wrote must not steer the terminal
        account = ascii(row.account)[1:-1] if row.account is not None else "(forgotten)"
        table.add_row(row.appeal_id, row.campaign, account, moment(row.received_at_ms), row.outcome.value, answered)
    return table
