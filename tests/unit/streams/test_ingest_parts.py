import pytest

from detector.ordering import NEVER
from models.codec import decode_envelope
from models.dead_letters import DeadLetter
from models.envelopes import ActionEnvelope, Mark, TextEnvelope
from models.errors import InvalidEvent
from models.events import Account, Like, LikeAction, Post
from models.moments import when_ms
from streams.dead_letters.ratio import DeadLetterRatio, TooManyDeadLetters
from streams.ingest.board import Board
from streams.ingest.pack import pack
from streams.ingest.sources import Source, SourceId, readable

LIKES = SourceId("likes", 0)
POSTS = SourceId("posts", 0)

LETTER = DeadLetter.of(InvalidEvent("text", "type", ""), "posts", 0, 0, b"{}", 0)


def source(name: SourceId, newest_ms: int, idle: bool = False) -> Source:
    made = Source(name, 0, newest_ms, 0.0)
    made.idle = idle
    return made


def test_marks_promise_the_newest_time_less_the_lateness() -> None:
    one = source(LIKES, NEVER)
    assert one.mark(1_000, 500).watermark_ms == NEVER
    one.advance(5, 12_345, 1.0)
    one.advance(6, 11_000, 2.0)
    assert one.mark(1_000, 500) == Mark("likes", 0, 6, 11_845, False)


def test_an_idle_source_promises_the_whole_slice_of_its_newest_event() -> None:
    one = source(LIKES, 12_345, idle=True)
    assert one.mark(1_000, 500) == Mark("likes", 0, 0, 13_000, True)
    one.advance(1, NEVER, 1.0)  # an invalid message wakes it up and tells no time
    assert one.mark(1_000, 500) == Mark("likes", 0, 1, 11_845, False)


def test_a_source_far_ahead_is_not_read() -> None:
    fast, slow = source(LIKES, 100_000), source(POSTS, 10_000)
    assert readable([fast, slow], align_ms=60_000) == [POSTS]
    assert readable([fast, slow], align_ms=90_000) == [LIKES, POSTS]
    slow.idle = True
    assert readable([fast, slow], align_ms=60_000) == [LIKES, POSTS]


def test_an_unknown_source_holds_nobody_back_and_is_read() -> None:
    assert readable([source(LIKES, 100_000), source(POSTS, NEVER)], 1_000) == [LIKES, POSTS]


def test_a_slow_source_elsewhere_counts_while_buffers_fill_up() -> None:
    board = Board(buffer_high=0.5)
    marks = [Mark("posts", 1, 0, 10_000), Mark("likes", 0, 0, 99_000), Mark("accounts", 0, 0, 5, True)]
    board.report("likes-0", marks, {"buffer": 0.2})
    assert board.slowest_ms() is None
    board.report("likes-0", marks, {"buffer": 0.6})
    assert board.slowest_ms() == 10_000
    assert readable([source(LIKES, 100_000)], 60_000, board.slowest_ms()) == []


def test_every_shard_gets_the_marks_and_its_owner_the_event() -> None:
    events = [Like(f"a{n}", f"t{n}", LikeAction.LIKE, 1_000 + n) for n in range(40)] + [
        Post("p1", "a1", "text", 1_000, urls=("https://x.example/1",)),
        Account("a1", 5),
    ]
    marks = [Mark("likes", 0, 7, 500)]
    packed = pack(events, marks, shards=4)
    text = decode_envelope(packed.text, TextEnvelope)
    targets = [decode_envelope(raw, ActionEnvelope) for raw in packed.targets]
    assert [e.marks for e in (text, *targets)] == [marks] * 5
    assert [post.act for post in text.posts] == ["p1"]
    actions = [action.target for envelope in targets for action in envelope.actions]
    assert sorted(a for a in actions if a.startswith("t")) == sorted(f"t{n}" for n in range(40))
    assert len(actions) == 41
    assert sum(len(e.accounts) for e in targets) == sum(len(e.publications) for e in targets) == 1
    assert pack(events, marks, shards=4) == packed


def test_times_of_events_are_those_the_shards_sort_by() -> None:
    assert when_ms(Like("a", "t", LikeAction.LIKE, 7)) == 7
    assert when_ms(Post("p", "a", "x", 7)) == 7
    assert when_ms(Post("p", "a", "x", 7, deleted_at_ms=9)) == 9
    assert when_ms(Account("a", 3)) == 3
    assert when_ms(Account("a", 3, observed_at_ms=8)) == 8


def test_few_invalid_events_are_borne_and_many_are_not() -> None:
    ratio = DeadLetterRatio(maximum=0.2, minimum=10, window=1_000)
    ratio.add(9, [LETTER] * 9)  # all broken, but too few to judge
    for _ in range(20):
        ratio.add(100, [LETTER] * 5)
    ratio.add(100, [LETTER] * 60)
    ratio.add(100, [LETTER] * 60)
    with pytest.raises(TooManyDeadLetters, match="allowed share"):
        ratio.add(1_000, [LETTER] * 600)


def test_the_share_forgets_what_left_the_window() -> None:
    ratio = DeadLetterRatio(maximum=0.5, minimum=10, window=100)
    ratio.add(100, [LETTER] * 45)
    for _ in range(3):
        ratio.add(100, [LETTER] * 0)
    ratio.add(100, [LETTER] * 45)
    ratio.add(0, [LETTER] * 0)
