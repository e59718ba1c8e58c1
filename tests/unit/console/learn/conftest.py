"""A store with tables, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from streams.store.engine import make_engine


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = make_engine(store_url)
    yield made
    made.dispose()
