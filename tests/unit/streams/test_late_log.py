"""Late events are told, once a minute, and a few of them never."""

from structlog.testing import capture_logs

from streams.late_log import AGAIN_S, LATE_MIN, LateLog


def test_many_late_events_are_told_with_their_number_once_a_minute() -> None:
    told = LateLog()
    with capture_logs() as lines:
        told.tell("likes-0", 5_000, 0.0)  # from before this worker
        told.tell("likes-0", 5_000 + LATE_MIN - 1, 2.0)
        assert lines == []
        told.tell("likes-0", 5_000 + LATE_MIN, 4.0)
        told.tell("likes-0", 5_000 + 9 * LATE_MIN, 6.0)
        told.tell("likes-0", 5_000 + 9 * LATE_MIN, 4.0 + AGAIN_S)
        told.tell("likes-0", 5_000 + 9 * LATE_MIN, 9.0 + 2 * AGAIN_S)
    assert [(line["event"], line["late_total"]) for line in lines] == [
        ("events come late", LATE_MIN), ("events come late", 8 * LATE_MIN),
    ]  # fmt: skip


def test_a_shard_that_begins_anew_or_moves_on_is_counted_anew() -> None:
    told = LateLog()
    with capture_logs() as lines:
        told.tell("likes-0", 5_000, 0.0)
        told.tell("likes-0", 0, 1.0)
        told.forget("likes-0")
        told.tell("likes-0", 9_000, 2.0)
    assert lines == []
