"""Every record survives its encoding, whatever is in it."""

from typing import Any

import jsonschema
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.actions import Action, Deletion, Publication, TextPost
from models.alerts import (
    Alert,
    AlertState,
    Evidence,
    Explanation,
    FamilySummary,
    Outcome,
    Proof,
    Severity,
    TargetSummary,
)
from models.codec import (
    REASONS,
    decode_alert,
    decode_envelope,
    decode_event,
    decode_line,
    encode_alert,
    encode_envelope,
    encode_event,
    encode_line,
)
from models.dead_letters import DeadLetter, decode_dead_letter
from models.envelopes import ENVELOPE_VERSION, ActionEnvelope, Mark, TextEnvelope
from models.errors import InvalidEvent
from models.events import Account, Decision, Like, LikeAction, Post, PostKind, Trend, Verdict
from models.example_answers import ALERT
from models.schemas import RECORDS, schema_of

NOW_MS = 1_767_300_000_000
ids = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=128)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)
labels = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=256)
times = st.integers(946_684_800_000, NOW_MS + 300_000)
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10**10)
origin = {name: st.none() | labels for name in ("client", "device_id", "network_id")}


def few(strategy: st.SearchStrategy, size: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=size)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    post = draw(
        st.builds(
            Post,
            ids,
            ids,
            texts,
            times,
            kind=st.sampled_from(PostKind),
            reply_to=st.none() | ids,
            repost_of=st.none() | ids,
            urls=few(labels).map(tuple),
            hashtags=few(labels).map(tuple),
            media_hashes=few(labels).map(tuple),
            **origin,
        )
    )
    later = draw(st.none() | st.integers(post.created_at_ms, NOW_MS + 300_000))
    return msgspec.structs.replace(post, deleted_at_ms=later)


likes = st.builds(
    Like, ids, ids, st.sampled_from(LikeAction), times, target_author_id=st.none() | ids,
    value=st.none() | st.floats(-1e9, 1e9), **origin,
)  # fmt: skip
accounts = st.builds(
    Account, ids, times, name=st.none() | texts, followers=st.none() | counts, verified=st.none() | st.booleans(),
    observed_at_ms=st.none() | times, **origin,
)  # fmt: skip
trends = st.builds(
    Trend, labels, labels, st.integers(1, 100_000), times, volume=st.none() | st.floats(0, 1e15)
)  # fmt: skip
evidence = st.builds(Evidence, ids, numbers, texts, st.dictionaries(ids, numbers, max_size=2))
alerts = st.builds(
    Alert, campaign=ids, revision=counts, state=st.sampled_from(AlertState), kind=ids,
    outcome=st.sampled_from(Outcome), severity=st.sampled_from(Severity), headline=texts, at_ms=times,
    accounts=few(ids), accounts_total=counts,
    targets=few(st.builds(TargetSummary, ids, ids, counts, counts, times, times, st.none() | ids, st.none() | times)),
    targets_total=counts, families=few(st.builds(FamilySummary, ids, counts, numbers, few(texts).map(tuple))),
    links=few(st.tuples(counts, counts, times)), first_action_ms=times, last_action_ms=times, p_log10=numbers,
    chance=texts, synchrony=few(evidence), inauthenticity=few(evidence),
    explanations=few(st.builds(Explanation, ids, st.booleans(), texts)),
    proof=few(st.builds(Proof, ids, ids, ids, ids, times)), merged_from=few(ids), split_from=st.none() | ids,
    detector_version=ids, configuration=ids,
)  # fmt: skip
verdicts = st.builds(
    Verdict, ids, ids, counts, st.sampled_from(Decision), ids, times, texts, few(ids).map(tuple), st.none() | ids
)
marks = st.builds(Mark, ids, counts, counts, times, st.booleans())


PUBLIC = {record.__name__: jsonschema.Draft202012Validator(schema_of(record.__name__)) for record in RECORDS}


def satisfies_its_schema(record: Any) -> bool:
    return PUBLIC[type(record).__name__].is_valid(msgspec.json.decode(msgspec.json.encode(record)))


@given(posts())
def test_posts(post: Post) -> None:
    assert decode_event("post", encode_event(post), NOW_MS) == post
    assert decode_line(encode_line(post), NOW_MS) == post
    assert satisfies_its_schema(post)


@given(likes)
def test_likes(like: Like) -> None:
    assert decode_event("like", encode_event(like), NOW_MS) == like
    assert decode_line(encode_line(like), NOW_MS) == like
    assert satisfies_its_schema(like)


@given(accounts)
def test_accounts(account: Account) -> None:
    assert decode_event("account", encode_event(account), NOW_MS) == account
    assert decode_line(encode_line(account), NOW_MS) == account
    assert satisfies_its_schema(account)


@given(trends)
def test_trends(trend: Trend) -> None:
    assert decode_event("trend", encode_event(trend), NOW_MS) == trend
    assert decode_line(encode_line(trend), NOW_MS) == trend
    assert satisfies_its_schema(trend)


@settings(max_examples=60)
@given(alerts)
def test_alerts(alert: Alert) -> None:
    raw = encode_alert(alert)
    assert decode_alert(raw) == alert
    assert encode_alert(decode_alert(raw)) == raw
    assert satisfies_its_schema(alert)


def test_equal_alerts_have_equal_bytes_however_their_values_are_ordered() -> None:
    def with_values(values: dict[str, float]) -> bytes:
        return encode_alert(msgspec.structs.replace(ALERT, synchrony=[Evidence("x", 1.0, "", values)]))

    assert with_values({"a": 1.0, "b": 2.0}) == with_values({"b": 2.0, "a": 1.0})


@given(verdicts)
def test_verdicts(verdict: Verdict) -> None:
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict
    assert satisfies_its_schema(verdict)


@given(
    error=st.builds(InvalidEvent, texts, st.sampled_from(sorted(REASONS)), texts),
    raw=st.none() | st.binary(max_size=300),
    key=st.none() | st.binary(max_size=50),
    place=st.tuples(ids, counts, counts),
)
def test_dead_letters(error: InvalidEvent, raw: bytes | None, key: bytes | None, place: tuple[str, int, int]) -> None:
    letter = DeadLetter.of(error, *place, raw, NOW_MS, key=key, timestamp_ms=NOW_MS - 5, shoal_version="1.2.3")
    again = decode_dead_letter(letter.encode())
    assert again == letter
    assert satisfies_its_schema(letter)
    assert (again.raw, again.key, again.cut) == (raw or b"", key, False)
    assert (again.field, again.reason, again.detail) == (error.field, error.reason, error.detail)


@given(
    few(marks),
    few(st.builds(Publication, ids, ids, times)),
    few(st.builds(Action, st.integers(1, 11), ids, ids, times, ids, st.booleans(), st.none() | ids)),
    few(accounts),
    few(st.builds(TextPost, ids, ids, times, texts, st.none() | ids, st.booleans())),
    few(st.builds(Deletion, ids, ids, times, times)),
)
def test_envelopes(
    marks: list[Mark],
    publications: list[Publication],
    actions: list[Action],
    accounts: list[Account],
    posts: list[TextPost],
    deletions: list[Deletion],
) -> None:
    to_targets = ActionEnvelope(ENVELOPE_VERSION, marks, publications, actions, accounts)
    assert decode_envelope(encode_envelope(to_targets), ActionEnvelope) == to_targets
    to_text = TextEnvelope(ENVELOPE_VERSION, marks, posts, deletions)
    assert decode_envelope(encode_envelope(to_text), TextEnvelope) == to_text
