"""A database with a few cases, on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from streams.store.engine import make_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import case


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = make_engine(store_url, timeout_ms=30_000)
    SqlStore(made).put([case("c1"), case("c2"), case("large", accounts=1_200)])
    yield made
    made.dispose()
