"""`shoal audit`: prove the log of decisions whole; print the log of exports."""

from typing import Annotated

import typer

from streams.cli.console import err, out
from streams.cli.errors import UserError

audit = typer.Typer(no_args_is_help=True, help="The append-only logs of decisions and of exports.")
HASH_PATTERN_CHARACTERS = 64


@audit.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Newest hash of an earlier run: must be in the log still."),
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's.")
    ] = None,
) -> None:
    """Read every decision and check its hash, its place and what follows from it; exit code 1 if anything is wrong.

    Keep the printed hash somewhere else: with --expect, a log that was cut off or written anew is found too.

    [bold]Examples[/bold]

      shoal audit verify

      shoal audit verify --expect 5d41…
    """
    from console.decisions.audit import verify as check
    from detector.evidence.words import count
    from streams.settings import load_settings
    from streams.store.engine import make_engine, reading
    from streams.store.migrate import migrate_engine, version
    from streams.store.open import require_store

    if expect is not None and not _is_hash(expect.strip().lower()):
        raise typer.BadParameter(f"{HASH_PATTERN_CHARACTERS} hex digits", param_hint="--expect")
    settings = load_settings()
    require_store(store or settings.store_url)
    engine = make_engine(store or settings.store_url, settings.store_timeout_ms)
    with reading(engine) as connection:
        if not version(connection):
            raise UserError("there is no log of decisions in this database: is it the console's? (SHOAL_STORE_URL)")
    migrate_engine(engine)
    found = check(engine, expect.strip().lower() if expect else None)
    engine.dispose()
    for fault in found.faults:
        err.print(f"{f'row {fault.number}' if fault.number else 'log'}: {fault.what}", markup=False, soft_wrap=True)
    erased = f", {found.erased:,} without their texts after retention" if found.erased else ""
    rows = count(found.rows, "decision")
    out.print(f"{rows}{erased}; newest hash {found.newest_hash}", markup=False, soft_wrap=True)
    if found.faults:
        err.print("The log is not whole.")
        raise typer.Exit(1)
    out.print("The log is whole.")


@audit.command()
def exports(
    limit: Annotated[int, typer.Option(min=1, max=500, help="The newest so many.")] = 100,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's.")
    ] = None,
) -> None:
    """Print who took which cases out of the console or the store, newest first."""
    from console.exports.log import newest
    from console.learn.opening import opened
    from detector.evidence.words import count, moment

    with opened(store) as engine:
        rows = newest(engine, limit=limit)
    for row in rows:
        what = row.campaign or row.filters or "all cases"
        counts = f"{count(row.cases, 'case')}, {count(row.accounts, 'account')}"
        told = f"{moment(row.exported_at_ms)}  {row.exported_by} ({row.way})  {row.form}: {what}  ({counts})"
        out.print(told, markup=False, soft_wrap=True)
    if not rows:
        err.print("Nothing was exported yet.")


def _is_hash(text: str) -> bool:
    return len(text) == HASH_PATTERN_CHARACTERS and all(each in "0123456789abcdef" for each in text)
