"""A store with tables, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    migrate_engine(made)
    yield made
    made.dispose()
