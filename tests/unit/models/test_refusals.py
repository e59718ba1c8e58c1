"""A refusal says what to send instead, so that whoever reads the dead letter can mend the producer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codec import Kind, decode_event, event_of
from models.errors import InvalidEvent
from models.refusals import DETAIL_CHARACTERS_MAX, KEYS_MAX

NOW_MS = 1_767_268_900_000
LIKE: dict[str, Any] = {"account_id": "u-1", "target_id": "p-1", "action": "like", "acted_at_ms": 1_767_268_801_004}
POST: dict[str, Any] = {"post_id": "p-1", "account_id": "u-1", "text": "Hi", "created_at_ms": 1_767_268_800_123}


def refused(raw: bytes, kind: Kind = "like") -> InvalidEvent:
    with pytest.raises(InvalidEvent) as caught:
        decode_event(kind, raw, NOW_MS)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "reason", "advice"),
    [
        (json.dumps(LIKE).encode("utf-8-sig"), "malformed", "byte order mark"),
        (json.dumps(LIKE).encode("utf-16"), "malformed", "UTF-16"),
        (json.dumps(LIKE).encode("utf-16-le"), "malformed", "UTF-16"),
        (b"\x00\x00\x00\x00\x07\x08u-47\x0ap-209", "malformed", "Avro or Protobuf of a schema registry"),
        (b"\x1f\x8b\x08\x00\x00", "malformed", "let the producer compress"),
        (b"\x28\xb5\x2f\xfd\x00", "malformed", "let the producer compress"),
        (b"u-1,p-1,like,1767268801004", "malformed", "one JSON object a message"),
        (json.dumps(LIKE).encode() * 2, "malformed", "one JSON object a message"),
        (json.dumps([LIKE]).encode(), "type", "one JSON object a message"),
        (json.dumps(json.dumps(LIKE)).encode(), "type", "encoded twice"),
        ('{"account_id": "Größe"}'.encode("latin-1"), "encoding", "send UTF-8"),
    ],
)
def test_what_is_no_json_object_is_called_what_it_looks_like(raw: bytes, reason: str, advice: str) -> None:
    error = refused(raw)
    assert (error.reason, error.field) == (reason, "")
    assert advice in error.detail


@pytest.mark.parametrize(
    ("change", "field", "advice"),
    [
        ({"action": "LIKE"}, "action", "like, unlike, repost, follow, rate, vote, report, view"),
        ({"acted_at_ms": "2026-01-01T12:00:00Z"}, "acted_at_ms", "milliseconds since 1970"),
        ({"acted_at_ms": 1_767_268_801.25}, "acted_at_ms", "milliseconds since 1970"),
        ({"acted_at_ms": None}, "acted_at_ms", "it needs a value"),
        ({"account_id": 4711}, "account_id", "put it in quotes"),
    ],
)
def test_a_wrong_field_says_what_is_right(change: dict[str, Any], field: str, advice: str) -> None:
    error = refused(json.dumps({**LIKE, **change}).encode())
    assert error.field == field
    assert advice in error.detail


def test_null_where_there_may_be_nothing_is_to_be_left_out() -> None:
    assert refused(json.dumps({**POST, "hashtags": None}).encode(), "post").detail.endswith("leave the field out")


def test_a_missing_field_comes_with_those_that_are_there() -> None:
    camel = refused(json.dumps({"accountId": "u-1", "actedAt": 1}).encode())
    assert (camel.field, camel.reason) == ("account_id", "missing")
    assert camel.detail == "no account_id; the message has accountId, actedAt"
    wrapped = refused(json.dumps({"schema": {}, "payload": LIKE}).encode())
    assert "payload, schema" in wrapped.detail


def test_the_wrong_topic_is_named() -> None:
    assert "the fields of type post, sent to the wrong topic" in refused(json.dumps(POST).encode(), "like").detail
    assert "the fields of type like, sent to the wrong topic" in refused(json.dumps(LIKE).encode(), "post").detail


def test_rows_of_a_table_are_told_alike() -> None:
    with pytest.raises(InvalidEvent, match="the message has account, type"):
        event_of({"type": "like", "account": "u-1"}, NOW_MS)


@given(st.dictionaries(st.text(max_size=200), st.integers(), max_size=40))
def test_a_detail_stays_short_and_in_one_line(keys: dict[str, int]) -> None:
    error = refused(json.dumps(keys).encode())
    assert len(error.detail) <= DETAIL_CHARACTERS_MAX
    assert "\n" not in error.detail
    assert error.detail.count(", ") <= KEYS_MAX + sum(key.count(", ") for key in keys)
