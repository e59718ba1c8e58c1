"""Viewers who see pseudonyms learn no account from what colleagues wrote, nor from searching."""

import msgspec
import pytest
from fastapi import FastAPI

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.notes import add
from console.security import sessions
from console.security.roles import Role
from console.security.users import add_user
from models.alerts import TargetSummary
from models.ids import AccountId, CampaignId
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.sign_on.conftest import Make
from tests.unit.console.web.visitors import PASSWORD, Visitor

SECRET = "u-4711"  # noqa: S105  # an account


@pytest.fixture
def app(make: Make) -> FastAPI:
    app = make(oidc_issuer=None)
    engine = app.state.engine
    told = f"{SECRET} is the one who calls them together"
    followed = TargetSummary("follow", SECRET, 3, 3, NOW_MS - 500, NOW_MS)
    alert = msgspec.structs.replace(
        case("c2"), headline=f"3 accounts followed {SECRET}", targets=[followed], operator="op1"
    )
    SqlStore(engine).put([alert])
    add(engine, "c2", "mo", told, NOW_MS)
    order = Order(CampaignId("c2"), Action.WATCH, "mo", 1, 0, text=told, accounts_left_out=(AccountId("a0"),))
    decide(engine, order, NOW_MS)
    for role in (Role.VIEWER, Role.MODERATOR):
        add_user(engine, role.value, role, PASSWORD, NOW_MS)
    return app


def visitor(app: FastAPI, role: Role) -> Visitor:
    return Visitor(app, sessions.begin(app.state.engine, role.value, NOW_MS))


@pytest.mark.parametrize("path", ["/cases/c2", "/api/v1/cases/c2", "/operators", "/cases/c2/revisions", "/?status=any"])
def test_free_text_is_for_moderators(app: FastAPI, path: str) -> None:
    shown, hidden = visitor(app, Role.MODERATOR).get(path), visitor(app, Role.VIEWER).get(path)
    assert (shown.status_code, hidden.status_code) == (200, 200)
    assert SECRET in shown.text
    assert SECRET not in hidden.text
    assert "calls them together" not in hidden.text


def test_viewers_are_told_why_a_text_is_missing(app: FastAPI) -> None:
    assert "not shown to viewers" in visitor(app, Role.VIEWER).get("/cases/c2").text


@pytest.mark.parametrize("path", ["/?status=any&outcome=any&text=", "/api/v1/cases?text="])
def test_a_search_does_not_tell_whether_an_account_is_there(app: FastAPI, path: str) -> None:
    assert "c2" in visitor(app, Role.MODERATOR).get(path + SECRET).text
    viewer = visitor(app, Role.VIEWER)
    found, nothing = (viewer.get(path + word).text for word in (SECRET, "u-0000"))
    assert found.replace(SECRET, "u-0000") == nothing
    assert "/cases/c2" in viewer.get("/?status=any&outcome=any&text=c2").text
