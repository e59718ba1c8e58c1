"""The log tells of refused messages without flooding it, and without what people wrote."""

from structlog.testing import capture_logs

from models.dead_letters import DeadLetter
from models.errors import InvalidEvent
from streams.dead_letters.faults import FAULTS_MAX
from streams.ingest.refused import AGAIN_S, RefusalLog


def letter(offset: int, field: str = "action", topic: str = "likes") -> DeadLetter:
    return DeadLetter.of(InvalidEvent(field, "unknown_value", "'what somebody wrote'"), topic, 2, offset, b"{}", 0)


def test_the_first_is_told_at_once_and_the_rest_by_number_a_minute_later() -> None:
    told = RefusalLog("shoal.dead-letters")
    with capture_logs() as lines:
        told.tell([letter(7)], 0.0)
        told.tell([letter(number) for number in range(8, 108)], 1.0)
        told.tell([letter(200)], AGAIN_S)
    assert [(line["messages_total"], line["newest"]) for line in lines] == [(1, "likes[2]@7"), (101, "likes[2]@200")]
    assert {line["letters"] for line in lines} == {"shoal.dead-letters"}
    assert "somebody" not in str(lines)


def test_topics_and_fields_are_told_apart() -> None:
    with capture_logs() as lines:
        RefusalLog("d").tell([letter(1), letter(2, "kind"), letter(3, topic="posts")], 0.0)
    assert [(line["topic"], line["field"]) for line in lines] == [
        ("likes", "action"), ("likes", "kind"), ("posts", "action"),
    ]  # fmt: skip


def test_made_up_fields_cannot_flood_the_log() -> None:
    with capture_logs() as lines:
        RefusalLog("d").tell([letter(number, f"field-{number}") for number in range(3 * FAULTS_MAX)], 0.0)
    assert len(lines) == FAULTS_MAX + 1
