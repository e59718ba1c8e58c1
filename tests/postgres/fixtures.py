"""Fixtures that lend a database. Without PostgreSQL, tests are skipped with the reason; in CI they fail."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from streams.store.engine import POSTGRES, POSTGRES_SHORT, make_engine
from streams.store.migrate import migrate_engine
from tests.postgres.install import PostgresUnavailable, programs
from tests.postgres.server import PostgresServer

ADDRESS_VARIABLE = "SHOAL_POSTGRES"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server whose user may create databases: `$SHOAL_POSTGRES`, or one of this session."""
    given = os.environ.get(ADDRESS_VARIABLE)
    if given:
        for short in POSTGRES_SHORT:
            given = given.replace(short, POSTGRES, 1) if given.startswith(short) else given
        yield given
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(PostgresServer(programs()))
        except PostgresUnavailable as error:
            if os.environ.get("CI"):
                pytest.fail(f"no PostgreSQL, and this is CI: {error}", pytrace=False)
            pytest.skip(f"no PostgreSQL: {error}")
        yield server.url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database, dropped afterwards."""
    with _database(postgres_server) as url:
        yield url


@contextmanager
def _database(server: str, template: str = "") -> Iterator[str]:
    """URL of a new database, empty or a copy of `template`; dropped at the end."""
    name = f"shoal_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database: the test runs once on each kind."""
    return str(request.getfixturevalue("postgres_url")) if request.param == "postgres" else f"sqlite:///{tmp_path}/s.db"


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables, to be copied: making them takes longer than most tests that need one."""
    path = tmp_path_factory.mktemp("store") / "s.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate_engine(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_store(postgres_server: str) -> Iterator[str]:
    """Name of a database with its tables, to be copied."""
    with _database(postgres_server) as url:
        engine = make_engine(url)
        migrate_engine(engine)
        engine.dispose()  # nobody may be connected to what is copied
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database with the tables of the newest version: the test runs once on each kind."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_store"), tmp_path / "s.db")
        yield f"sqlite:///{tmp_path}/s.db"
        return
    server, template = (str(request.getfixturevalue(name)) for name in ("postgres_server", "postgres_store"))
    with _database(server, template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Make empty databases, several in one test; on PostgreSQL it is one that is emptied."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/{secrets.token_hex(6)}.db"
    url = str(request.getfixturevalue("postgres_url"))

    def emptied() -> str:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        return url

    return emptied
