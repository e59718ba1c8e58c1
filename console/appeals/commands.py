"""`shoal appeals`: what accounts appealed against, and where it stands."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

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
    for row in page.rows:
        out.print(_line(row), markup=False, highlight=False, soft_wrap=True)
    if page.next is not None:
        out.print("There are more: raise --limit, or look at the page /appeals of the console.", markup=False)


def _line(row: "Appeal") -> str:
    # what strangers wrote must not steer the terminal
    account = ascii(row.account)[1:-1] if row.account is not None else "(forgotten)"
    answered = f", {moment(row.answered_at_ms)}" if row.answered_at_ms is not None else ""
    return (
        f"{row.appeal_id}  case {row.campaign}  {row.outcome.value}{answered}  "
        f"received {moment(row.received_at_ms)}  account {account}"
    )
