"""Forms whose session is over: nothing is written, and nothing that somebody typed is lost."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import given, settings
from hypothesis import strategies as st

from console.decisions import notes
from console.decisions.read import history
from console.security.roles import Role
from console.web.late import KEPT_CHARACTERS_MAX, Kept, form_page, unpack
from console.web.routers import ROUTERS
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Visit, Visitor

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
READ = {route.path for route in ROUTES if "GET" in route.methods}
SENT = [route.path for route in ROUTES if "POST" in route.methods and not route.path.startswith("/api/")]
DECISION = {"action": "confirm", "revision": 1, "seen": 0, "text": "ten <minutes> of work", "left_out": ["a1", "a2"]}


def log_in(visitor: Visitor, page: str, password: str = PASSWORD) -> Any:
    """Fill in the log-in form as it stands on `page`."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    data = {name: value.replace("&amp;", "&") for name, value in hidden.items()}
    return visitor.post("/login", data=data | {"user": "lead", "password": password}, headers={"origin": ORIGIN})


def test_a_decision_waits_through_the_log_in(visit: Visit, app: FastAPI) -> None:
    visitor = visit(None)
    asked = visitor.fill("/cases/c1/decide", **DECISION)
    assert asked.status_code == 403
    assert "Your session has ended. Nothing was written." in asked.text
    assert "ten &lt;minutes&gt; of work</textarea>" in asked.text
    wrong = log_in(visitor, asked.text, "wrong")
    assert wrong.status_code == 422
    kept = log_in(visitor, wrong.text)
    assert kept.status_code == 200
    assert "set-cookie" in kept.headers
    assert 'action="/cases/c1/look#decide"' in kept.text
    assert history(app.state.engine, "c1") == []
    names = re.findall(r'<input type="hidden" name="(\w+)"', kept.text)
    assert not {"action", "revision", "seen"}.intersection(names)  # those of the case as it is now hold
    token = re.search(r'name="form_token" value="([^"]+)"', kept.text).group(1)
    fields = {"form_token": token, "text": DECISION["text"], "left_out": DECISION["left_out"]}
    page = visitor.post("/cases/c1/look", data=fields, headers={"origin": ORIGIN})
    assert page.status_code == 200
    assert "ten &lt;minutes&gt; of work</textarea>" in page.text
    assert page.text.count('value="a1" checked') == page.text.count('value="a2" checked') == 1


def test_a_note_is_shown_again_with_the_way_back(visit: Visit, app: FastAPI) -> None:
    visitor = visit(None)
    kept = log_in(visitor, visitor.fill("/cases/c1/notes", text="ask the fan club").text)
    assert "ask the fan club</textarea>" in kept.text
    assert 'href="/cases/c1"' in kept.text
    assert notes.of(app.state.engine, "c1") == []


def test_where_nothing_was_typed_the_log_in_leads_back(visit: Visit) -> None:
    visitor = visit(None)
    asked = visitor.fill("/cases/c1/claim")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2Fcases%2Fc1&ended=true")
    page = visitor.get(asked.headers["location"]).text
    assert "Your session has ended" in page
    assert log_in(visitor, page).headers["location"] == "/cases/c1"


def test_a_form_of_the_session_before_keeps_its_words(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    visitor.token = "of another session"  # noqa: S105  # a wrong one
    answer = visitor.fill("/cases/c1/decide", **DECISION)
    assert answer.status_code == 403
    assert "What you typed is still here" in answer.text
    assert visitor.fill("/logout").status_code == 403
    assert history(app.state.engine, "c1") == []


def test_another_site_gets_nothing_shown(visit: Visit) -> None:
    for visitor in (visit(None), visit(Role.MODERATOR)):
        answer = visitor.post(
            "/cases/c1/notes", data={"text": "call this number"}, headers={"origin": "https://evil.example"}
        )
        assert answer.status_code == 403
        assert "call this number" not in answer.text


def test_passwords_are_never_kept(visit: Visit) -> None:
    visitor = visit(None)
    answer = visitor.fill("/account/password", old="old secret", new="new secret", again="new secret", name="x")
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/cases/c1/others", "/", "/cases/c1/graph"])
def test_parts_of_a_page_are_not_replaced_by_the_log_in(visit: Visit, path: str) -> None:
    answer = visit(None).get(path, headers={"hx-request": "true"})
    assert (answer.status_code, answer.text) == (403, "")


@pytest.mark.parametrize("path", SENT)
def test_every_form_stands_on_a_page(path: str) -> None:
    assert form_page(path) in READ


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=20))
def test_what_is_packed_is_unpacked(fields: list[tuple[str, str]]) -> None:
    kept = Kept("/cases/c1/decide", [*fields, ("text", "x")])
    assert unpack(kept.packed()) == kept


@pytest.mark.parametrize(
    "packed", ["", "x", "=", "=//", "a=b&c=d", "=evil&text=x", "&" * 10_000, urlencode([("", "/x")])]
)
def test_what_is_nothing_kept_is_none(packed: str) -> None:
    assert unpack(packed) is None


def test_too_much_is_not_kept() -> None:
    assert Kept("/x", [("text", "x" * KEPT_CHARACTERS_MAX)]).packed() == ""
