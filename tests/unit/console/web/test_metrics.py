"""What the database says of people's work, as metrics."""

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.messages.figures import Figures
from console.security.roles import Role
from console.web.metrics import Metrics
from models.alerts import Outcome, Severity
from streams.catalogue import CATALOGUE, series
from streams.store.engine import writing
from streams.store.protocol import StoreUnavailable
from streams.store.sql import SqlStore
from streams.store.tables import alerts
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Clock, Visit


@pytest.fixture
def told(app: FastAPI, clock: Clock) -> Metrics:
    """Metrics of the console, read anew at each `value`."""
    app.state.figures.interval_s = 0
    metrics: Metrics = app.state.metrics
    return metrics


def value(app: FastAPI, name: str, **labels: str) -> float | None:
    app.state.figures.look()
    found: float | None = app.state.metrics.instruments.registry.get_sample_value(name, labels)
    return found


def put(app: FastAPI, *cases: object) -> None:
    SqlStore(app.state.engine).put(list(cases))  # type: ignore[arg-type]  # cases are alerts


def confirm(app: FastAPI, campaign: str, now_ms: int) -> None:
    decide(app.state.engine, Order(campaign, Action.CONFIRM, "ann", 1, 0), now_ms)


def test_cases_that_wait_are_counted_and_aged_by_severity(app: FastAPI, told: Metrics, clock: Clock) -> None:
    early = case("early", severity=Severity.CRITICAL, last_action_ms=NOW_MS - 1_800_000)
    put(app, early, case("late", severity=Severity.CRITICAL))
    assert value(app, "shoal_review_cases", severity="critical") == 2
    assert value(app, "shoal_review_oldest_seconds", severity="critical") == 1_800
    assert value(app, "shoal_review_cases", severity="high") == 3
    assert value(app, "shoal_review_oldest_seconds", severity="low") == 0


def test_a_case_that_goes_on_does_not_get_younger(app: FastAPI, told: Metrics) -> None:
    put(app, case("c9", severity=Severity.LOW, last_action_ms=NOW_MS - 600_000))
    put(app, case("c9", revision=2, severity=Severity.LOW, last_action_ms=NOW_MS))
    assert value(app, "shoal_review_oldest_seconds", severity="low") == 600


def test_what_is_decided_organic_or_joined_waits_for_nobody(app: FastAPI, told: Metrics, clock: Clock) -> None:
    put(app, case("fans", severity=Severity.LOW, outcome=Outcome.ORGANIC), case("done", severity=Severity.LOW))
    put(app, case("part", severity=Severity.LOW, headline="3 accounts (closed: joined campaign c1)"))
    with writing(app.state.engine) as connection:
        connection.execute(update(alerts).where(alerts.c.campaign == "part").values(state="closed"))
    assert value(app, "shoal_review_cases", severity="low") == 1
    confirm(app, "done", clock())
    assert value(app, "shoal_review_cases", severity="low") == 0


def test_decisions_are_counted_and_wait_for_the_relay(app: FastAPI, told: Metrics, clock: Clock) -> None:
    assert value(app, "shoal_verdicts_waiting") == 0
    assert value(app, "shoal_decisions_total", action="confirm") == 0, "there from the start"
    confirm(app, "c1", clock())
    clock.now_ms += 90_000
    confirm(app, "c2", clock())
    assert value(app, "shoal_decisions_total", action="confirm") == 2
    assert value(app, "shoal_verdicts_waiting") == 2
    assert value(app, "shoal_verdicts_oldest_waiting_seconds") == 90


def test_messages_are_counted_by_kind(app: FastAPI, told: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Figures({("mail", "sent"): 4, ("mail", "dead"): 1}, {"mail": 2}, NOW_MS - 5_000)
    monkeypatch.setattr("console.web.figures.message_figures", lambda _engine: found)
    assert value(app, "shoal_notifications_total", channel="mail", outcome="sent") == 4
    assert value(app, "shoal_notifications_total", channel="mail", outcome="dead") == 1
    assert value(app, "shoal_notifications_waiting", channel="mail") == 2
    assert value(app, "shoal_notifications_oldest_waiting_seconds") == 5


def test_a_store_that_is_away_is_told_and_metrics_still_answer(
    app: FastAPI, told: Metrics, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert value(app, "shoal_store_up") == 1

    def away(*_arguments: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr("console.web.figures.reading", away)
    answer = visit(None).get("/metrics")
    assert answer.status_code == 200
    assert "shoal_store_up 0.0" in answer.text


def test_the_database_is_not_asked_at_every_look(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("console.web.figures.to_review", lambda engine: asked.append(engine) or {})
    for _ in range(5):
        app.state.figures.look()
    assert len(asked) == 1


def test_any_visit_moves_them_or_they_say_what_would(app: FastAPI, told: Metrics, visit: Visit) -> None:
    visit(Role.LEAD).get("/")
    page = visit(None).get("/metrics").text
    moved = {s.name for family in text_string_to_metric_families(page) for s in family.samples if s.value > 0}
    for one in CATALOGUE:
        assert "console" not in one.of or one.moved_by or moved & set(series(one)), one.name


def test_ready_says_in_words_why_not(app: FastAPI, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visit(None).get("/-/healthy").json() == {"ok": True, "reasons": []}
    assert visit(None).get("/-/ready").json() == {"ok": True, "reasons": []}
    monkeypatch.setattr("console.web.health.newest_version", lambda: "9999_later")
    answer = visit(None).get("/-/ready")
    assert answer.status_code == 503
    assert answer.json()["ok"] is False
    assert "this console at 9999_later" in answer.json()["reasons"][0]

    def away(*_arguments: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr("console.web.health.reading", away)
    assert visit(None).get("/-/ready").json()["reasons"] == ["the store does not answer"]
    assert visit(None).get("/-/healthy").status_code == 200
