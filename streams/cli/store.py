"""`shoal store migrate`: bring the database to the version that this Shoal needs."""

from typing import Annotated

import typer

from streams.cli.console import out

store = typer.Typer(no_args_is_help=True, help="The database of worker and console.")


@store.callback()
def _root() -> None:
    """Keep `migrate` a command of its own while it is the only one."""


@store.command()
def migrate(
    url: Annotated[
        str | None,
        typer.Option("--store", metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's."),
    ] = None,
) -> None:
    """Bring the tables to the newest version. Worker, console and demo do the same when they start.

    Stores that were made before there were migrations are taken over with everything in them. There is no way
    back: copy the database before a new version.
    """
    from streams.settings import load_settings
    from streams.store.migrate import migrate as bring
    from streams.store.migrate import newest_version

    settings = load_settings()
    before = bring(url or settings.store_url, settings.store_timeout_ms)
    now = newest_version()
    out.print(f"at {now} already" if before == now else f"{before or 'without a version'} -> {now}", markup=False)
