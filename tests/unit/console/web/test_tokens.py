"""Programs with tokens."""

import re

import pytest
from fastapi import FastAPI

from console.security.roles import Permission, Role
from console.security.tokens import DAY_MS, SCOPES, list_tokens, make_token, revoke_token
from console.security.users import UserRefused, set_disabled, set_role
from tests.unit.console.web.visitors import Clock, Visit, Visitor

PATH = "/api/v1/openapi.json"
TRENDS = "/api/v1/trends"


def ask(app: FastAPI, token: str, path: str = PATH) -> int:
    return Visitor(app).get(path, headers={"authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_and_kept_as_a_digest(visit: Visit, app: FastAPI) -> None:
    admin = visit(Role.ADMIN)
    page = admin.fill("/tokens/add", name="dashboard", scopes=["see_cases"], days="1").text
    token = re.search(r"<code>(shoal_[^<]+)</code>", page).group(1)
    assert token not in admin.get("/tokens").text
    assert ask(app, token) == 200
    kept = list_tokens(app.state.engine)
    assert [(each.name, each.user_id, each.scopes) for each in kept] == [("dashboard", "admin", {Permission.SEE_CASES})]
    assert kept[0].last_used_ms is not None
    admin.fill("/tokens/revoke", token_id=kept[0].token_id)
    assert ask(app, token) == 401


def test_a_token_for_nothing_is_refused_on_its_page(visit: Visit, app: FastAPI) -> None:
    answer = visit(Role.ADMIN).fill("/tokens/add", name="dashboard", days="1")
    assert answer.status_code == 422
    assert "a token is for one or more of" in answer.text
    assert list_tokens(app.state.engine) == []


def test_a_token_ends(app: FastAPI, clock: Clock) -> None:
    token = make_token(app.state.engine, "t", "lead", [Permission.SEE_CASES], 1, clock())
    clock.now_ms += DAY_MS - 1
    assert ask(app, token) == 200
    clock.now_ms += 1
    assert ask(app, token) == 401


def test_a_token_does_no_more_than_its_scopes_and_its_user(app: FastAPI, clock: Clock) -> None:
    engine = app.state.engine
    assert ask(app, make_token(engine, "t", "lead", [Permission.DECIDE], 1, clock())) == 403
    token = make_token(engine, "t", "lead", [Permission.SEE_CASES, Permission.EXPORT_LABELS], 1, clock())
    assert ask(app, token) == 200
    set_role(engine, "lead", Role.VIEWER)
    assert ask(app, token) == 200
    set_disabled(engine, "lead", True)
    assert ask(app, token) == 401


def test_tokens_are_for_the_api_only(app: FastAPI, clock: Clock) -> None:
    token = make_token(app.state.engine, "t", "admin", list(SCOPES), 1, clock())
    for path in ("/", "/users", "/cases/c1"):
        assert ask(app, token, path) == 303


def test_a_wrong_token_is_not_helped_by_a_cookie(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    assert visitor.get(PATH).status_code == 200
    for header in ("Bearer shoal_x", "Bearer", "Basic YTpi", "", "Bearer \x80"):
        assert visitor.get(PATH, headers={"authorization": header.encode("latin-1")}).status_code == 401


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["decide"], 1), ("t", [], 1), ("t", ["manage_users"], 1), ("t", ["decide"], 0), ("t", ["decide"], 367)],
)
def test_what_no_token_may_be(app: FastAPI, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(UserRefused):
        make_token(app.state.engine, name, "lead", [Permission(each) for each in scopes], days, 1)


def test_revoking_again_changes_nothing(app: FastAPI) -> None:
    make_token(app.state.engine, "t", "lead", [Permission.DECIDE], 1, 1)
    name = list_tokens(app.state.engine)[0].token_id
    revoke_token(app.state.engine, name, 5)
    revoke_token(app.state.engine, name, 9)
    assert list_tokens(app.state.engine)[0].revoked_at_ms == 5


def test_the_description_tells_the_api_and_nothing_else(visit: Visit) -> None:
    paths = visit(Role.VIEWER).get(PATH).json()["paths"]
    assert TRENDS in paths
    assert all(path.startswith("/api/v1/") for path in paths)


def test_errors_of_the_api_are_problems(visit: Visit) -> None:
    answer = visit(Role.VIEWER).get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    "path", ["/api/v1/labels", "/api/v1/labels?format=csv", "/api/v1/cases/c1/export", "/api/v1/export"]
)
def test_files_go_to_programs_with_the_right_token_only(app: FastAPI, clock: Clock, path: str) -> None:
    engine = app.state.engine
    right = Permission.EXPORT_LABELS if "labels" in path else Permission.EXPORT_CASES
    assert ask(app, "", path) == 401
    assert ask(app, make_token(engine, "t", "admin", [right], 1, clock()), path) == 200
    others = list(SCOPES - {right})
    assert ask(app, make_token(engine, "t", "admin", others, 1, clock()), path) == 403
    assert ask(app, make_token(engine, "t", "viewer", list(SCOPES), 1, clock()), path) == 403
