"""Every page, filled with what strangers and colleagues may write: nothing of it comes alive."""

import html
import re

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.notes import add as add_note
from console.learn.allow import add as allow
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from console.web.routers import ROUTERS
from models.alerts import Evidence, Explanation, FamilySummary, TargetSummary
from models.example_answers import TREND_VERDICT
from models.ids import AccountId, CampaignId, TargetId
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Visit

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>https://evil.example/\u202efdp'
PRINTABLE = HOSTILE.replace("\u202e", "")
PATHS = sorted(
    {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods and not route.path.startswith("/api/")
    }
)
PLACES = {"{campaign}": "evil", "{name}": "op1", "{key:path}": "evil"}
LINK = re.compile(r'\b(?:href|src|action|hx-get|hx-post|formaction)="([^"]*)"')


@pytest.fixture
def filled(app: FastAPI) -> FastAPI:
    engine = app.state.engine
    target = TargetSummary("urls", TargetId(HOSTILE), 3, 3, NOW_MS - 500, NOW_MS, author=AccountId(HOSTILE))
    alert = msgspec.structs.replace(
        case("evil", headline=HOSTILE),
        accounts=[AccountId(HOSTILE), AccountId("https://evil.example/a"), AccountId("javascript:alert(3)")],
        targets=[target],
        families=[FamilySummary("f", 3, 0.9, (HOSTILE, HOSTILE + " more", "https://evil.example/"))],
        synchrony=[Evidence("overlap", 0.9, HOSTILE)],
        inauthenticity=[Evidence("batch", 0.8, HOSTILE, points=2.0, counted=2.0)],
        explanations=[Explanation("fans", False, HOSTILE)],
        chance=HOSTILE,
        operator="op1",
    )
    store = SqlStore(engine)
    store.put([alert])
    store.put_trends([msgspec.structs.replace(TREND_VERDICT, topic=HOSTILE, key="evil", headline=HOSTILE)], [])
    add_note(engine, "evil", "lead", HOSTILE, NOW_MS)
    decide(engine, Order(CampaignId("evil"), Action.WATCH, "lead", 1, 0, text=HOSTILE), NOW_MS)
    allow(engine, "account", PRINTABLE, PRINTABLE, 5, "lead", NOW_MS)
    make_token(engine, '<script>alert("t")</script>', "admin", [Permission.DECIDE], 1, NOW_MS)
    return app


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_nothing_of_strangers_comes_alive(filled: FastAPI, visit: Visit, role: Role) -> None:
    visitor, pages = visit(role), 0
    for path in PATHS:
        answer = visitor.get(re.sub(r"\{.*?\}", lambda found: PLACES[found.group()], path))
        assert answer.status_code < 500, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert alive(answer.text) == [], path
            pages += 1
    assert pages >= 12


def alive(page: str) -> list[str]:
    """What of a page a browser would run, load, or follow elsewhere."""
    # what a form sends back has to be as it was, and is not shown
    page = re.sub(r'(<input type="(?:checkbox|hidden)" name="\w+") value="[^"]*"', r"\1", page)
    found = [each for each in ("<img", "\u202e", " style=", "<style") if each in page]
    found += [tag for tag in re.findall("<script[^>]*>", page) if not tag.startswith('<script src="/static/')]
    found += re.findall(r"<[a-z][^>]*\son\w+=", re.sub(r'"[^"]*"', '""', page))
    links = map(html.unescape, LINK.findall(page))
    return found + [link for link in links if not re.match(r"^(/(?!/)|#|\?|$)", link)]


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        '<a href="https://evil.example">x</a>',
        '<a href="//evil.example">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<b title="x" onclick="alert(1)">x</b>',
        '<b style="color:red">x</b>',
        "a\u202eb",
    ],
)
def test_what_is_alive_is_found(page: str) -> None:
    assert alive(page) != []


def test_the_pages_hold_what_was_written(filled: FastAPI, visit: Visit) -> None:
    """Else the test above would show nothing."""
    for path in ("/cases/evil", "/?status=any", "/trends", "/allow", "/tokens", "/operators", "/operators/op1"):
        assert "&lt;script&gt;alert(" in visit(Role.ADMIN).get(path).text, path
