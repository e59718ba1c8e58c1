"""What msgspec lets pass and Shoal refuses; the short cut around the search must miss none of it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.codec import KIND_OF, Kind, decode_event, decode_line, encode_event, encode_line, event_of
from models.errors import InvalidEvent
from models.events import AnyEvent
from models.examples import ACCOUNT, EXAMPLES, LIKE, POST, RATING, TREND
from models.json_text import has_lone_surrogate

NOW_MS = 1_767_300_000_000
EVENTS = [event for examples in EXAMPLES.values() for event in examples]
LIKE_RAW = encode_event(LIKE)


def reason(kind: Kind, raw: bytes) -> str:
    try:
        decode_event(kind, raw, NOW_MS)
    except InvalidEvent as error:
        return error.reason
    return "accepted"


def with_field(text: bytes) -> bytes:
    return LIKE_RAW[:-1] + b"," + text + b"}"


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        (b'"x":"\xff"', "encoding"),
        (b'"x":"\xed\xa0\x80"', "encoding"),
        (b'"\xff":1', "encoding"),
        (b'"x":"\\ud800"', "encoding"),
        (b'"x":"\\udc00\\ud800"', "encoding"),
        (b'"x":"\\q"', "malformed"),
        (b'"x":NaN', "malformed"),
        (b'"x":01', "malformed"),
        (b'"x-1":1,"x-1":2', "duplicated_key"),
        (b'"":1,"":2', "duplicated_key"),
        (b'"x":{"a":1,"a":2}', "duplicated_key"),
        (b'"x":[{"a":1},{"a":2}]', "accepted"),
        (b'"x":[{"account_id":"other"}]', "accepted"),
        (b'"x":' + b"9" * 5_000 + b',"y":[{"a":1},{"a":2}]', "accepted"),
        (b'"x":"\\ud83d\\ude00"', "accepted"),
        ('"x":"東京 ","y":", :"'.encode(), "accepted"),
    ],
)
def test_unknown_fields_are_ignored_but_must_be_json(field: bytes, wanted: str) -> None:
    assert reason("like", with_field(field)) == wanted


def spelled(key: str, escapes: int) -> str:
    return "".join(f"\\u{ord(c):04x}" if escapes >> i & 1 else c for i, c in enumerate(key))


@given(
    event=st.sampled_from(EVENTS),
    order=st.randoms(use_true_random=False),
    gaps=st.tuples(*[st.sampled_from(("", " ", "\n", "\t ", "  "))] * 4),
    again=st.none() | st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 7)),
    ascii_only=st.booleans(),
)
@example(RATING, None, ("", "", "", ""), (1, 0, 0), False)  # type: ignore[arg-type]  # no shuffling there
def test_a_repeated_key_is_found_however_the_message_is_written(
    event: AnyEvent, order: Any, gaps: tuple[str, ...], again: tuple[int, int, int] | None, ascii_only: bool
) -> None:
    before, after, between, end = gaps
    fields = [(key, value) for key, value in msgspec.to_builtins(event).items() if value is not None]
    if order is not None:
        order.shuffle(fields)
    parts = [f'"{k}"{before}:{after}{json.dumps(v, ensure_ascii=ascii_only)}' for k, v in fields]
    if again is not None:
        place, which, escapes = again
        key, value = fields[which % len(fields)]
        parts.insert(place % (len(parts) + 1), f'"{spelled(key, escapes)}"{before}:{json.dumps(value)}')
    raw = ("{" + end + f"{between},{after}".join(parts) + end + "}").encode()
    assert reason(KIND_OF[type(event)], raw) == ("duplicated_key" if again is not None else "accepted")


@given(st.text(st.sampled_from('{}[],": \\aé\u3000\n'), max_size=30))
def test_no_text_looks_like_a_repeated_key(text: str) -> None:
    post = msgspec.structs.replace(POST, text=text, hashtags=())
    for raw in (encode_event(post), json.dumps(msgspec.to_builtins(post), indent=2).encode()):
        assert decode_event("post", raw, NOW_MS) == post


def test_short_spellings_of_numbers_make_no_room_to_hide_in() -> None:
    dear = encode_event(msgspec.structs.replace(RATING, value=1e9))
    hidden = dear.replace(b"1000000000.0", b'1e9,"":"\xffyy"')
    assert (len(hidden), reason("like", hidden)) == (len(dear), "encoding")
    great = encode_event(msgspec.structs.replace(TREND, list="cold", volume=1e15))
    again = great.replace(b"1000000000000000.0", b'1e15,"list":"warm"')
    assert (len(again), reason("trend", again)) == (len(great), "duplicated_key")


@pytest.mark.parametrize(
    ("text", "lone"),
    [(rb"\ud83d\ude00", False), (rb"\uD83D\uDE00", False), (rb"\ud83d", True), (rb"\ude00", True), (b"d83d", False)],
)
def test_halves_of_pairs_are_told(text: bytes, lone: bool) -> None:
    assert has_lone_surrogate(text) is lone


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b'{"x":{"type":"post"},"type":"like",' + LIKE_RAW[1:], LIKE),
        (b' { "type" : "like", ' + LIKE_RAW[1:] + b"\r\n", LIKE),
        (b'{"t\\u0079pe":"like",' + LIKE_RAW[1:], LIKE),
        (encode_line(ACCOUNT) + b"\n", ACCOUNT),
        (json.dumps({"type": "post"} | msgspec.to_builtins(POST)).encode() + b"\n", POST),
        (b'{"type":"like","type":"post",' + LIKE_RAW[1:], "duplicated_key"),
        (b'{"type":"like",' + LIKE_RAW[1:-1] + b',"type":"post"}', "duplicated_key"),
        (b'{"type":"like",' + LIKE_RAW[1:-1] + b',"client":"b"}\n', "duplicated_key"),
        (b'{"type":"like"', "malformed"),
        (b'{"a":1', "malformed"),
        (b'{"a":"\\ud800"}', "encoding"),
        (b'{"type":7}', "unknown_type"),
        (b"nonsense", "unknown_type"),
        (b'{"x":"' + b"y" * 300_000 + b'"}', "too_large"),
        (b" \n", "empty"),
    ],
)
def test_lines_say_what_they_are_at_their_own_level(line: bytes, wanted: AnyEvent | str) -> None:
    found: AnyEvent | str
    try:
        found = decode_line(line, NOW_MS)
    except InvalidEvent as error:
        found = error.reason
    assert found == wanted


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"type": ["like"]}, ("type", "unknown_type")),
        ({"type": None}, ("type", "unknown_type")),
        ({"client": "a\ud800"}, ("", "encoding")),
        ({"value": float("nan")}, ("value", "range")),
        ({"value": float("inf")}, ("value", "range")),
        ({"acted_at_ms": 1_767_268_801}, ("acted_at_ms", "time_in_seconds")),
    ],
)
def test_rows_of_tables_are_held_to_the_same(changes: dict[str, Any], wanted: tuple[str, str]) -> None:
    row = {"type": "like"} | msgspec.to_builtins(LIKE)
    assert event_of(row, NOW_MS) == LIKE
    with pytest.raises(InvalidEvent) as caught:
        event_of(row | changes, NOW_MS)
    assert (caught.value.field, caught.value.reason) == wanted
