"""`shoal dead-letters` on a real Kafka: what is parked is counted, saved, mended and sent again."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from typer.testing import CliRunner, Result

from evaluation.kafka_corner import Corner
from models.dead_letters import decode_dead_letter
from streams.cli.app import app
from streams.ingest.validate import validate

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]
NOW_MS = int(time.time() * 1000)


class Given:
    """A raw message as Kafka would hand it over."""

    timestamp = NOW_MS

    def __init__(self, topic: str, partition: int, offset: int, key: bytes | None, value: bytes) -> None:
        self.topic, self.partition, self.offset, self.key, self.value = topic, partition, offset, key, value


def like(target: str, acted_at: int, **others: Any) -> bytes:
    return json.dumps(
        {"account_id": "a", "target_id": target, "action": "like", "acted_at_ms": acted_at, **others}
    ).encode()


@pytest.fixture
def corner(kafka_bootstrap: str, tmp_path: Path) -> Iterator[Corner]:
    with Corner(kafka_bootstrap, tmp_path, likes_partitions=3) as made:
        yield made


def park(corner: Corner, given: list[Given], refused_at_ms: int) -> None:
    """As a worker whose clock showed that time would."""
    letters = [letter for one in given for letter in validate("like", [one], refused_at_ms).letters]
    assert len(letters) == len(given)
    producer = KafkaProducer(bootstrap_servers=corner.settings.bootstrap, acks="all")
    for letter in letters:
        producer.send(corner.names.dead_letters, value=letter.encode())
    producer.close()


def run(corner: Corner, *words: str) -> Result:
    return CliRunner().invoke(app, ["dead-letters", *words], env=corner.environment)


def test_a_day_of_an_operator(corner: Corner) -> None:
    likes = corner.settings.likes_topic
    assert "No dead letter." in run(corner, "list").stderr

    ahead = [Given(likes, 2, number, b"t-7", like("t-7", NOW_MS - 60_000 + number)) for number in range(450)]
    park(corner, ahead, NOW_MS - 3_600_000)  # refused an hour ago: they were 59 minutes ahead
    seconds = [Given(likes, 0, number, None, like("t-8", NOW_MS // 1000 - number)) for number in range(30)]
    park(corner, [*seconds, Given(likes, 1, 8, None, b"no json \x1b[31m")], NOW_MS)
    corner.produce_raw(corner.names.dead_letters, [b"not a letter"])

    listed = run(corner, "list")
    assert listed.exit_code == 0
    assert f"450  {likes} acted_at_ms: future" in listed.stdout
    assert "450 valid by now" in listed.stdout
    assert f"30  {likes} acted_at_ms: time_in_seconds" in listed.stdout
    assert "multiply by 1,000" in listed.stdout
    assert "\x1b" not in listed.stdout
    assert "no dead letter: 1" in listed.stderr
    found = json.loads(run(corner, "list", "--json", "--reason", "malformed").stdout)
    assert [(each["fault"]["field"], each["letters"], each["newest"]) for each in found["faults"]] == [
        ("message", 1, f"{likes}[1]@8")
    ]
    # chosen by when the letter was written, and by when it says it was refused
    recent = json.loads(run(corner, "list", "--json", "--hours", "0.5").stdout)["faults"]
    assert sorted(each["letters"] for each in recent) == [1, 30]

    sent = run(corner, "resend")
    assert sent.exit_code == 0, sent.stderr
    assert f"sent 450 to {likes}" in sent.stderr
    assert "not sent: 31 that would be refused again" in sent.stderr
    back = [message for message in corner.messages(likes) if message.partition == 2]
    assert [(message.key, message.value) for message in back] == [(one.key, one.value) for one in ahead]

    saved = corner.folder / "letters.jsonl"
    assert run(corner, "save", "-o", str(saved)).exit_code == 0
    letters = [decode_dead_letter(line) for line in saved.read_bytes().splitlines()]
    assert len(letters) == 481
    assert letters[-1].raw == b"no json \x1b[31m"

    lines = corner.folder / "messages.jsonl"
    told = run(corner, "save", "--messages", "--reason", "time_in_seconds", "--reason", "malformed", "-o", str(lines))
    assert "written: 30" in told.stderr
    assert "left out: 1 that are no events" in told.stderr
    mended = [json.loads(line) for line in lines.read_text().splitlines()]
    assert {each["type"] for each in mended} == {"like"}
    lines.write_text("".join(json.dumps({**each, "acted_at_ms": each["acted_at_ms"] * 1000}) + "\n" for each in mended))
    produced = CliRunner().invoke(app, ["produce", str(lines)], env=corner.environment)
    assert f"sent 30 to {likes}" in produced.stderr

    nothing = run(corner, "resend", "--reason", "malformed")
    assert nothing.exit_code != 0
    assert "would be refused again" in nothing.stderr


def test_topics_and_reasons_that_nobody_knows_are_refused(corner: Corner) -> None:
    assert "not one of" in run(corner, "list", "--topic", "likez").stderr
    assert "not one of" in run(corner, "resend", "--reason", "bad").stderr


def test_what_was_refused_long_ago_is_sent_only_if_it_is_asked_for(corner: Corner) -> None:
    likes, hour_ms = corner.settings.likes_topic, 3_600_000
    park(corner, [Given(likes, 1, 9, b"t-9", like("t-9", NOW_MS - 47 * hour_ms))], NOW_MS - 48 * hour_ms)
    assert "No such dead letter" in run(corner, "resend").stderr
    assert corner.messages(likes) == []
    assert f"sent 1 to {likes}" in run(corner, "resend", "--hours", "72").stderr
    assert [message.key for message in corner.messages(likes)] == [b"t-9"]
