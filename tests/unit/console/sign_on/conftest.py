"""A console that knows a provider, and the provider."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import case
from tests.unit.console.sign_on.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.unit.console.web.visitors import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="package")
def listening() -> Iterator[Provider]:
    with running(lambda: 0) as found:
        yield found


@pytest.fixture
def provider(listening: Provider, clock: Clock) -> Provider:
    listening.reset(clock)
    return listening


Make = Callable[..., FastAPI]


@pytest.fixture
def make(provider: Provider, clock: Clock, tmp_path: Path, sqlite_store: Path) -> Iterator[Make]:
    made: list[FastAPI] = []
    shutil.copyfile(sqlite_store, tmp_path / "s.db")

    def console(**settings: Any) -> FastAPI:
        given = {
            "store_url": f"sqlite:///{tmp_path}/s.db",
            "relay": False,
            "logins_per_minute": 1_000,
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_name": "Keys & Co",
            "oidc_roles": {"mods": "moderator", "chiefs": "lead"},
            "oidc_default_role": "viewer",
            "oidc_timeout_ms": 10_000,  # a busy machine is no provider that is away
            **settings,
        }
        app = create_app(ConsoleSettings(**given), clock)
        SqlStore(app.state.engine).put([case("c1")])
        made.append(app)
        return app

    yield console
    for app in made:
        app.state.engine.dispose()


@pytest.fixture
def app(make: Make) -> FastAPI:
    return make()
