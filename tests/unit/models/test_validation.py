"""Each rule on each field that it is for, and both sides of each limit."""

from typing import Any

import msgspec
import pytest

from models.codec import KIND_OF, decode_event
from models.errors import InvalidEvent
from models.events import AnyEvent
from models.examples import ACCOUNT, DELETED, LIKE, POST, TREND
from models.validation import AHEAD_MS, OLDEST_MS, check_event

NOW_MS = 1_767_300_000_000

IDS = [
    (POST, "post_id"), (POST, "account_id"), (POST, "reply_to"), (POST, "repost_of"), (LIKE, "account_id"),
    (LIKE, "target_id"), (LIKE, "target_author_id"), (ACCOUNT, "account_id"),
]  # fmt: skip
TIMES = [
    (POST, "created_at_ms"), (DELETED, "deleted_at_ms"), (LIKE, "acted_at_ms"), (ACCOUNT, "registered_at_ms"),
    (ACCOUNT, "observed_at_ms"), (TREND, "observed_at_ms"),
]  # fmt: skip
TEXTS = [
    (POST, "text"), (POST, "client"), (POST, "device_id"), (POST, "network_id"), (LIKE, "client"),
    (LIKE, "device_id"), (LIKE, "network_id"), (ACCOUNT, "name"), (ACCOUNT, "client"), (ACCOUNT, "device_id"),
    (ACCOUNT, "network_id"), (TREND, "list"), (TREND, "topic"),
]  # fmt: skip


def name(value: Any) -> str:
    return value if isinstance(value, str) else type(value).__name__


def reason(event: AnyEvent, field: str, value: Any) -> str | None:
    """Why `event` with `value` is refused, and where if that is elsewhere."""
    changed = msgspec.structs.replace(event, **{field: value})
    try:
        decode_event(KIND_OF[type(event)], msgspec.json.encode(changed), NOW_MS)
    except InvalidEvent as error:
        return error.reason if error.field.partition("[")[0] == field else str(error)
    return None


@pytest.mark.parametrize(("event", "field"), IDS, ids=name)
def test_ids(event: AnyEvent, field: str) -> None:
    for good in ("a", "x" * 128, "a b", "東京-7", "é", "😀", "a/b:c", "\\"):
        assert reason(event, field, good) is None
    for bad in (" a", "a ", " ", "a\x00", "a\n", "\x1f", "a\x7fb", "a\u200bb", "\ufeffa", "\u202ea", "a\u2028b"):
        assert reason(event, field, bad) == "characters"
    assert reason(event, field, "") == "too_short"
    assert reason(event, field, "x" * 129) == "too_long"


@pytest.mark.parametrize(("event", "field"), TIMES, ids=name)
def test_times(event: AnyEvent, field: str) -> None:
    latest = NOW_MS + AHEAD_MS
    assert reason(event, field, latest) is None
    wanted = {
        latest + 1: "future",
        OLDEST_MS - 1: "ancient",
        0: "ancient",
        -NOW_MS: "ancient",
        NOW_MS // 1_000: "time_in_seconds",
        NOW_MS * 1_000: "time_in_microseconds",
        NOW_MS * 1_000_000: "time_in_nanoseconds",
        OLDEST_MS // 1_000: "time_in_seconds",
        OLDEST_MS * 1_000_000: "time_in_nanoseconds",
        latest * 1_000_000: "time_in_nanoseconds",
        2**62: "future",
    }
    assert {value: reason(event, field, value) for value in wanted} == wanted


def test_the_oldest_moment_is_still_valid() -> None:
    assert reason(LIKE, "acted_at_ms", OLDEST_MS) is None


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (NOW_MS // 1_000, "multiply by 1,000"),
        (NOW_MS * 1_000, "divide by 1,000"),
        (NOW_MS * 1_000_000, "divide by 1,000,000"),
        (NOW_MS + AHEAD_MS + 60_000, "360 s ahead of the clock"),
    ],
)
def test_the_detail_of_a_wrong_unit_says_what_to_do(value: int, advice: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        check_event(msgspec.structs.replace(LIKE, acted_at_ms=value), NOW_MS)
    assert caught.value.detail.startswith(str(value))
    assert caught.value.detail.endswith(advice)


@pytest.mark.parametrize(("event", "field"), TEXTS, ids=name)
def test_texts_hold_no_null_but_other_controls(event: AnyEvent, field: str) -> None:
    assert reason(event, field, "a\x00b") == "null_character"
    assert reason(event, field, "a\tb\x01\u200b") is None


@pytest.mark.parametrize("field", ["urls", "hashtags", "media_hashes"])
def test_items_of_lists(field: str) -> None:
    assert reason(POST, field, ("a", "b")) is None
    assert reason(POST, field, ("a", "b\x00")) == "characters"
    assert reason(POST, field, ("\t ",)) == "characters"
    assert reason(POST, field, ("",)) == "too_short"


def test_a_post_is_deleted_no_sooner_than_it_was_created() -> None:
    assert reason(POST, "deleted_at_ms", POST.created_at_ms) is None
    assert reason(POST, "deleted_at_ms", POST.created_at_ms - 1) == "order"


@pytest.mark.parametrize(
    ("event", "field", "good", "bad", "wanted"),
    [
        (POST, "text", "x" * 20_000, "x" * 20_001, "too_long"),
        (POST, "text", "😀" * 20_000, "😀" * 20_001, "too_long"),
        (POST, "urls", ("u" * 2_048,) * 32, ("u",) * 33, "too_long"),
        (POST, "hashtags", ("h" * 256,) * 64, ("h" * 257,), "too_long"),
        (POST, "media_hashes", ("m",) * 32, ("m",) * 33, "too_long"),
        (LIKE, "value", 1e9, 1.000001e9, "range"),
        (LIKE, "value", -1e9, -1.000001e9, "range"),
        (LIKE, "client", "c" * 256, "c" * 257, "too_long"),
        (ACCOUNT, "followers", 0, -1, "range"),
        (ACCOUNT, "followers", 10**10, 10**10 + 1, "range"),
        (ACCOUNT, "name", "n" * 256, "n" * 257, "too_long"),
        (TREND, "rank", 1, 0, "range"),
        (TREND, "rank", 100_000, 100_001, "range"),
        (TREND, "volume", 0.0, -0.001, "range"),
        (TREND, "volume", 1e15, 1.1e15, "range"),
    ],
)
def test_both_sides_of_each_limit(event: AnyEvent, field: str, good: Any, bad: Any, wanted: str) -> None:
    assert reason(event, field, good) is None
    assert reason(event, field, bad) == wanted


def test_whether_a_place_is_sold_is_said_or_left_open() -> None:
    for good in (None, True, False):
        assert reason(TREND, "paid", good) is None
    for bad in (1, "true"):
        assert reason(TREND, "paid", bad) == "type"


def test_the_list_that_shoal_builds_itself_is_nobody_elses() -> None:
    with pytest.raises(InvalidEvent) as refused:
        check_event(msgspec.structs.replace(TREND, list="activity"), NOW_MS)
    assert (refused.value.field, refused.value.reason) == ("list", "unknown_value")
    check_event(msgspec.structs.replace(TREND, list="hot"), NOW_MS)
