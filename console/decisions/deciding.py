"""`shoal decide`: a decision from the command line, by the same rules as on the pages."""

import getpass
import time
from typing import Annotated

import typer
from sqlalchemy import Engine

from console.decisions.entries import Action, CaseStatus, LogEntry
from models.alerts import Alert
from streams.cli.cases import revisions_of
from streams.cli.console import err, out
from streams.cli.errors import UserError
from streams.cli.telling import one_line

Store = Annotated[
    str | None, typer.Option("--store", metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's.")
]


def decide(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id, or the beginning of one.")],
    action: Annotated[Action, typer.Argument(help="What to do.")],
    by: Annotated[str | None, typer.Option(metavar="USER", help="Who decides; without it your login name.")] = None,
    reason: Annotated[
        str, typer.Option(metavar="REASON", help="Of a dismissal: fans, petition, newsroom, other (with --text).")
    ] = "",
    text: Annotated[str, typer.Option(metavar="TEXT", help="In your own words.")] = "",
    leave_out: Annotated[
        list[str] | None, typer.Option(metavar="ACCOUNT", help="An account that is spared; may be repeated.")
    ] = None,
    to_user: Annotated[str | None, typer.Option(metavar="USER", help="Whom to hand the case over to.")] = None,
    to_role: Annotated[str | None, typer.Option(metavar="ROLE", help="Or to which role.")] = None,
    two_persons_from: Annotated[
        int, typer.Option(min=0, help="Accounts from which two people must confirm; 0 for never.")
    ] = 1_000,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: Store = None,
) -> None:
    """Decide on a case: confirm, dismiss, watch, hand_over, undo or reopen.

    Shows what was decided so far and what the decision touches, then asks. If somebody else decides meanwhile,
    nothing is written and you are told. The verdict is sent by the console, or by `shoal relay`.

    [bold]Examples[/bold]

      shoal decide 5f1d dismiss --reason fans

      shoal decide 5f1d confirm --leave-out u-17 --leave-out u-23

      shoal decide 5f1d undo --yes
    """
    from console.decisions.check import Rules
    from console.decisions.decide import decide as take
    from console.decisions.entries import Order
    from console.decisions.errors import NotDecided
    from console.decisions.read import history, status_of

    alert = revisions_of(campaign, None, store)[-1]
    engine = open_engine(store)
    try:
        before = status_of(engine, alert.campaign)
        spared = tuple(leave_out or ())
        _show(alert, before, history(engine, alert.campaign), spared)
        if not yes and not typer.confirm(f"{action.value} this case?", err=True):
            raise typer.Exit(1)
        order = Order(
            alert.campaign, action, by or getpass.getuser(), alert.revision, before.last_number, reason, text, spared,
            to_user, to_role,
        )  # fmt: skip
        done = take(engine, order, time.time_ns() // 1_000_000, Rules(two_persons_from or None))
    except NotDecided as refused:
        raise UserError(f"nothing was written: {refused}") from refused
    finally:
        engine.dispose()
    waits = ", a second person must confirm" if done.status.status == "pending" else ""
    out.print(f"{alert.campaign} is {done.status.status}{waits} (row {done.number} of the log)", markup=False)


def open_engine(url: str | None) -> Engine:
    """The database that `url` or the settings name, at the newest version."""
    from streams.settings import load_settings
    from streams.store.engine import make_engine
    from streams.store.migrate import migrate_engine
    from streams.store.open import require_store

    settings = load_settings()
    require_store(url or settings.store_url)
    engine = make_engine(url or settings.store_url, settings.store_timeout_ms)
    migrate_engine(engine)
    return engine


def _show(alert: Alert, status: CaseStatus, log: list[LogEntry], spared: tuple[str, ...]) -> None:
    from console.decisions.preview import preview

    err.print(one_line(alert))
    for entry in log:
        taken_back = "" if entry.standing else " (no longer stands)"
        why = f": {entry.reason} {entry.text}".rstrip() if entry.reason or entry.text else ""
        err.print(f"  {entry.number}. {entry.action.value} by {entry.by}{why}{taken_back}", markup=False)
    touched = preview(alert, spared)
    least = "" if touched.exact else "at least "
    err.print(
        f"  {status.status}; touches {touched.accounts:,} accounts, {least}{touched.actions:,} actions, "
        f"{least}{touched.posts:,} posts on {touched.targets:,} targets",
        markup=False,
    )
