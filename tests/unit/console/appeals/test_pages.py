"""Appeals by API and on pages: what platforms are told, what moderators see, and that hostile text stays text."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import status_of
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from streams.cli.app import app as command
from tests.unit.console.decisions.cases import NOW_MS
from tests.unit.console.web.visitors import Visit, Visitor

HOSTILE = "<script>alert(1)</script>\u202e"
FILED = {"reference": "r1", "account": "a1", "campaign": "c1", "filed_at_ms": NOW_MS, "statement": HOSTILE}


class Platform:
    """A program with a token."""

    def __init__(self, app: FastAPI, *scopes: Permission) -> None:
        token = make_token(app.state.engine, "platform", Role.ADMIN.value, set(scopes), 1, NOW_MS)
        self._client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        self._client.headers["authorization"] = f"Bearer {token}"

    def file(self, **changed: Any) -> Any:
        return self._client.post("/api/v1/appeals", json={**FILED, **changed})

    def get(self, path: str) -> Any:
        return self._client.get(path)


@pytest.fixture
def platform(app: FastAPI) -> Platform:
    decide(app.state.engine, Order("c1", Action.CONFIRM, "moderator", 1, 0), NOW_MS)
    return Platform(app, Permission.FILE_APPEALS)


def decided(visitor: Visitor, action: str, **more: Any) -> Any:
    page = visitor.get("/cases/c1").text
    seen = int(re.search(r'name="seen" value="(\d+)"', page).group(1))
    return visitor.fill("/cases/c1/decide", action=action, revision=1, seen=seen, **more)


def test_from_appeal_to_answer_and_back(platform: Platform, visit: Visit) -> None:
    answer = platform.file()
    assert answer.status_code == 201
    href = answer.json()["href"]
    assert answer.headers["location"] == href
    assert platform.file().json() == answer.json()
    assert platform.get(href).json()["status"] == "waiting"
    first, second = visit(Role.MODERATOR), visit(Role.LEAD)
    assert decided(first, "confirm").status_code == 409
    assert "somebody else must decide" in decided(first, "dismiss", reason="fans").text
    assert decided(second, "confirm", left_out=["a1"]).status_code == 303
    told = platform.get(href).json()
    assert (told["status"], told["account"]) == ("overturned", "a1")
    assert {"moderator", "lead"}.isdisjoint(map(str, told.values()))
    assert decided(second, "undo").status_code == 303
    assert platform.get(href).json()["status"] == "waiting"
    assert decided(visit(Role.ADMIN), "confirm").status_code == 303
    assert platform.get(href).json()["status"] == "upheld"


def test_the_page_of_a_case_shows_the_appeal_and_who_may_answer(platform: Platform, visit: Visit) -> None:
    platform.file()
    first, second = visit(Role.MODERATOR).get("/cases/c1").text, visit(Role.LEAD).get("/cases/c1").text
    assert "1 appeal waits for an answer" in first
    assert "You decided on this case before" in first
    assert "You decided on this case before" not in second
    assert "Your decision answers it." in second
    for page in (first, second, visit(Role.LEAD).get("/appeals").text):
        assert "<script>alert" not in page
        assert "U+202E" in page
    viewer = visit(Role.VIEWER).get("/cases/c1").text
    assert "appeal waits" not in viewer
    assert "U+202E" not in viewer


def test_the_queue_and_the_list_find_what_waits(platform: Platform, visit: Visit) -> None:
    lead = visit(Role.LEAD)
    assert "No appeal waits." in lead.get("/appeals").text
    platform.file()
    assert set(re.findall(r'href="/cases/(\w+)"', lead.get("/?appealed=true").text)) == {"c1"}
    assert 'href="/cases/c1"' in lead.get("/appeals").text
    decided(lead, "confirm")
    assert 'href="/cases/c1"' not in lead.get("/appeals").text
    answered = lead.get("/appeals?status=answered").text
    assert 'href="/cases/c1"' in answered
    assert "upheld" in answered
    assert lead.get("/appeals?status=nonsense").status_code == 422
    assert visit(Role.VIEWER).get("/appeals").status_code == 403


def test_lists_are_paged(platform: Platform) -> None:
    for number in range(3):
        assert platform.file(reference=f"r{number}", account=f"a{number}").status_code == 201
    first = platform.get("/api/v1/appeals?status=waiting&limit=2").json()
    second = platform.get(f"/api/v1/appeals?status=waiting&limit=2&after={first['next']}").json()
    assert len(first["appeals"]) == 2
    assert second["next"] is None
    assert {each["reference"] for page in (first, second) for each in page["appeals"]} == {"r0", "r1", "r2"}
    assert platform.get("/api/v1/appeals?after=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("changed", "status", "detail"),
    [
        ({"campaign": "c2"}, 409, "not_decided: "),
        ({"campaign": "nothing"}, 404, "no campaign"),
        ({"account": "stranger"}, 409, "not_of_case: "),
        ({"account": ""}, 422, "account: "),
        ({"account": "a\n1"}, 422, "account: "),
        ({"statement": "x" * 4_001}, 422, "statement: "),
        ({"filed_at_ms": 1}, 422, "filed_at_ms: "),
        ({"filed_at_ms": "soon"}, 422, "filed_at_ms: "),
        ({"filed_at_ms": NOW_MS + 10**6}, 422, "filed_at_ms: "),
        ({"decided_by": "moderator"}, 422, "decided_by: "),
    ],
)
def test_what_is_refused_says_why(
    platform: Platform, app: FastAPI, changed: dict[str, Any], status: int, detail: str
) -> None:
    answer = platform.file(**changed)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(detail)
    assert status_of(app.state.engine, "c1").status == "confirmed"


def test_a_token_for_something_else_files_nothing(platform: Platform, app: FastAPI) -> None:
    other = Platform(app, Permission.SEE_CASES, Permission.DECIDE)
    assert other.file().status_code == 403
    assert other.get("/api/v1/appeals").status_code == 403
    assert platform.get("/api/v1/cases").status_code == 403
    assert platform.get("/api/v1/appeals/nothing").status_code == 404


def test_settings_bound_time_and_number(platform: Platform, app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"appeal_days": 1, "appeals_per_account_max": 1})
    app.state.clock.now_ms = NOW_MS + 2 * 86_400_000
    late = platform.file(filed_at_ms=app.state.clock.now_ms)
    assert late.status_code == 401  # the token is over as well
    other = Platform(app, Permission.FILE_APPEALS)
    other._client.headers["authorization"] = "Bearer " + make_token(
        app.state.engine, "later", Role.ADMIN.value, {Permission.FILE_APPEALS}, 9, app.state.clock.now_ms
    )
    assert other.file(filed_at_ms=app.state.clock.now_ms).json()["detail"].startswith("too_late: ")
    assert other.file().status_code == 201
    decide(app.state.engine, Order("c1", Action.CONFIRM, "lead", 1, 2), app.state.clock.now_ms)
    assert other.file(reference="r2").json()["detail"].startswith("too_many: ")


def test_the_command_line_lists_them(platform: Platform, app: FastAPI) -> None:
    platform.file()
    store = f"--store={app.state.settings.store_url}"
    waiting = CliRunner().invoke(command, ["appeals", "list", store])
    assert waiting.exit_code == 0, waiting.output
    assert "case c1  waiting" in waiting.stdout
    assert "account a1" in waiting.stdout
    answered = CliRunner().invoke(command, ["appeals", "list", "--status", "answered", store])
    assert "There is none." in answered.stdout
