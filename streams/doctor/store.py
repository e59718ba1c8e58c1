"""Whether the store can be reached, written, and is of this version."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import text

from models.errors import ShoalError
from streams.doctor.finding import Finding, ok, problem, span, warning
from streams.doctor.surroundings import Surroundings
from streams.settings.load import without_password
from streams.store.engine import SQLITE, make_engine, reading
from streams.store.migrate import knows, newest_version, version
from streams.store.protocol import StoreUnavailable

STORE: Final = "store"
LOCK: Final = "store lock"
VERSION: Final = "store version"
LOCKS: Final = Path("/proc/locks")
WAITING_S: Final = 5


def store(surroundings: Surroundings) -> Finding:
    """Whether it answers. A database of SQLite that is not there yet is not made."""
    url = surroundings.settings.store_url
    if url.startswith(SQLITE):
        return _sqlite(Path(url.removeprefix(SQLITE)))
    try:
        _version(surroundings)
    except ShoalError as error:
        return problem(
            STORE,
            # libpq's question after the reason is no news here
            f"PostgreSQL cannot be reached at {str(error).partition(' Is the server')[0]}.",
            "Start it, or mend SHOAL_STORE_URL. Nothing is lost: workers repeat their writes, the console waits.",
        )
    return ok(STORE, f"PostgreSQL answers at {without_password(url)}.")


def _sqlite(path: Path) -> Finding:
    if not path.exists():
        return warning(
            STORE,
            f"There is no database at {path} yet.",
            "The worker and the console make it when they start. If there should be one, mend SHOAL_STORE_URL: "
            "a relative path counts from where the process was started.",
            "shoal store migrate",
        )
    if not path.is_file():
        return problem(STORE, f"{path} is no file.", "Set SHOAL_STORE_URL to sqlite:///PATH of a file.")
    try:
        with closing(_open(path, 0.5)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if not _is_lock(error):  # whether it is locked is the next question
            return _unreadable(path, error)
    except sqlite3.DatabaseError as error:
        return _unreadable(path, error)
    return ok(STORE, f"The database {path} can be opened.")


def _unreadable(path: Path, error: Exception) -> Finding:
    return problem(
        STORE,
        f"{path} cannot be read as a database: {error}.",
        "See whether it is the right file and this user may read it. If it is damaged, put a backup in its place.",
    )


def lock(surroundings: Surroundings) -> Finding:
    """Whether a write could begin: somebody who holds the store stops alerts and decisions."""
    url = surroundings.settings.store_url
    if not url.startswith(SQLITE):
        return _waiting_in_postgres(surroundings)
    path = Path(url.removeprefix(SQLITE))
    if not path.exists():
        return ok(LOCK, "There is no database yet that could be locked.")
    started_s = time.monotonic()
    wait_s = surroundings.timeout_ms / 1000
    try:
        with closing(_open(path, wait_s)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if _is_lock(error):
            return _locked(path, time.monotonic() - started_s)
        return problem(
            LOCK, f"{path} cannot be written: {error}.", "Give the file and its folder to the worker's user."
        )
    return ok(LOCK, "A write can begin: nobody holds the store.")


def _locked(path: Path, waited_s: float) -> Finding:
    holders = holders_of(path)
    who = f" It is held by {', '.join(holders)}." if holders else ""
    return problem(
        LOCK,
        f"{path} is locked for {span(waited_s)} and longer: nobody else can write.{who}",
        "End what holds it (a copy, an open sqlite3 shell, a tool on a network drive). Alerts wait and are not lost.",
        f"fuser -v {path} {path}-wal",
    )


def _open(path: Path, wait_s: float) -> sqlite3.Connection:
    # mode=rw: never makes a file; no transaction but those we begin
    uri = f"file:{str(path.absolute()).replace('%', '%25').replace('?', '%3f').replace('#', '%23')}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=wait_s, isolation_level=None)


def _is_lock(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def holders_of(path: Path) -> list[str]:
    """Processes with a write lock on the database, as far as the kernel tells: `4711 (python)`."""
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    inodes = {str(file.stat().st_ino) for file in files if file.exists()}
    try:
        lines = LOCKS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    pids = set()
    for line in lines:
        fields = line.split()
        # 1: POSIX ADVISORY WRITE pid major:minor:inode start end
        if len(fields) > 5 and fields[3] == "WRITE" and fields[5].rpartition(":")[2] in inodes:
            pids.add(fields[4])
    return [f"process {pid}{_name_of(pid)}" for pid in sorted(pids) if pid not in {str(os.getpid()), "0", "-1"}]


def _name_of(pid: str) -> str:
    try:
        return f" ({Path('/proc', pid, 'comm').read_text(encoding='utf-8').strip()})"
    except OSError:
        return ""


def _waiting_in_postgres(surroundings: Surroundings) -> Finding:
    query = text(
        "SELECT count(*), coalesce(max(extract(epoch FROM now() - query_start)), 0), "
        "max(array_to_string(pg_blocking_pids(pid), ', ')) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    engine = make_engine(surroundings.settings.store_url, surroundings.timeout_ms)
    try:
        with reading(engine) as connection:
            waiting, longest_s, holder = connection.execute(query).one()
    finally:
        engine.dispose()
    if waiting and float(longest_s) > WAITING_S:
        return problem(
            LOCK,
            f"{waiting} sessions wait for a lock in PostgreSQL, the longest for {span(float(longest_s))}; "
            f"server process {holder} holds it.",
            "See what that session does, and end it: SELECT pg_terminate_backend(PID).",
            "SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        )
    return ok(LOCK, "Nobody waits for a lock in PostgreSQL.")


def at_the_newest(surroundings: Surroundings) -> bool:
    """Whether there is a store with the tables that this Shoal needs. Raises `StoreUnavailable`."""
    url = surroundings.settings.store_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        return False
    return _version(surroundings) == newest_version()


def store_version(surroundings: Surroundings) -> Finding:
    """Whether the tables are those that this Shoal needs."""
    url = surroundings.settings.store_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        return ok(VERSION, "There is no database yet; it is made with the newest tables.")
    found, newest = _version(surroundings), newest_version()
    if found == newest:
        return ok(VERSION, f"The tables are at {found}, which this Shoal needs.")
    if not found:
        return warning(
            VERSION, "The database has no tables of Shoal yet.", "The worker makes them.", "shoal store migrate"
        )
    if knows(found):
        return warning(
            VERSION,
            f"The tables are at {found}, this Shoal needs {newest}.",
            "Copy the database, then bring it up; worker and console do so too when they start.",
            "shoal store migrate",
        )
    return problem(
        VERSION,
        f"The tables are at {found}, made by a later Shoal; this one knows no later than {newest}.",
        "Run the later version, or put the copy back that was made before it. There is no way down.",
    )


def _version(surroundings: Surroundings) -> str:
    url = surroundings.settings.store_url
    if url.startswith(SQLITE):
        return _sqlite_version(Path(url.removeprefix(SQLITE)), surroundings.timeout_ms / 1000)
    engine = make_engine(url, surroundings.timeout_ms)
    try:
        with reading(engine) as connection:
            return version(connection)
    finally:
        engine.dispose()


def _sqlite_version(path: Path, wait_s: float) -> str:
    # not by `make_engine`: that one switches the file to write-ahead mode
    try:
        with closing(_open(path, wait_s)) as connection:
            table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if table else None
            return str(row[0]) if row else ""
    except sqlite3.Error as error:
        raise StoreUnavailable(str(error)) from error
