"""The pages of learning, shadows and operators: what they say, to whom, and that hostile text stays text."""

import csv
import io

import msgspec
import pytest

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.learn.precision import FEW
from console.security.roles import Role
from models.events import Decision
from streams.store.shadow import ShadowStore
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case, outbox
from tests.unit.console.web.conftest import app, clock, password_hash, settings, visit  # noqa: F401  # fixtures
from tests.unit.console.web.visitors import Clock, Visit

HOSTILE = "<script>alert(1)</script>\u202e"


def test_precision_is_shown_with_its_interval_or_as_too_few(visit: Visit) -> None:  # noqa: F811  # the fixture
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    assert "Nobody has confirmed or dismissed" in lead.get("/learn").text
    SqlStore(engine).put([case(f"p{n}") for n in range(FEW)])
    for n in range(FEW - 1):
        decide(engine, Order(f"p{n}", Action.CONFIRM, "m-1", 1, 0), NOW_MS)
    assert "too few" in lead.get("/learn").text
    decide(engine, Order(f"p{FEW - 1}", Action.DISMISS, "m-1", 1, 0, "fans"), NOW_MS)
    page = lead.get("/learn").text
    assert "90 %" in page
    assert "60 to 98 %" in page
    weeks = lead.get("/api/v1/precision").json()["week"]
    assert [(row["confirmed"], row["dismissed"], row["share"]) for row in weeks] == [(9, 1, 0.9)]
    assert lead.get("/api/v1/precision?days=0").status_code == 422


def test_labels_come_as_files(visit: Visit) -> None:  # noqa: F811  # the fixture
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    decide(engine, Order("c1", Action.CONFIRM, "m-1", 1, 0), NOW_MS)
    answer = lead.get("/learn/labels.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="labels.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["campaign"], row["decision"], row["accounts"]) == ("c1", "confirmed", '["a0","a1","a2"]')
    assert '"accounts":[]' in lead.get("/learn/labels.jsonl?accounts=false").text
    assert visit(Role.MODERATOR).get("/learn/labels.csv").status_code == 403


def test_the_allow_list_is_changed_by_leads_and_shows_what_it_was_given_as_text(visit: Visit, clock: Clock) -> None:  # noqa: F811  # the fixtures
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    fields = {"kind": "target", "value": "news.example", "reason": HOSTILE, "days": 30}
    assert lead.fill("/allow/add", **fields).status_code == 303
    page = lead.get("/allow").text
    assert "news.example" in page
    assert "<script>alert" not in page
    assert "U+202E" in page
    assert "already" in lead.fill("/allow/add", **fields).text
    (verdict,) = outbox(engine)
    assert (verdict.decision, verdict.targets, verdict.decided_by) == (Decision.ALLOW, ("news.example",), "lead")
    moderator = visit(Role.MODERATOR)
    assert "/allow/remove" not in moderator.get("/allow").text
    entry = verdict.campaign.removeprefix("allow:")
    assert moderator.fill("/allow/remove", entry=entry).status_code == 403
    assert lead.fill("/allow/remove", entry=entry).status_code == 303
    assert lead.fill("/allow/remove", entry=entry).status_code == 409
    assert "The list is empty." in lead.get("/allow").text
    clock.now_ms += DAY_MS


def test_a_shadow_is_shown_beside_the_live_cases(visit: Visit) -> None:  # noqa: F811  # the fixture
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    assert "There is none yet." in lead.get("/shadow").text
    other = msgspec.structs.replace(case("s1"), accounts=["x1", "x2", "x3"], headline=f"found {HOSTILE}")
    ShadowStore(engine, "new").put([other, case("s2")])
    assert "/shadow/new" in lead.get("/shadow").text
    page = lead.get("/shadow/new").text
    assert "Only by the shadow: 1" in page
    assert "<script>alert" not in page
    assert lead.get("/shadow/other").status_code == 404
    assert lead.get("/shadow/NOT%20A%20NAME").status_code == 422


@pytest.mark.parametrize(("role", "sees"), [(Role.VIEWER, False), (Role.MODERATOR, True)])
def test_operators_are_shown_and_viewers_get_pseudonyms(visit: Visit, role: Role, sees: bool) -> None:  # noqa: F811  # the fixture
    visitor = visit(role)
    engine = visitor.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    for number, name in enumerate(("op1", "op2")):
        made = case(name, last_action_ms=NOW_MS - number * 20 * DAY_MS, headline="3 accounts acted on idol (follow)")
        follow = [msgspec.structs.replace(made.targets[0], layer="follow", target="idol")]
        SqlStore(engine).put([msgspec.structs.replace(made, operator="op2", targets=follow)])
    decide(engine, Order("op1", Action.WATCH, "m-1", 1, 0, text=HOSTILE), NOW_MS)
    listing, page = visitor.get("/operators").text, visitor.get("/operators/op2").text
    plain = visitor.get("/api/v1/operators/op2").json()
    # a reason is free text, which may name accounts
    assert ("U+202E" in listing) is sees
    assert "<script>alert" not in listing + page
    assert page.count("<rect") == len(plain["weeks"]) >= 3
    assert [each["account"] for each in plain["returned"]] == ["a0", "a1", "a2"] or not sees
    for text in (listing, page, str(plain)):
        assert ("idol" in text) is sees
    assert (">a1<" in page or "a1</bdi>" in page) is sees
    assert visitor.get("/operators/none").status_code == 404
    assert [row["operator"] for row in visitor.get("/api/v1/operators").json()] == ["op2"]
