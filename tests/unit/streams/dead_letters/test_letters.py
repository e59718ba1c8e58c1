"""What a parked letter is, what its message would come to now, and its line of a file."""

import time

import msgspec
import pytest

from models.codec import MESSAGE_BYTES_MAX, decode_event, decode_line, encode_event
from models.dead_letters import RAW_BYTES_MAX, DeadLetter
from models.errors import InvalidEvent
from models.events import Like, LikeAction
from streams.dead_letters.counts import Counts
from streams.dead_letters.faults import FAULTS_MAX, Fault, fault_of, place_of
from streams.dead_letters.lines import as_line
from streams.dead_letters.parked import Judge, Prospect, Wanted
from streams.dead_letters.ratio import DeadLetterRatio, TooManyDeadLetters
from streams.settings import load_settings

NOW_MS = int(time.time() * 1000)
LIKE = encode_event(Like("a", "t", LikeAction.LIKE, NOW_MS - 1_000))
AHEAD = encode_event(Like("a", "t", LikeAction.LIKE, NOW_MS + 3_600_000))
JUDGE = Judge(load_settings({}))


def letter(
    raw: bytes = LIKE,
    topic: str = "likes",
    field: str = "acted_at_ms",
    reason: str = "future",
    offset: int = 0,
    at_ms: int = 0,
) -> DeadLetter:
    error = InvalidEvent(field, reason, "what somebody wrote")
    return DeadLetter.of(error, topic, 2, offset, raw, at_ms, key=b"t")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (letter(), Prospect.VALID),
        (letter(AHEAD), Prospect.REFUSED),
        (letter(LIKE.replace(b"acted", b"akted")), Prospect.REFUSED),
        (letter(b""), Prospect.REFUSED),
        (letter(b" " * (MESSAGE_BYTES_MAX + 1)), Prospect.REFUSED),
        (letter(b"x" * (RAW_BYTES_MAX + 1)), Prospect.CUT),
        (letter(topic="posts"), Prospect.REFUSED),
        (letter(topic="shoal.likes", reason="version"), Prospect.INTERNAL),
        (letter(topic="of somebody else"), Prospect.INTERNAL),
    ],
    ids=lambda each: each.value if isinstance(each, Prospect) else "",
)
def test_what_would_come_of_sending_it_again(given: DeadLetter, expected: Prospect) -> None:
    assert JUDGE.prospect(given) is expected


def test_letters_are_chosen_by_topic_reason_and_time() -> None:
    given = letter(at_ms=5_000)
    assert Wanted().holds(given)
    assert Wanted(frozenset({"likes"}), frozenset({"future", "type"}), 5_000).holds(given)
    assert not Wanted(topics=frozenset({"posts"})).holds(given)
    assert not Wanted(reasons=frozenset({"type"})).holds(given)
    assert not Wanted(since_ms=5_001).holds(given)


def test_equal_faults_are_counted_together_with_the_newest_as_the_example() -> None:
    counts = Counts(JUDGE)
    counts.add([letter(offset=3, at_ms=1_000), letter(b"{}", field="tags[4]", reason="too_long", at_ms=2_000)])
    counts.add([letter(b"{}", field="tags[17]", reason="too_long", offset=5, at_ms=3_000), letter(b"{}", field="")])
    found = {each.fault: each for each in counts.found()}
    tags = found[Fault("likes", "tags", "too_long")]
    assert (tags.letters, tags.valid, tags.first_ms, tags.last_ms) == (2, 0, 2_000, 3_000)
    assert (tags.newest, tags.detail) == ("likes[2]@5", "what somebody wrote")
    assert found[Fault("likes", "acted_at_ms", "future")].valid == 1
    assert found[Fault("likes", "message", "future")].letters == 1
    assert counts.found()[0] == tags


def test_made_up_fields_do_not_fill_the_memory() -> None:
    counts = Counts(JUDGE)
    counts.add(letter(b"{}", field=f"field-{number}") for number in range(3 * FAULTS_MAX))
    found = counts.found()
    assert len(found) == FAULTS_MAX + 1
    assert (found[0].fault.field, found[0].letters) == ("message", 2 * FAULTS_MAX)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b'{"a": 1}', b'{"type":"like","a": 1}\n'),
        (b' {\r\n  "a": 1\n} \n', b'{"type":"like",    "a": 1 }\n'),
        (b'{"a":1,"a":2}', b'{"type":"like","a":1,"a":2}\n'),
        (b"{}", b'{"type":"like"}\n'),
        (b"{ \n}", b'{"type":"like"}\n'),
        (b'{"a":1,"type":7}', b'{"type":"like","a":1}\n'),
    ],
)
def test_a_message_is_one_line_with_its_type_and_otherwise_as_it_came(raw: bytes, line: bytes) -> None:
    assert as_line(letter(raw), "like") == line
    msgspec.json.decode(line)


@pytest.mark.parametrize(
    "raw", [b"", b"[1]", b"7", b"not json", b'{"a": NaN}', b'{"a"', b'{"a":"\xff"}', b"[" * 100_000, b"\xef\xbb\xbf{}"]
)
def test_what_is_no_object_has_no_line(raw: bytes) -> None:
    assert as_line(letter(raw), "like") is None


def test_what_was_cut_off_has_no_line() -> None:
    assert as_line(letter(b"{}" + b" " * RAW_BYTES_MAX), "like") is None


def test_the_line_of_a_mended_message_is_the_event() -> None:
    in_ms, in_s = b"%d" % (NOW_MS - 1_000), b"%d" % (NOW_MS // 1000 - 1)
    line = as_line(letter(LIKE.replace(in_ms, in_s)), "like")
    assert line is not None
    with pytest.raises(InvalidEvent, match="multiply by 1,000"):
        decode_line(line, NOW_MS)
    assert decode_line(line.replace(in_s, in_ms), NOW_MS) == decode_event("like", LIKE, NOW_MS)


def test_the_worker_that_stops_says_what_the_commonest_fault_is_and_where() -> None:
    """Nothing of it is parked by then: without that nobody would know what to look at."""
    ratio = DeadLetterRatio(maximum=0.2, minimum=3, window=100)
    letters = [letter(offset=7), letter(offset=8), letter(field="", reason="malformed", offset=9)]
    with pytest.raises(TooManyDeadLetters) as caught:
        ratio.add(4, letters)
    told = str(caught.value)
    assert "3 of the newest 4 events are invalid" in told
    assert "most often likes acted_at_ms future, as at likes[2]@8" in told
    assert "SHOAL_DEAD_LETTERS_RATIO_MAX=1" in told
    assert "somebody" not in told


def test_words_of_a_fault() -> None:
    assert str(fault_of(letter(field=""))) == "likes message future"
    assert place_of(letter(offset=4)) == "likes[2]@4"
