"""From raw topics to alerts on a real Kafka: the same as the embedded engine tells."""

import json
import threading
import time
from pathlib import Path

import pytest

from evaluation.army_scenario import scenario
from evaluation.kafka_corner import Corner, wait_for
from evaluation.restart_parity import compare, expected, expected_alerts, stored
from evaluation.trends.stream import with_trends
from models.alerts import Alert
from models.codec import decode_alert, encode_alert
from models.events import AnyEvent, Decision, Verdict
from models.moments import when_ms
from streams.store.open import open_store

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


def newest(alerts: list[Alert]) -> dict[str, Alert]:
    return {alert.campaign: alert for alert in alerts}


def decided(events: list[AnyEvent]) -> list[AnyEvent]:
    """The events with a person's decision on the first case, a second after it opened."""
    opened = next(alert for alert in expected_alerts(events) if alert.state == "opened")
    verdict = Verdict("v-1", opened.campaign, opened.revision, Decision.CONFIRM, "somebody", opened.at_ms + 1_000)
    return sorted([*events, verdict], key=when_ms)


def test_one_partition_gives_the_same_bytes_as_the_embedded_engine(kafka_bootstrap: str, tmp_path: Path) -> None:
    events = decided(scenario(seed=3))
    with Corner(kafka_bootstrap, tmp_path) as corner:
        corner.produce(events)
        worker = corner.start_worker()
        corner.wait_drained()

        told = corner.alerts()
        wanted = expected_alerts(events)
        assert [encode_alert(a) for a in told] == [encode_alert(a) for a in wanted]
        assert any(a.state == "opened" for a in told)
        assert len(list(corner.messages(corner.names.verdicts))) == 1

        campaigns = {m.key.decode(): decode_alert(m.value) for m in corner.messages(corner.names.campaigns)}
        assert campaigns == newest(wanted)
        store = open_store(corner.settings.store_url)
        assert {a.campaign: a for a in store.newest(limit=1_000)} == newest(wanted)
        store.close()

        wait_for(lambda: corner.ask("/-/ready")[0] == 200, 10, "ready")
        assert corner.ask("/-/healthy")[0] == 200
        metrics = corner.ask("/metrics")[1]
        assert f'shoal_events_consumed_total{{topic="{corner.settings.likes_topic}"}}' in metrics
        assert "shoal_ready 1.0" in metrics

        worker.terminate()
        assert worker.wait(20) == 0


def test_verdicts_on_topics_and_corrected_lists_are_those_of_the_embedded_engine(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    events = with_trends(scenario(seed=5), 5)
    wanted = expected(events)
    with Corner(kafka_bootstrap, tmp_path) as corner:
        corner.produce(events)
        corner.produce_raw(
            corner.settings.trends_topic, [b'{"list": "hot", "topic": "x", "rank": 0, "observed_at_ms": 1}']
        )
        corner.start_worker()
        corner.wait_drained()

        assert compare(wanted.verdicts, corner.trend_verdicts()).equal
        assert compare(wanted.lists, corner.corrected_lists()).equal
        assert compare(wanted.alerts, corner.alerts()).equal
        assert stored(corner, wanted)
        assert {"manufactured", "organic"} <= {verdict.outcome.value for verdict in wanted.verdicts}
        (letter,) = [json.loads(message.value) for message in corner.messages(corner.names.dead_letters)]
        assert (letter["topic"], letter["field"], letter["reason"]) == (corner.settings.trends_topic, "rank", "range")

        status, body = corner.ask("/trends?outcome=manufactured&list=hot")
        assert status == 200
        told = json.loads(body)["topics"]
        assert told
        assert all(topic["series"] for topic in told)
        status, body = corner.ask("/trends/hot/corrected")
        assert status == 200
        assert [line["rank"] for line in json.loads(body)["lines"]] == sorted(
            line["rank"] for line in json.loads(body)["lines"]
        )


@pytest.mark.parametrize("killed", [False, True])
def test_two_workers_on_four_partitions_find_the_same_campaigns(
    kafka_bootstrap: str, tmp_path: Path, killed: bool
) -> None:
    events = scenario(seed=4)
    shape = {"shards": 4, "posts_partitions": 4, "likes_partitions": 4, "accounts_partitions": 1}
    with Corner(kafka_bootstrap, tmp_path, idle_after_ms=2_500, **shape) as corner:
        for _ in range(2):
            corner.start_worker()
        wait_for(lambda: all(get_shards(corner, number) for number in range(2)), 40, "both workers own shards")
        sending = threading.Thread(target=corner.produce, args=(events,), kwargs={"speed": 250.0})
        sending.start()
        if killed:  # the one that coordinates, and nobody starts it again
            time.sleep(4)
            victim = next(n for n in range(2) if "coordinator" in get_shards(corner, n))
            corner.workers[victim].kill()
        sending.join()
        corner.wait_drained(90)
        if killed:
            assert len(get_shards(corner, 1 - victim)) == 6

        told, wanted = newest(corner.alerts()), newest(expected_alerts(events))
        assert told.keys() == wanted.keys()
        for campaign, alert in wanted.items():
            other = told[campaign]
            assert (other.accounts, other.outcome) == (alert.accounts, alert.outcome)
            assert {t.target for t in other.targets} == {t.target for t in alert.targets}
        revisions = [(a.campaign, a.revision) for a in corner.alerts()]
        assert len(revisions) == len(set(revisions)), "an alert was told twice"


def get_shards(corner: Corner, number: int) -> list[str]:
    """Shards that a worker was told of last."""
    lines = [line for line in corner.log_of(number).splitlines() if '"shards assigned"' in line]
    found: list[str] = json.loads(lines[-1])["shards"] if lines else []
    return found
