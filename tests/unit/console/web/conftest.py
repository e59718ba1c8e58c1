"""A console on a database with three cases, one user a role, and a clock that stands until it is moved."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from console.security import sessions
from console.security.passwords import rehash
from console.security.roles import Role
from console.security.tables import users
from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.store.engine import writing
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import case
from tests.unit.console.web.visitors import PASSWORD, Clock, Visit, Visitor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, sqlite_store: Path) -> ConsoleSettings:
    shutil.copyfile(sqlite_store, tmp_path / "s.db")
    return ConsoleSettings(store_url=f"sqlite:///{tmp_path}/s.db", relay=False)


@pytest.fixture(scope="session")
def password_hash() -> str:
    return rehash(PASSWORD)


@pytest.fixture
def app(settings: ConsoleSettings, clock: Clock, password_hash: str) -> Iterator[FastAPI]:
    made = create_app(settings, clock)
    engine = made.state.engine
    SqlStore(engine).put([case("c1"), case("c2"), case("large", accounts=1_200)])
    common = {
        "password_hash": password_hash,
        "disabled": False,
        "created_at_ms": 1,
        "failures": 0,
        "locked_until_ms": 0,
    }
    with writing(engine) as connection:
        connection.execute(users.insert(), [{"user_id": role.value, "role": role.value, **common} for role in Role])
    yield made
    engine.dispose()


@pytest.fixture
def visit(app: FastAPI, clock: Clock) -> Visit:
    """Somebody of a role; None for nobody."""

    def made(role: Role | None) -> Visitor:
        return Visitor(app, sessions.begin(app.state.engine, role.value, clock()) if role else "")

    return made
