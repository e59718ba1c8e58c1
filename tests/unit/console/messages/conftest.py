"""A database with two cases that were there before messages, and a clock that is moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from console.messages.collect import begin
from streams.store.engine import make_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.world import Clock, World


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = make_engine(store_url, timeout_ms=30_000)
    SqlStore(made).put([case("old")])
    begin(made)
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(engine: Engine, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(engine, clock, tmp_path, monkeypatch)
