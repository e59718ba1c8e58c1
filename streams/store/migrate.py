"""Bring a database to the newest version of its tables (Alembic, without a file of settings).

Stores that were made before there were migrations are adopted: the first migration makes only what is missing.
There is no way back; a copy of the database is.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from streams.store.engine import TIMEOUT_MS, make_engine, reading, serialise, writing
from streams.store.protocol import StoreUnavailable

FOLDER = Path(__file__).parent / "migrations"
WAIT_MS = 600_000
"""Longest wait for another process that migrates."""
LOCK_KEY = 0x5348_4F41_4C00
"""Advisory lock of PostgreSQL under which migrations follow one another."""


def migrate(url: str, timeout_ms: int = TIMEOUT_MS) -> str:
    """Bring the database at `url` to the newest version and return the version it had ("" for a new one).

    Safe when several processes start together: they follow one another, and all but the first find nothing
    to do. All or nothing. Raises `StoreUnavailable`, also for a database that a later Shoal made.
    """
    engine = make_engine(url, timeout_ms)
    try:
        return migrate_engine(engine)
    finally:
        engine.dispose()


def migrate_engine(engine: Engine) -> str:
    """`migrate` for an engine that is open already."""
    with reading(engine) as connection:
        before = version(connection)
    if before == newest_version():
        return before
    if before and not knows(before):
        raise StoreUnavailable(f"the database is at {before}, which this Shoal does not know: it is older than that")
    # an engine of its own: whoever comes second waits for the first to finish, however large the store is
    patient = make_engine(engine.url.render_as_string(hide_password=False), WAIT_MS)
    try:
        with writing(patient) as connection:
            serialise(connection, LOCK_KEY)
            _upgrade(connection)
    finally:
        patient.dispose()
    return before


def version(connection: Connection) -> str:
    """Version of the tables; "" before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def newest_version() -> str:
    """Version that this Shoal needs. The files are numbered; a test holds Alembic to the same answer."""
    return _versions()[-1]


def knows(found: str) -> bool:
    """Whether this Shoal can bring a database of that version up: false for those that a later one made."""
    return found in _versions()


def _versions() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    command.upgrade(config, "head")
