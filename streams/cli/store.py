"""`shoal store`: bring the database to the version that this Shoal needs, copy it, put a copy back, list it."""

import sys
import tempfile
from pathlib import Path
from shutil import copyfileobj
from typing import Annotated

import typer

from streams.cli.console import out

Url = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's."),
]
CHUNK = 1 << 20

store = typer.Typer(no_args_is_help=True, help="The database of worker and console.")


@store.command()
def migrate(url: Url = None) -> None:
    """Bring the tables to the newest version. Worker, console and demo do the same when they start.

    Stores that were made before there were migrations are taken over with everything in them. There is no way
    back: copy the database before a new version.
    """
    from streams.settings import load_settings
    from streams.store.migrate import migrate as bring
    from streams.store.migrate import newest_version

    settings = load_settings(_chosen(url))
    before = bring(settings.store_url, settings.store_timeout_ms)
    now = newest_version()
    out.print(f"at {now} already" if before == now else f"{before or 'without a version'} -> {now}", markup=False)


@store.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="New file for the copy; - for standard output.")],
    url: Url = None,
) -> None:
    """Copy an SQLite store as it is at one moment, while worker and console go on. PostgreSQL: pg_dump."""
    from streams.settings import load_settings
    from streams.store.backup import backup as copy

    source = load_settings(_chosen(url)).store_url
    if str(target) != "-":
        size = copy(source, target)
        out.print(f"{target}: {size:,} bytes", markup=False)
        return
    # SQLite writes here and there in a file, so it cannot write into a pipe
    with tempfile.TemporaryDirectory(dir=_folder_of(source)) as folder:
        whole = Path(folder, "copy.db")
        copy(source, whole)
        with whole.open("rb") as file:
            copyfileobj(file, sys.stdout.buffer, CHUNK)
        sys.stdout.buffer.flush()


@store.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `backup` made; - for standard input.")],
    url: Url = None,
    replace: Annotated[bool, typer.Option(help="Replace the store that is there, with everything in it.")] = False,
) -> None:
    """Put a copy in the place of the SQLite store. Stop workers and consoles first."""
    from streams.settings import load_settings
    from streams.store.backup import restore as put_back

    target = load_settings(_chosen(url)).store_url
    if str(source) != "-":
        put_back(source, target, replace=replace)
    else:
        with tempfile.TemporaryDirectory(dir=_folder_of(target)) as folder:
            whole = Path(folder, "copy.db")
            with whole.open("wb") as file:
                copyfileobj(sys.stdin.buffer, file, CHUNK)
            put_back(whole, target, replace=replace)
    out.print("restored", markup=False)


@store.command()
def contents(url: Url = None) -> None:
    """Print every table with its rows and a digest of them: a copy is the same if this is the same."""
    from streams.settings import load_settings
    from streams.store.backup import contents as of
    from streams.store.engine import make_engine

    settings = load_settings(_chosen(url))
    engine = make_engine(settings.store_url, settings.store_timeout_ms)
    for held in of(engine):
        typer.echo(f"{held.table} {held.rows} {held.digest}")
    engine.dispose()


def _chosen(url: str | None) -> dict[str, object]:
    return {} if url is None else {"store_url": url}


def _folder_of(url: str) -> Path:
    """Where the store lies: there is room for a copy, unlike in a container's /tmp."""
    from streams.store.backup import path_of

    folder = path_of(url).resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder
