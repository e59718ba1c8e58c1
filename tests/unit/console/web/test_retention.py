"""What is forgotten, and what is kept."""

import msgspec
from fastapi import FastAPI
from sqlalchemy import select

from console.decisions import queue
from console.security.retention import DAY_MS, apply
from console.security.roles import Role
from models.alerts import FamilySummary
from streams.store.accounts import cases_of
from streams.store.engine import make_engine, reading
from streams.store.sql import SqlStore
from streams.store.tables import alert_revisions
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Visit

SECRET = "secret-account"  # noqa: S105  # an account of these tests


def told(campaign: str, revision: int, last_action_ms: int) -> object:
    return msgspec.structs.replace(
        case(campaign, revision, headline=f"3 accounts followed {SECRET}", last_action_ms=last_action_ms),
        accounts=[SECRET, "b", "c"],
        families=[FamilySummary("f", 2, 0.9, (f"hello {SECRET}",))],
    )


def test_people_are_forgotten_and_counts_are_kept(store_url: str) -> None:
    engine = make_engine(store_url)
    store = SqlStore(engine)
    store.put([told("old", 1, NOW_MS - 8 * DAY_MS), told("old", 2, NOW_MS - 8 * DAY_MS), told("new", 1, NOW_MS)])
    before = queue.row(engine, "old", NOW_MS)
    assert apply(engine, 7, NOW_MS) == 1
    assert apply(engine, 7, NOW_MS) == 0
    with reading(engine) as connection:
        bodies = dict(connection.execute(select(alert_revisions.c.campaign, alert_revisions.c.body)).tuples().all())
    assert SECRET.encode() not in bodies["old"]
    assert SECRET.encode() in bodies["new"]
    assert cases_of(engine, [SECRET, "b"]) == {SECRET: ["new"], "b": ["new"]}
    assert len(store.revisions("old")) == 1
    after = queue.row(engine, "old", NOW_MS)
    assert SECRET not in after.headline
    assert msgspec.structs.replace(after, headline="") == msgspec.structs.replace(before, headline="")
    engine.dispose()


def test_a_case_that_goes_on_is_forgotten_again(store_url: str) -> None:
    engine = make_engine(store_url)
    store = SqlStore(engine)
    store.put([told("old", 1, NOW_MS - 8 * DAY_MS)])
    assert apply(engine, 7, NOW_MS) == 1
    store.put([told("old", 2, NOW_MS)])
    assert apply(engine, 7, NOW_MS) == 0
    assert apply(engine, 7, NOW_MS + 8 * DAY_MS) == 1
    engine.dispose()


def test_the_page_of_a_forgotten_case_opens(visit: Visit, app: FastAPI) -> None:
    assert apply(app.state.engine, 1, NOW_MS + 2 * DAY_MS) == 3
    answer = visit(Role.LEAD).get("/cases/c1")
    assert answer.status_code == 200
    assert "retention" in answer.text
