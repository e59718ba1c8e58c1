import json
from typing import Any

import msgspec
import pytest

from models.codec import (
    MESSAGE_BYTES_MAX,
    REASONS,
    Kind,
    decode_envelope,
    decode_event,
    decode_events,
    decode_line,
    encode_envelope,
    encode_event,
    encode_line,
)
from models.dead_letters import DeadLetter, decode_dead_letter
from models.envelopes import ENVELOPE_VERSION, ActionEnvelope, Mark, TextEnvelope
from models.errors import InvalidEvent
from models.events import Post
from models.examples import ACCOUNT, EXAMPLES, LIKE, POST

NOW_MS = 1_767_300_000_000
LIKE_JSON: dict[str, Any] = json.loads(encode_event(LIKE))
POST_JSON: dict[str, Any] = json.loads(encode_event(POST))


def like(**changes: Any) -> bytes:
    return json.dumps(LIKE_JSON | changes).encode()


def post(**changes: Any) -> bytes:
    return json.dumps(POST_JSON | changes).encode()


def refusal(kind: Kind, raw: bytes | None) -> tuple[str, str]:
    with pytest.raises(InvalidEvent) as caught:
        decode_event(kind, raw, NOW_MS)
    assert caught.value.reason in REASONS
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (None, ("", "empty")),
        (b"", ("", "empty")),
        (b"{", ("", "malformed")),
        (b"[]", ("", "type")),
        (b"null", ("", "type")),
        (b"\xef\xbb\xbf" + like(), ("", "malformed")),
        (like() + b"{}", ("", "malformed")),
        (b"[" * 50_000, ("", "type")),
        (b'{"a":' * 50_000, ("", "malformed")),
        (like(action="hug"), ("action", "unknown_value")),
        (like(acted_at_ms="1767268801004"), ("acted_at_ms", "type")),
        (like(acted_at_ms=True), ("acted_at_ms", "type")),
        (like(acted_at_ms=1767268801004.5), ("acted_at_ms", "type")),
        (like(acted_at_ms=1_767_268_801), ("acted_at_ms", "time_in_seconds")),
        (like(acted_at_ms=1_767_268_801_004_000), ("acted_at_ms", "time_in_microseconds")),
        (like(acted_at_ms=1_767_268_801_004_000_000), ("acted_at_ms", "time_in_nanoseconds")),
        (like(acted_at_ms=NOW_MS + 300_001), ("acted_at_ms", "future")),
        (like(acted_at_ms=86_400_000), ("acted_at_ms", "ancient")),
        (like(acted_at_ms=-5), ("acted_at_ms", "ancient")),
        (like(account_id=7), ("account_id", "type")),
        (like(account_id=""), ("account_id", "too_short")),
        (like(account_id="x" * 129), ("account_id", "too_long")),
        (like(account_id="a\u200bb"), ("account_id", "characters")),
        (like(account_id=" a"), ("account_id", "characters")),
        (like(target_id="a\nb"), ("target_id", "characters")),
        (like(value=float("nan")), ("", "malformed")),
        (like(value=1e300), ("value", "range")),
        (like(client="a\u0000"), ("client", "null_character")),
        (b'{"account_id":"a","action":"like","acted_at_ms":1767268801004}', ("target_id", "missing")),
        (like()[:-1] + b',"target_id":"other"}', ("target_id", "duplicated_key")),
        (like()[:-1] + b',"target\\u005fid":"other"}', ("target_id", "duplicated_key")),
    ],
)
def test_bad_likes_are_refused_with_a_field_and_a_reason(raw: bytes | None, wanted: tuple[str, str]) -> None:
    assert refusal("like", raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (post(text="x" * 20_001), ("text", "too_long")),
        (post(text="x" * 1_000_000), ("", "too_large")),
        (post(text="a\u0000b"), ("text", "null_character")),
        (post().replace(b"Three", b"\\ud800"), ("", "encoding")),
        (post().replace(b"Three", b"\xff"), ("", "encoding")),
        (post(text=None), ("text", "type")),
        (post(urls="https://x.example"), ("urls", "type")),
        (post(urls=["u"] * 33), ("urls", "too_long")),
        (post(hashtags=["ok", " "]), ("hashtags[1]", "characters")),
        (post(kind="poem"), ("kind", "unknown_value")),
        (post(deleted_at_ms=POST.created_at_ms - 1), ("deleted_at_ms", "order")),
        (post(created_at_ms=None), ("created_at_ms", "type")),
    ],
)
def test_bad_posts_are_refused_with_a_field_and_a_reason(raw: bytes, wanted: tuple[str, str]) -> None:
    assert refusal("post", raw) == wanted


def test_unknown_fields_are_ignored_and_defaults_are_left_out() -> None:
    assert decode_event("like", like(extra={"a": [1]}), NOW_MS) == LIKE
    assert b"reply_to" not in encode_event(Post("p", "a", "t", NOW_MS))


def test_a_key_inside_the_text_is_no_duplicate() -> None:
    text = 'he said "account_id": "x" and "account_id": "y"'
    assert decode_event("post", post(text=text), NOW_MS) == msgspec.structs.replace(POST, text=text)


def test_the_batch_form_keeps_places() -> None:
    found = decode_events("like", [like(), b"no", like()], NOW_MS)
    assert found[0] == found[2] == LIKE
    assert isinstance(found[1], InvalidEvent)


@pytest.mark.parametrize("event", [event for examples in EXAMPLES.values() for event in examples])
def test_lines_carry_their_type(event: Any) -> None:
    assert decode_line(encode_line(event), NOW_MS) == event


def test_a_line_without_a_known_type_says_which_there_are() -> None:
    for raw in (b'{"type":"tweet"}', b"{}", b"\n"):
        with pytest.raises(InvalidEvent) as caught:
            decode_line(raw, NOW_MS)
        assert caught.value.reason in ("unknown_type", "empty")


def test_envelopes_of_another_version_are_refused() -> None:
    good = ActionEnvelope(ENVELOPE_VERSION, [Mark("posts", 0, 1, 2)], [], [], [ACCOUNT])
    assert decode_envelope(encode_envelope(good), ActionEnvelope) == good
    other = encode_envelope(ActionEnvelope(ENVELOPE_VERSION + 1, [], [], []))
    for raw in (other, b"\xc1", b"", encode_envelope({"a": 1})):
        with pytest.raises(InvalidEvent):
            decode_envelope(raw, ActionEnvelope)
    with pytest.raises(InvalidEvent):
        decode_envelope(encode_envelope([ENVELOPE_VERSION, [], "x"]), TextEnvelope)


def test_dead_letters_keep_the_bytes_up_to_their_limit() -> None:
    error = InvalidEvent("text", "too_large")
    letter = DeadLetter.of(error, "posts", 3, 17, b"\x00\xff" * 10, NOW_MS)
    assert decode_dead_letter(letter.encode()) == letter
    large = DeadLetter.of(error, "posts", 3, 17, b"x" * (MESSAGE_BYTES_MAX * 8), NOW_MS)
    assert large.cut
    assert len(large.raw) == 1_048_576
