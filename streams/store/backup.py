"""Copies of an SQLite store, taken while worker and console go on, and put back; and what a store holds, to compare.

PostgreSQL brings its own tools (`pg_dump`, `pg_restore`): docs/operations/backup.md.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import xxhash
from sqlalchemy import Engine, MetaData, select

from models.errors import InvalidConfiguration, ShoalError
from streams.store.engine import SQLITE, reading
from streams.store.protocol import StoreUnavailable

PAGES = 1_000
"""Pages copied before writers get their turn."""
ROWS = 1_000


class BackupRefused(ShoalError):
    """A copy that cannot be taken or put back; the message says why."""


class Held(NamedTuple):
    """What a table holds."""

    table: str
    rows: int
    digest: str
    """Of all rows in the order of their keys; equal for equal content, on either database."""


def backup(url: str, target: Path) -> int:
    """Copy the SQLite store at `url` to a new file as it is at one moment; return the bytes of the copy.

    Others read and write meanwhile. The copy is whole (checked) or not there. Raises `InvalidConfiguration` for
    another kind of database, `BackupRefused` if the target exists or the source does not, `StoreUnavailable`.
    """
    source = path_of(url)
    if not source.exists():
        raise BackupRefused(f"{source}: no such store")
    if target.exists():
        raise BackupRefused(f"{target} exists already")
    half = target.with_name(target.name + ".part")
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(half)) as there,
        ):
            here.backup(there, pages=PAGES)
            there.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            check(there, half)
        half.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"{source} -> {target}: {error}") from error
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path, url: str, *, replace: bool = False) -> None:
    """Put a copy in the place of the store at `url`. Stop workers and consoles first.

    Raises `BackupRefused` for a file that is no whole store, and if there is a store and not `replace`;
    `InvalidConfiguration`, `StoreUnavailable`.
    """
    target = path_of(url)
    if target.exists() and not replace:
        raise BackupRefused(f"{target} exists already: say --replace to lose what is in it")
    half = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(half)) as there,
        ):
            check(here, source)
            here.backup(there)
        for beside in ("-wal", "-shm"):  # of the store that was here: they would be read into the new one
            target.with_name(target.name + beside).unlink(missing_ok=True)
        os.replace(half, target)  # noqa: PTH105  # one step, and says so
    except (sqlite3.Error, OSError) as error:
        raise BackupRefused(f"{source}: {error}") from error
    finally:
        half.unlink(missing_ok=True)


def check(database: sqlite3.Connection, path: Path) -> None:
    """Raise `BackupRefused` unless the file is a whole database with Shoal's tables."""
    (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BackupRefused(f"{path}: {verdict}")
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        raise BackupRefused(f"{path} is no store of Shoal")


def path_of(url: str) -> Path:
    """File of an SQLite URL. Raises `InvalidConfiguration` for other databases."""
    if not url.startswith(SQLITE):
        raise InvalidConfiguration("store_url", url.split(":", 1)[0], "an SQLite store; for PostgreSQL use pg_dump")
    return Path(url.removeprefix(SQLITE))


def contents(engine: Engine) -> Iterator[Held]:
    """Every table with its rows and their digest, as they are at one moment. Raises `StoreUnavailable`."""
    found = MetaData()
    with reading(engine) as connection:
        found.reflect(connection)
        for table in sorted(found.tables.values(), key=lambda each: each.name):
            rows = connection.execution_options(yield_per=ROWS).execute(
                select(table).order_by(*(table.primary_key.columns or table.columns))
            )
            count, digest = 0, xxhash.xxh3_128()
            for row in rows:
                count += 1
                digest.update(repr(tuple(_plain(value) for value in row)).encode())
            yield Held(table.name, count, digest.hexdigest())


def _plain(value: object) -> object:
    """Equal for what both databases mean by the same: PostgreSQL knows booleans, SQLite has 0 and 1."""
    if isinstance(value, bool):
        return int(value)
    return bytes(value) if isinstance(value, memoryview) else value
