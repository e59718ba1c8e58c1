"""Every role against every route."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from console.security.roles import MATRIX, Permission, Role, read_matrix
from console.web.deps import needs, same_origin
from console.web.routers import PUBLIC, ROUTERS
from models.errors import InvalidConfiguration
from tests.unit.console.web.visitors import Visit, Visitor

ROUTES = [
    (method, route)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]
NAMES = [f"{method} {route.path}" for method, route in ROUTES]


def permissions(dependant: Any) -> list[Permission]:
    own = [dependant.call.permission] if isinstance(dependant.call, needs) else []
    return own + [found for each in dependant.dependencies for found in permissions(each)]


def address(route: APIRoute) -> str:
    return route.path.replace("{campaign}", "c1").replace("{", "").replace("}", "")


def ask(visitor: Visitor, method: str, route: APIRoute) -> Any:
    return visitor.get(address(route)) if method == "GET" else visitor.fill(address(route))


def test_there_are_no_other_routes(app: FastAPI) -> None:
    others = [route for route in app.routes if type(route).__name__ != "_IncludedRouter"]
    assert [(type(route), route.path) for route in others] == [(Mount, "/static")]
    assert len(app.routes) == len(ROUTERS) + 1
    assert all(isinstance(route, APIRoute) for router in ROUTERS for route in router.routes)
    assert any(depends.dependency is same_origin for depends in app.router.dependencies)


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
def test_a_route_names_one_permission_or_is_public(method: str, route: APIRoute) -> None:
    assert len(permissions(route.dependant)) == (0 if (method, route.path) in PUBLIC else 1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
def test_every_cell(visit: Visit, method: str, route: APIRoute, role: Role) -> None:
    answer = ask(visit(role), method, route)
    allowed = all(role in MATRIX[permission] for permission in permissions(route.dependant))
    assert (answer.status_code == 403) is not allowed, answer.text
    assert answer.status_code < 500


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
def test_nobody_sees_the_entrance_only(visit: Visit, method: str, route: APIRoute) -> None:
    answer = ask(visit(None), method, route)
    to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
    if route.path.startswith("/api/"):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        return
    assert to_login is ((method, route.path) not in PUBLIC)
    assert "accounts on 1 target" not in answer.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_nothing_describes_the_console_to_strangers(visit: Visit, path: str) -> None:
    assert visit(None).get(path).status_code == 404


@pytest.mark.parametrize("text", ["", 'see_cases = ["viewer"]', 'fly = ["viewer"]'])
def test_a_matrix_with_lines_missing_is_refused(text: str) -> None:
    with pytest.raises(InvalidConfiguration):
        read_matrix(text)


def test_a_matrix_with_an_unknown_role_is_refused() -> None:
    with pytest.raises(InvalidConfiguration):
        read_matrix("\n".join(f'{permission.value} = ["king"]' for permission in Permission))
