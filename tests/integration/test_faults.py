"""What must not lose or double an alert: kills, poison, a broker that goes away, a wrong topic."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from evaluation.army_scenario import scenario
from evaluation.kafka_corner import Corner, wait_for
from evaluation.restart_parity import expected_alerts, measure
from models.codec import encode_alert, encode_event
from models.dead_letters import decode_dead_letter
from models.events import Post
from streams.embedded import in_batches
from streams.exits import Exit
from streams.files import Batch
from streams.produce import DeliveryFailed, produce
from streams.worker import STOP_LIMIT_S
from tests.kafka.broker import KafkaBroker

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


def test_a_worker_killed_at_random_moments_tells_the_same(kafka_bootstrap: str, tmp_path: Path) -> None:
    parity = measure(kafka_bootstrap, kills=3, seed=7, folder=tmp_path)
    assert parity.passed, parity
    assert min(parity.alerts.expected, parity.verdicts.expected, parity.lists.expected) > 10


def test_poison_becomes_dead_letters_with_reason_and_place(kafka_bootstrap: str, tmp_path: Path) -> None:
    events = scenario(seed=5, organic=800)
    poison = [b"{", b'"text"', b'{"account_id": 7}', b"\xff\xfe", b""]
    with Corner(kafka_bootstrap, tmp_path) as corner:
        corner.produce(events)
        corner.produce_raw(corner.settings.likes_topic, poison)
        corner.produce_raw(corner.names.likes, [b"no envelope"])
        corner.start_worker()
        corner.wait_drained()

        letters = [decode_dead_letter(m.value) for m in corner.messages(corner.names.dead_letters)]
        of_likes = sorted((x for x in letters if x.topic == corner.settings.likes_topic), key=lambda x: x.offset)
        assert [x.raw for x in of_likes] == poison
        assert all(x.reason for x in letters)
        assert [x.raw for x in letters if x.topic == corner.names.likes] == [b"no envelope"]
        assert [encode_alert(a) for a in corner.alerts()] == [encode_alert(a) for a in expected_alerts(events)]


def test_too_many_invalid_events_stop_the_worker(kafka_bootstrap: str, tmp_path: Path) -> None:
    with Corner(kafka_bootstrap, tmp_path, dead_letters_min=100) as corner:
        good = [encode_event(event) for event in scenario(seed=1, organic=200) if hasattr(event, "action")]
        corner.produce_raw(corner.settings.likes_topic, [*good[:100], *[b"broken"] * 400])
        worker = corner.start_worker()
        assert worker.wait(40) == Exit.DEAD_LETTERS
        assert "too many invalid events" in corner.log_of(0)
        parked = corner.messages(corner.names.dead_letters)
        assert len(parked) < 400, "a broken producer must not empty its topic into the dead letters"


def test_a_broker_that_goes_away_is_waited_for(kafka_broker: KafkaBroker, tmp_path: Path) -> None:
    events = scenario(seed=6)
    with Corner(kafka_broker.bootstrap, tmp_path, idle_after_ms=3_000) as corner:
        sending = threading.Thread(target=corner.produce, args=(events,), kwargs={"speed": 100.0})
        corner.start_worker()
        wait_for(lambda: "shard is warm" in corner.log_of(0), 30, "warm shards")
        # a worker that loses the broker while it starts ends itself and is started again; this one has begun to read
        wait_for(lambda: "sources assigned" in corner.log_of(0), 60, "sources")
        sending.start()
        time.sleep(5)
        kafka_broker.stop()
        time.sleep(6)
        status, reasons = corner.ask("/-/ready")
        assert (status, corner.ask("/-/healthy")[0]) == (503, 200), (corner.workers[0].poll(), corner.log_of(0)[-4000:])
        assert "broker away" in reasons
        time.sleep(2)
        kafka_broker.start()
        sending.join()
        corner.wait_drained(90, babysit=True)
        assert [encode_alert(a) for a in corner.alerts()] == [encode_alert(a) for a in expected_alerts(events)]
        # it waits, or ends without acknowledging when the group re-forms in the middle of a delivery
        assert set(corner.ended) <= {Exit.CANCELLED}, corner.log_of(0)[-4000:]
        kafka_broker.stop()
        worker = corner.workers[0]
        worker.terminate()
        assert worker.wait(STOP_LIMIT_S + 5) in {Exit.OK, Exit.CANCELLED}, "must end without a broker, too"


def test_a_broker_that_stays_away_from_who_produces_is_said_in_words(
    kafka_broker: KafkaBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.produce.DELIVERY_MS", 1_000)
    monkeypatch.setattr("streams.produce.CLOSE_S", 0.5)
    with Corner(kafka_broker.bootstrap, tmp_path, request_timeout_ms=2_000) as corner:

        def batches() -> Iterator[Batch]:
            for batch in in_batches(
                [Post(f"p{n}", f"a{n}", "some words", 1_767_268_801_000 + n) for n in range(200)], 100
            ):
                yield batch
                kafka_broker.pause()

        began_s = time.monotonic()
        with pytest.raises(DeliveryFailed, match=r"\d+ events were refused, the first with .*Timeout"):
            produce(corner.settings, batches())
        assert time.monotonic() - began_s < 30  # less than a flush is waited for: each was given up before


def test_topics_of_another_shape_are_refused(kafka_bootstrap: str, tmp_path: Path) -> None:
    with Corner(kafka_bootstrap, tmp_path) as corner:
        admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
        admin.delete_topics([corner.names.alerts])
        admin.close()
        worker = corner.start_worker(shards="3")
        assert worker.wait(30) == Exit.CONFIGURATION
        assert "shoal topics create" in corner.log_of(0)
        assert "the settings say 3" in corner.log_of(0)
