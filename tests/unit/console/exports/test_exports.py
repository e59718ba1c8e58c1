"""Exports by page and by API: what is in them, who may, and what the log says."""

import csv
import io
import json
from codecs import BOM_UTF8
from typing import Any

import networkx as nx
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from msgspec.structs import replace
from pymisp import MISPEvent
from sqlalchemy import Engine, delete, update

from console.cases.wanted import Wanted
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.errors import InvalidOrder
from console.decisions.filters import Filters
from console.decisions.queue import PAGE_MAX, totals, walk
from console.exports import cases, log
from console.exports.cases import CaseRow, CasesFormat
from console.exports.judging import judgement_of
from console.exports.tables import export_log
from console.security import roles
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from models.alerts import FamilySummary
from models.codec import decode_alert
from streams.exports import formats
from streams.exports.flat import columns_of
from streams.exports.formats import FORMS, CaseFormat
from streams.store.engine import writing
from streams.store.protocol import StoreUnavailable
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Clock, Visit, Visitor


def from_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def programs(app: FastAPI, clock: Clock, *scopes: Permission) -> Any:
    token = make_token(app.state.engine, "t", "lead", scopes, 1, clock())
    return lambda path: Visitor(app).get(path, headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("form", CaseFormat)
def test_every_format_of_a_case_comes_as_a_file_by_page_and_by_api(
    visit: Visit, app: FastAPI, clock: Clock, form: CaseFormat
) -> None:
    by_page = visit(Role.MODERATOR).get(f"/cases/c1/export?format={form}")
    by_api = programs(app, clock, Permission.EXPORT_CASES)(f"/api/v1/cases/c1/export?format={form}")
    for answer in (by_page, by_api):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == FORMS[form].content_type
        assert answer.headers["content-disposition"] == f'attachment; filename="shoal-c1-1.{form}"'
        assert answer.headers["cache-control"] == "no-store"
    if not form.endswith("gexf"):  # networkx writes the day into it
        assert by_page.content.removeprefix(BOM_UTF8) == by_api.content
    # people open CSV in Excel, programs read it
    assert by_page.content.startswith(BOM_UTF8) == form.endswith("csv")
    assert not by_api.content.startswith(BOM_UTF8)


def test_what_comes_is_what_it_says(visit: Visit) -> None:
    moderator = visit(Role.MODERATOR)
    rows = from_csv(moderator.get("/cases/c1/export?format=accounts.csv").text)
    assert [row["account"] for row in rows] == ["a0", "a1", "a2"]
    assert decode_alert(moderator.get("/cases/c1/export").content) == case("c1")
    graph = nx.read_graphml(io.BytesIO(moderator.get("/cases/c1/export?format=graphml").content))
    assert graph.number_of_edges() == 3
    event: Any = MISPEvent()
    event.load(moderator.get("/cases/c1/export?format=misp.json").text)
    assert sum(each.category == "Social network" for each in event.attributes) == 3


@pytest.mark.parametrize("path", ["/cases/none/export", "/cases/c1/export?format=exe", "/export?format=gexf"])
def test_what_is_not_there_is_refused_and_not_logged(visit: Visit, app: FastAPI, path: str) -> None:
    assert visit(Role.ADMIN).get(path).status_code in {404, 422}
    assert log.newest(app.state.engine) == []


def test_the_decision_is_in_it_and_an_undone_one_is_not(engine: Engine) -> None:
    def order(action: Action, seen: int, **more: Any) -> None:
        decide(engine, Order("c1", action, "m-1", 1, seen, **more), NOW_MS + seen)

    assert judgement_of(engine, "c1").status == "open"
    order(Action.CONFIRM, 0, accounts_left_out=("a1",))
    judged = judgement_of(engine, "c1")
    assert (judged.status, judged.left_out, judged.at_ms) == ("confirmed", frozenset({"a1"}), NOW_MS)
    order(Action.UNDO, 1)
    judged = judgement_of(engine, "c1")
    assert (judged.status, judged.left_out, judged.at_ms) == ("open", frozenset(), NOW_MS + 1)


def test_a_case_that_is_too_large_is_refused_with_its_figures(
    visit: Visit, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "ACCOUNTS_MAX", 1_000)
    answer = visit(Role.LEAD).get("/cases/large/export?format=gexf")
    assert answer.status_code == 422
    assert "1,200 accounts" in answer.text
    assert log.newest(app.state.engine) == []


# --- many


def test_the_list_has_what_the_queue_shows_under_the_same_filters(visit: Visit, app: FastAPI) -> None:
    SqlStore(app.state.engine).put([case("old", last_action_ms=NOW_MS - 90_000_000), case("word", headline="=a pump")])
    moderator = visit(Role.MODERATOR)
    moderator.fill("/cases/c1/decide", action="watch", revision=1, seen=0)
    for query in ("", "status=watched", "days=1", "text=pump", "severity=low", "account=a2", "joined=true"):
        page = moderator.get(f"/?{query}").text
        rows = from_csv(moderator.get(f"/export?{query}").text)
        shown = {row["campaign"] for row in rows}
        assert {name for name in ("c1", "c2", "large", "old", "word") if f'href="/cases/{name}"' in page} == shown, (
            query
        )
    (row,) = from_csv(moderator.get("/export?text=pump").text)
    assert row["headline"] == "'=a pump"
    assert (row["last_action_ms"], row["last_action"]) == (str(NOW_MS - 1_000), "2027-01-15T07:59:59.000Z")


def test_all_formats_of_the_list_say_the_same(visit: Visit) -> None:
    lead = visit(Role.LEAD)
    rows = from_csv(lead.get("/export?status=any").text)
    lines = [json.loads(line) for line in lead.get("/export?status=any&format=jsonl").text.splitlines()]
    table = pq.read_table(io.BytesIO(lead.get("/export?status=any&format=parquet").content)).to_pylist()
    whole = [decode_alert(line) for line in lead.get("/export?status=any&format=alerts.jsonl").content.splitlines()]
    assert [row["campaign"] for row in rows] == ["c1", "c2", "large"]
    assert lines == table
    assert [tuple(each) for each in (*rows, *lines)] == [columns_of(CaseRow)] * 6
    assert [line["campaign"] for line in lines] == [row["campaign"] for row in rows]
    assert [alert.campaign for alert in whole] == ["c1", "c2", "large"]
    assert len(whole[2].accounts) == 1_200


def test_the_api_takes_the_filters_of_its_list(app: FastAPI, clock: Clock) -> None:
    ask = programs(app, clock, Permission.EXPORT_CASES)
    assert len(ask("/api/v1/export").text.splitlines()) == 3
    assert ask("/api/v1/export?status=confirmed").text == ""
    assert [json.loads(line)["campaign"] for line in ask("/api/v1/export?text=large").text.splitlines()] == ["large"]
    answer = ask("/api/v1/export?format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="shoal-cases.csv"'


def test_more_than_a_file_may_hold_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "CASES_MAX", 2)
    with pytest.raises(InvalidOrder, match="3 cases match; an export holds at most 2"):
        cases.found(engine, Filters(), CasesFormat.CSV, NOW_MS)
    assert cases.found(engine, Filters(text="c1"), CasesFormat.CSV, NOW_MS).cases == 1
    assert cases.found(engine, Filters(), CasesFormat.ALERTS, NOW_MS) == cases.Found(3, 1_206)


def test_many_cases_come_once_each_though_the_queue_moves_meanwhile(engine: Engine) -> None:
    SqlStore(engine).put([case(f"m{number:04}") for number in range(2 * PAGE_MAX + 50)])
    seen = []
    for row in walk(engine, Filters(), NOW_MS, 10_000):
        seen.append(row.campaign)
        if len(seen) % 100 == 1:  # the case that was just read becomes the most urgent
            SqlStore(engine).put([replace(case(row.campaign, accounts=4_000 + len(seen)), revision=2)])
    assert seen == sorted(set(seen))
    assert len(seen) == totals(engine, Filters(), NOW_MS)[0] == 2 * PAGE_MAX + 53
    assert len(list(walk(engine, Filters(), NOW_MS, 201))) == 201
    assert list(walk(engine, Filters(), NOW_MS, 0)) == []


# --- who, and the log


def test_viewers_take_nothing_out_even_if_the_matrix_lets_them(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = visit(Role.VIEWER)
    assert "/export" not in viewer.get("/").text + viewer.get("/cases/c1").text
    paths = ("/cases/c1/export", "/export", "/api/v1/cases/c1/export", "/api/v1/export")
    assert {viewer.get(path).status_code for path in paths} == {403}
    monkeypatch.setitem(roles.MATRIX, Permission.EXPORT_CASES, frozenset(Role))
    assert {viewer.get(path).status_code for path in paths} == {403}


def test_a_token_needs_the_scope(app: FastAPI, clock: Clock) -> None:
    ask = programs(app, clock, Permission.SEE_CASES)
    assert ask("/api/v1/cases/c1").status_code == 200
    assert {ask(path).status_code for path in ("/api/v1/cases/c1/export", "/api/v1/export")} == {403}


def test_every_export_is_in_the_log_without_what_it_was_searched_by(visit: Visit, app: FastAPI, clock: Clock) -> None:
    lead = visit(Role.LEAD)
    lead.get("/cases/large/export?format=accounts.csv")
    clock.now_ms += 5
    lead.get("/export?status=open&severity=any&account=a1&text=accounts")
    programs(app, clock, Permission.EXPORT_CASES)("/api/v1/export?severity=high")
    program, many, one = log.newest(app.state.engine)
    assert one == log.Exported(1, NOW_MS, "lead", "page", "accounts.csv", "large", "", 1, 1_200)
    assert (many.exported_at_ms, many.form, many.campaign, many.cases) == (NOW_MS + 5, "csv", None, 3)
    assert many.filters == "status=open, outcome=coordinated_inauthentic, text=…, account=…"
    assert (program.way, program.filters, program.cases, program.accounts) == ("api", "severity=high", 3, 1_206)
    page = lead.get("/exports").text
    assert page.index("severity=high") < page.index('href="/cases/large"')
    assert visit(Role.MODERATOR).get("/exports").status_code == 403
    assert [row.number for row in log.newest(app.state.engine, before=2)] == [1]


def test_what_cannot_be_logged_is_not_exported(visit: Visit, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(log, "note", away)
    answer = visit(Role.LEAD).get("/cases/c1/export?format=accounts.csv")
    assert answer.status_code == 503
    assert "content-disposition" not in answer.headers
    assert "campaign,revision" not in answer.text


def test_the_database_refuses_to_change_the_log(engine: Engine) -> None:
    log.note(engine, NOW_MS, "ann", "page", "csv")
    for change in (update(export_log).values(exported_by="bob"), delete(export_log)):
        with pytest.raises(StoreUnavailable, match="never changed"), writing(engine) as connection:
            connection.execute(change)
    assert [row.exported_by for row in log.newest(engine)] == ["ann"]


def test_the_menus_offer_every_format_that_there_is(visit: Visit) -> None:
    moderator = visit(Role.MODERATOR)
    page = moderator.get("/cases/c1").text
    assert all(f'<option value="{form}">' in page for form in CaseFormat)
    queue = moderator.get("/?status=open&text=accounts").text
    assert all(f'<option value="{form}">' in queue for form in CasesFormat)
    assert '<input type="hidden" name="text" value="accounts">' in queue
    assert set(Wanted(joined=True).words) >= {"status", "severity", "outcome", "text", "held", "days", "joined"}


def test_a_text_of_a_stranger_breaks_no_page_and_no_file(visit: Visit, app: FastAPI) -> None:
    odd = replace(case("odd"), accounts=["=a", "b", "c"], families=[FamilySummary("t1", 3, 0.9, ("\x00<b>", "=x"))])
    SqlStore(app.state.engine).put([odd])
    moderator = visit(Role.MODERATOR)
    assert from_csv(moderator.get("/cases/odd/export?format=accounts.csv").text)[0]["account"] == "'=a"
    texts = from_csv(moderator.get("/cases/odd/export?format=texts.csv").text)
    assert [(row["text"], row["accounts"]) for row in texts] == [("\x00<b>", "3"), ("'=x", "3")]


def test_labels_that_name_accounts_are_in_the_log_too(visit: Visit, app: FastAPI, clock: Clock) -> None:
    lead = visit(Role.LEAD)
    lead.fill("/cases/c1/decide", action="confirm", revision=1, seen=0)
    lead.fill("/cases/c2/decide", action="watch", revision=1, seen=0)
    lead.get("/learn/labels.csv?accounts=false")
    assert log.newest(app.state.engine) == []
    assert "a0" in lead.get("/learn/labels.csv?days=30").text
    programs(app, clock, Permission.EXPORT_LABELS)("/api/v1/labels")
    program, page = log.newest(app.state.engine)
    assert (page.way, page.form, page.filters, page.cases, page.accounts) == ("page", "labels.csv", "days=30", 2, 6)
    assert (program.way, program.form, program.cases) == ("api", "labels.jsonl", 2)
