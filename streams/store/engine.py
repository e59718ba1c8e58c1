"""Engines for the two databases, and how a transaction begins on each.

SQLite runs in write-ahead mode, so that readers do not wait for the writer. A transaction that will write
must say so at its start (`writing`): one that reads first and writes then is refused by SQLite if another
writer came in between, whatever the time-out.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.errors import InvalidConfiguration
from streams.settings.load import without_password
from streams.store.protocol import StoreUnavailable

SQLITE = "sqlite:///"
POSTGRES = "postgresql+psycopg://"
POSTGRES_SHORT = ("postgresql://", "postgres://")
TIMEOUT_MS = 5_000
CONNECTIONS_MAX = 20
LOCKED_PAUSE_S = 0.01
_WRITES = "shoal_writes"


def make_engine(url: str, timeout_ms: int = TIMEOUT_MS) -> Engine:
    """Open `sqlite:///PATH` or `postgresql+psycopg://…` (also `postgresql://…`); creates the folder, no tables.

    `timeout_ms` is the longest wait for a lock. Raises `InvalidConfiguration` for another URL and
    `StoreUnavailable` where the folder cannot be made.
    """
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return _sqlite(url, timeout_ms)
    for short in POSTGRES_SHORT:
        if url.startswith(short):
            url = POSTGRES + url.removeprefix(short)
    if url.startswith(POSTGRES):
        return _postgres(url, timeout_ms)
    raise InvalidConfiguration("store_url", url.split(":", 1)[0], f"{SQLITE}PATH or {POSTGRES}USER@HOST/DATABASE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads. Raises `StoreUnavailable`."""
    with _unavailable(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all or nothing. On SQLite writers follow one another.

    Raises `StoreUnavailable`; the same call may succeed later.
    """
    with _unavailable(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def serialise(connection: Connection, key: int) -> None:
    """Let transactions with the same `key` follow one another to their ends (SQLite's writers do anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


@contextmanager
def _unavailable(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # the drivers say what, over several lines, but not of which database
        raise StoreUnavailable(f"{without_password(str(engine.url))}: {' '.join(str(error.orig).split())}") from error
    except PoolTimeout as error:
        raise StoreUnavailable(f"all {CONNECTIONS_MAX} connections are in use") from error


def _postgres(url: str, timeout_ms: int) -> Engine:
    options = {
        "connect_timeout": min(10, max(2, timeout_ms // 1000)),
        "options": f"-c lock_timeout={timeout_ms}",
        # without it the driver gives bytes for text, where the server has no encoding of its own
        "client_encoding": "utf8",
    }
    # a pool that looks before it lends survives a restart of the server
    engine = create_engine(
        url, connect_args=options, pool_pre_ping=True, pool_size=5, max_overflow=CONNECTIONS_MAX - 5, pool_timeout=30
    )
    event.listen(engine, "connect", lambda made, _record: _check_encoding(made, engine))
    return engine


def _check_encoding(connection: Any, engine: Engine) -> None:
    """Refuse a database that could not keep a Chinese text, before anything is in it."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreUnavailable(
            f"{without_password(str(engine.url))}: the database is in {encoding}; create one with ENCODING 'UTF8'"
        )


def _sqlite(url: str, timeout_ms: int) -> Engine:
    path = url.removeprefix(SQLITE)
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error}") from error
    options = {"timeout": timeout_ms / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=options, pool_size=5, max_overflow=CONNECTIONS_MAX - 5)
    event.listen(engine, "connect", lambda made, _record: _on_connect(made, timeout_ms / 1000))
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _on_connect(connection: Any, timeout_s: float) -> None:
    connection.isolation_level = None  # the driver would begin by itself, too late and not for changes of tables
    cursor = connection.cursor()
    give_up_at = time.monotonic() + timeout_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait for a lock here, whatever the timeout says
            if time.monotonic() >= give_up_at:
                raise StoreUnavailable(str(error)) from error
            time.sleep(LOCKED_PAUSE_S)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
