"""Decisions and a shadow on a real Kafka: dismissals hold as in one process, and a shadow tells nobody."""

from pathlib import Path

import pytest

from console.learn import allow
from console.shadow.compare import Shadows
from detector.settings import load
from evaluation.army_scenario import scenario
from evaluation.kafka_corner import Corner, wait_for
from evaluation.restart_parity import expected_alerts
from models.alerts import Alert, AlertState
from models.codec import encode_alert
from models.events import AnyEvent, Decision, Verdict
from models.moments import when_ms
from streams import topics
from streams.embedded import EmbeddedRun, in_batches
from streams.settings import load_settings
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.shadow import ShadowStore
from tests.unit.console.decisions.cases import outbox

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
CALLS = (AlertState.OPENED, AlertState.UPDATED)


def dismissed(events: list[AnyEvent]) -> list[AnyEvent]:
    """The events, and a dismissal of the first case a second after it opened."""
    opened = next(alert for alert in expected_alerts(events) if alert.state is AlertState.OPENED)
    verdict = Verdict(
        "v-1", opened.campaign, opened.revision, Decision.DISMISS, "somebody", opened.at_ms + 1_000, "fans"
    )
    return sorted([*events, verdict], key=when_ms)


def allowed(events: list[AnyEvent], folder: Path) -> list[AnyEvent]:
    """The events, and everybody who would be called on the allow list, as the console queues it."""
    engine = make_engine(f"sqlite:///{folder}/console.db")
    migrate_engine(engine)
    called = [alert for alert in expected_alerts(events) if alert.state in CALLS]
    for account in sorted({account for alert in called for account in alert.accounts}):
        allow.add(engine, "account", account, "staff", 1, "lead-1", when_ms(events[0]))
    verdicts = outbox(engine)
    engine.dispose()
    assert verdicts
    return sorted([*events, *verdicts], key=when_ms)


def bytes_on_kafka(bootstrap: str, folder: Path, events: list[AnyEvent]) -> list[bytes]:
    with Corner(bootstrap, folder) as corner:
        corner.produce(events)
        corner.start_worker()
        corner.wait_drained()
        return [encode_alert(alert) for alert in corner.alerts()]


@pytest.mark.parametrize("decided", ["dismissed", "allowed"])
def test_what_people_decide_gives_the_same_bytes_both_ways(kafka_bootstrap: str, tmp_path: Path, decided: str) -> None:
    events = scenario(seed=3)
    with_decisions = dismissed(events) if decided == "dismissed" else allowed(events, tmp_path)
    wanted = expected_alerts(with_decisions)
    assert decided in {each.name for alert in wanted for each in alert.explanations if each.stands}
    assert count_called(wanted) < count_called(expected_alerts(events))
    assert bytes_on_kafka(kafka_bootstrap, tmp_path, with_decisions) == [encode_alert(alert) for alert in wanted]


def count_called(alerts: list[Alert]) -> int:
    return sum(alert.state in CALLS for alert in alerts)


def test_a_shadow_worker_reads_the_same_topics_and_raises_nothing(kafka_bootstrap: str, tmp_path: Path) -> None:
    events = dismissed(scenario(seed=3))
    strict = {"evidence": {"points_min": 6.0}}
    (tmp_path / "strict.toml").write_text("[evidence]\npoints_min = 6.0\n", encoding="utf-8")
    shadow = {"shadow": "strict", "detector_file": str(tmp_path / "strict.toml")}
    with Corner(kafka_bootstrap, tmp_path) as corner:
        own = load_settings({**{k.removeprefix("SHOAL_").lower(): v for k, v in corner.environment.items()}, **shadow})
        assert topics.names(own).verdicts == corner.names.verdicts
        assert topics.names(own).alerts != corner.names.alerts
        topics.create(own)
        corner.produce(events)
        corner.start_worker()
        corner.start_worker(**shadow)
        corner.wait_drained()
        assert corner.alerts() == expected_alerts(events)

        kept = EmbeddedRun(load(strict))
        kept.run(in_batches(events, 500), finish=False)
        engine = make_engine(own.store_url)
        store = ShadowStore(engine, "strict")
        wait_for(lambda: {a.campaign: a for a in store.newest(limit=1_000)} == kept.newest, 120, "the shadow's cases")
        assert corner.alerts() == expected_alerts(events)
        found = Shadows().compare(engine, "strict")
        assert found is not None
        assert found.only_live or any(pair.differs for pair in found.both)
        engine.dispose()
    assert (tmp_path / "state" / "shadow-strict").is_dir()
