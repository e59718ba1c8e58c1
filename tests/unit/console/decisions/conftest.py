"""A database with a few cases, on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import case


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url, timeout_ms=30_000)
    migrate_engine(made)
    SqlStore(made).put([case("c1"), case("c2"), case("large", accounts=1_200)])
    yield made
    made.dispose()
