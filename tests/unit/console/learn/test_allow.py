"""The allow list: entries with an end, a log that only grows, and verdicts to the detector."""

from random import Random

import pytest
from sqlalchemy import Engine, select

from console.decisions.outbox import mark_sent
from console.decisions.tables import verdict_outbox
from console.learn import allow
from console.learn.allow import NotAllowed
from console.learn.erase import erase_learned
from detector.engine import Engine as Detector
from models.alerts import AlertState
from models.events import Decision
from models.moments import when_ms
from streams.store.engine import reading
from streams.store.shadow import ShadowStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case, outbox
from tests.unit.detector.conftest import MINUTE_MS
from tests.unit.detector.test_dismissals import army, first_hours, orders


def test_an_entry_stands_until_its_end_and_tells_the_detector(engine: Engine) -> None:
    entry = allow.add(engine, "target", "news.example", "own pages", 10, "lead-1", NOW_MS)
    assert [each.value for each in allow.entries(engine, NOW_MS)] == ["news.example"]
    assert allow.entries(engine, NOW_MS + 10 * DAY_MS) == []
    assert [each.entry for each in allow.entries(engine, NOW_MS + 10 * DAY_MS, past=True)] == [entry.entry]
    (verdict,) = outbox(engine)
    assert verdict.decision is Decision.ALLOW
    assert (verdict.targets, verdict.accounts_left_out) == (("news.example",), ())
    assert (verdict.expires_at_ms, verdict.reason, verdict.decided_by) == (NOW_MS + 10 * DAY_MS, "own pages", "lead-1")


def test_a_removal_is_an_undo_and_the_log_keeps_both(engine: Engine) -> None:
    entry = allow.add(engine, "account", "u-1", "staff", 10, "lead-1", NOW_MS)
    allow.remove(engine, entry.entry, "lead-2", NOW_MS)
    added, undone = outbox(engine)
    assert (undone.decision, undone.undoes, undone.campaign) == (Decision.UNDO, added.verdict_id, added.campaign)
    assert undone.decided_at_ms > added.decided_at_ms
    assert allow.entries(engine, NOW_MS) == []
    assert [(each.action, each.by) for each in allow.changes(engine)] == [("remove", "lead-2"), ("add", "lead-1")]
    with pytest.raises(NotAllowed, match="not on the list"):
        allow.remove(engine, entry.entry, "lead-2", NOW_MS)
    assert allow.add(engine, "account", "u-1", "staff again", 10, "lead-1", NOW_MS + 1).entry != entry.entry


@pytest.mark.parametrize(
    ("kind", "value", "reason", "days", "field"),
    [
        ("text", "x", "why", 1, "kind"),
        ("account", " ", "why", 1, "value"),
        ("account", "a\nb", "why", 1, "value"),
        ("account", "x" * 129, "why", 1, "value"),
        ("account", "x", " ", 1, "reason"),
        ("account", "x", "why", 0, "days"),
        ("account", "x", "why", 367, "days"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    engine: Engine, kind: str, value: str, reason: str, days: int, field: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        allow.add(engine, kind, value, reason, days, "lead-1", NOW_MS)
    assert refused.value.field == field
    assert outbox(engine) == []


def test_nothing_is_on_the_list_twice(engine: Engine) -> None:
    allow.add(engine, "account", "u-1", "staff", 1, "lead-1", NOW_MS)
    with pytest.raises(NotAllowed, match="already"):
        allow.add(engine, "account", "u-1", "staff", 1, "lead-1", NOW_MS + 1)
    allow.add(engine, "account", "u-1", "staff", 1, "lead-1", NOW_MS + DAY_MS)


def test_the_detector_holds_back_what_the_console_put_on_the_list(engine: Engine) -> None:
    rnd = Random(1)
    detector = Detector()
    week = first_hours(rnd)
    detector.push(week)
    now_ms = when_ms(week[-1]) + MINUTE_MS
    names = [allow.add(engine, "account", name, "staff", 1, "lead-1", now_ms).entry for name in army(0, 30)]
    calls = (AlertState.OPENED, AlertState.UPDATED)
    later = detector.push([*outbox(engine), *orders(rnd, army(0, 30), now_ms + MINUTE_MS)]) + detector.drain()
    assert not [alert for alert in later if alert.state in calls]
    assert "allowed" in {each.name for alert in later for each in alert.explanations if each.stands}
    then_ms = when_ms(orders(Random(2), army(0, 30), now_ms + 90 * MINUTE_MS)[-1])
    for name in names:
        allow.remove(engine, name, "lead-1", then_ms)
    undone = [verdict for verdict in outbox(engine) if verdict.decision is Decision.UNDO]
    again = detector.push([*undone, *orders(rnd, army(0, 30), then_ms + MINUTE_MS, "third")]) + detector.drain()
    assert [alert for alert in again if alert.state in calls]


def test_what_is_over_is_forgotten_after_retention_and_who_changed_it_stays(engine: Engine) -> None:
    allow.add(engine, "account", "u-gone", "staff", 1, "lead-1", NOW_MS)
    allow.add(engine, "account", "u-stays", "staff", 90, "lead-1", NOW_MS)
    ShadowStore(engine, "new").put([case("old"), case("young", last_action_ms=NOW_MS + 20 * DAY_MS)])
    mark_sent(engine, 2, NOW_MS)
    assert erase_learned(engine, NOW_MS + 10 * DAY_MS) == 2
    with reading(engine) as connection:
        bodies = connection.execute(select(verdict_outbox.c.body)).scalars().all()
    assert [b"u-gone" in body for body in bodies] == [False]
    assert erase_learned(engine, NOW_MS + 10 * DAY_MS) == 0
    assert [each.value for each in allow.entries(engine, NOW_MS + 10 * DAY_MS)] == ["u-stays"]
    assert [each.value for each in allow.entries(engine, NOW_MS + 10 * DAY_MS, past=True)] == [""]
    kept = allow.changes(engine)
    assert [(each.by, "u-gone" in each.text) for each in kept] == [("lead-1", False), ("lead-1", False)]
    assert [alert.campaign for alert in ShadowStore(engine, "new").newest()] == ["young"]
