"""`shoal produce` says which lines it did not send, and why, and what to do where a topic is missing."""

from pathlib import Path
from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError

from models.codec import encode_line
from models.events import Like, LikeAction
from streams import produce as sending
from streams.cli import main

GOOD = encode_line(Like("u-1", "p-1", LikeAction.LIKE, 1_767_268_801_004))
SHOUTED = GOOD.replace(b'"like","acted', b'"LI\\u001b[2JKE","acted')
BROKEN = b'not json\n{"type":"like","account_id":"a"}\n' + SHOUTED + b"\n"


class Broker:
    """Takes everything, or knows no topic."""

    def __init__(self, knows: bool = True) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self._knows = knows

    def send(self, topic: str, value: bytes, key: bytes) -> "Broker":
        if not self._knows:
            raise KafkaTimeoutError("Failed to update metadata after 10.0 secs.")
        self.taken.append((topic, value))
        return self

    def add_errback(self, _tell: Any) -> None:
        pass

    def flush(self, timeout: float) -> None:
        pass

    def close(self, timeout: float) -> None:
        if not self._knows:  # kafka-python cannot close what it cannot flush
            raise KafkaTimeoutError("Timeout waiting for future")


def produce(monkeypatch: pytest.MonkeyPatch, path: Path, broker: Broker) -> int:
    monkeypatch.setattr(sending, "KafkaProducer", lambda **_options: broker)
    monkeypatch.setattr("sys.argv", ["shoal", "produce", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0))


def test_lines_that_are_no_events_are_named_with_their_reasons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(GOOD + b"\n" + BROKEN)
    broker = Broker()
    assert produce(monkeypatch, path, broker) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert len(broker.taken) == 1
    assert "3 lines are no events and were not sent: missing 1, unknown_type 1, unknown_value 1" in said
    assert "line 3: target_id: missing (no target_id; the message has account_id, type)" in said
    assert "\x1b[2J" not in said


def test_a_file_without_any_event_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("account,post\nu-1,p-1\n")
    assert produce(monkeypatch, path, Broker()) == 2
    assert "`shoal convert` reads files of others" in " ".join(capsys.readouterr().err.split())


def test_a_topic_that_is_not_there_is_told_with_what_makes_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "likes.jsonl"
    path.write_bytes(GOOD + b"\n")
    assert produce(monkeypatch, path, Broker(knows=False)) == 2
    assert "know no topic likes, or nobody leads it: `shoal topics create`" in " ".join(capsys.readouterr().err.split())
