"""The API against its own description, with requests that schemathesis makes up."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from console.security.roles import Role
from console.security.tokens import SCOPES, make_token
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import PASSWORD


@pytest.fixture(scope="module")
def api_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    url = f"sqlite:///{tmp_path_factory.mktemp('api')}/s.db"
    app = create_app(
        ConsoleSettings(
            store_url=url,
            relay=False,
            requests_per_minute=100_000,
            hosts_allowed=("localhost", "127.0.0.1", "testserver"),
        ),
        lambda: NOW_MS,
    )
    SqlStore(app.state.engine).put([case("c1"), case("c2")])
    add_user(app.state.engine, "ada", Role.ADMIN, PASSWORD, NOW_MS)
    return app


def test_the_api_does_what_it_says(api_app: FastAPI) -> None:
    token = make_token(api_app.state.engine, "schemathesis", "ada", SCOPES, 1, NOW_MS)
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api_app, headers=headers)
    seen = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        seen += 1

        @given(made=operation.as_strategy())
        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def check(made: schemathesis.Case) -> None:
            # places in a list and rules of decisions are no matter of a schema
            made.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        check()
    assert seen >= 8
