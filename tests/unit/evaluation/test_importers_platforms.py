"""Answers and streams of platforms, on invented samples in the form of their documentation."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.importers import FORMATS, Source, Tally, WrongSource
from evaluation.importers.jetstream import tid_ms
from models.dead_letters import DeadLetter
from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind


def converted(name: str, path: Path, **options: Any) -> tuple[list[AnyEvent], Tally, list[DeadLetter]]:
    letters: list[DeadLetter] = []
    tally = Tally(letters=letters.append)
    events = [event for batch in FORMATS[name].convert(Source(path, **options), tally) for event in batch]
    return events, tally, letters


# --- X API v2

TWEET = {
    "id": "t2", "author_id": "7", "created_at": "2024-03-01T10:00:01.500Z", "text": "so #rain", "source": "web",
    "referenced_tweets": [{"type": "replied_to", "id": "t1"}],
    "entities": {"hashtags": [{"start": 3, "end": 8, "tag": "rain"}], "urls": [{"url": "s", "expanded_url": "https://a.example"}]},
    "attachments": {"media_keys": ["3_1"]},
}  # fmt: skip
RETWEET = {
    "id": "t3", "author_id": "8", "created_at": "2024-03-01T10:00:02Z", "text": "RT so",
    "referenced_tweets": [{"type": "retweeted", "id": "t2"}],
}  # fmt: skip
USER = {
    "id": "7", "username": "ann", "created_at": "2020-01-01T00:00:00.000Z", "verified": False,
    "public_metrics": {"followers_count": 5},
}  # fmt: skip
ANSWER = {"data": [TWEET, RETWEET], "includes": {"users": [USER]}, "meta": {"result_count": 2}}
EVENTS = [
    Account("7", 1_577_836_800_000, "ann", followers=5, verified=False, observed_at_ms=1_709_287_201_500),
    Post(
        "t2", "7", "so #rain", 1_709_287_201_500, PostKind.COMMENT, "t1", urls=("https://a.example",),
        hashtags=("rain",), media_hashes=("3_1",), client="web",
    ),
    Post("t3", "8", "RT so", 1_709_287_202_000, PostKind.REPOST, None, "t2"),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ANSWER),
        json.dumps(ANSWER, indent=2),
        json.dumps([ANSWER]),
        json.dumps([ANSWER, {"meta": {"result_count": 0}}], indent=1),
        json.dumps({"data": TWEET, "includes": {"users": [USER]}}) + "\n" + json.dumps({"data": RETWEET}),
        "\n" + json.dumps(ANSWER) + "\n\n" + json.dumps(ANSWER | {"data": []}) + "\n",
        json.dumps([TWEET | {"author": USER}, RETWEET]),
    ],
    ids=["object", "indented object", "array", "indented array of pages", "stream", "lines of pages", "flattened"],
)
def test_x_in_every_wrapping(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    events, _, _ = converted("x-api-v2", path)
    assert events == EVENTS


def test_x_quotes_share_and_long_posts_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    quote = TWEET | {
        "referenced_tweets": [{"type": "quoted", "id": "t0"}, {"type": "replied_to", "id": "t1"}],
        "note_tweet": {"text": "so long"},
    }
    path.write_text(json.dumps(quote), encoding="utf-8")
    (event,), _, _ = converted("x-api-v2", path)
    assert isinstance(event, Post)
    assert (event.kind, event.repost_of, event.reply_to, event.text) == (PostKind.REPOST, "t0", "t1", "so long")


def test_x_refuses_tweet_by_tweet(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    bad = {"id": "t9", "author_id": "7", "text": "no time"}
    late = {**RETWEET, "created_at": "yesterday"}
    lines = [ANSWER | {"data": [bad, RETWEET, late]}, {"errors": [{"title": "gone"}]}, {"odd": 1}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n", encoding="utf-8")
    events, tally, letters = converted("x-api-v2", path)
    assert [event.post_id for event in events if isinstance(event, Post)] == ["t3"]
    assert [(each.offset, each.field, each.reason) for each in letters] == [
        (1, "created_at", "missing"),
        (1, "created_at", "malformed"),
        (3, "data", "missing"),
        (4, "", "malformed"),
    ]
    assert tally.skipped["an answer that tells of errors only"] == 1


def test_an_account_is_told_again_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    grown = USER | {"public_metrics": {"followers_count": 6}}
    pages = [
        {"data": TWEET | {"id": f"t{at}"}, "includes": {"users": [user]}} for at, user in enumerate([USER, USER, grown])
    ]
    path.write_text("\n".join(map(json.dumps, pages)), encoding="utf-8")
    events, _, _ = converted("x-api-v2", path)
    assert [event.followers for event in events if isinstance(event, Account)] == [5, 6]


def test_an_array_that_breaks_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([ANSWER, ANSWER])[:-40], encoding="utf-8")
    with pytest.raises(WrongSource, match="breaks off"):
        converted("x-api-v2", path)


# --- Jetstream

AT_US = 1_725_911_162_329_308


def commit(
    operation: str, collection: str, key: str, record: Any = None, after_s: float = 0, did: str = "did:plc:a"
) -> Any:
    told: dict[str, Any] = {"rev": "r", "operation": operation, "collection": collection, "rkey": key}
    if record is not None:
        told |= {"record": record, "cid": "c"}
    return {"did": did, "time_us": AT_US + int(after_s * 1e6), "kind": "commit", "commit": told}


SKY_POST = {
    "$type": "app.bsky.feed.post", "createdAt": "1999-09-09T19:46:02.102Z", "text": "look #rain",
    "facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "rain"}], "index": {}},
               {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example"}], "index": {}}],
    "reply": {"parent": {"uri": "at://did:plc:b/app.bsky.feed.post/1", "cid": "x"}},
}  # fmt: skip
MINE = "at://did:plc:a/app.bsky.feed.post/3l3qo2vutsw2b"
LINES = [
    commit("create", "app.bsky.actor.profile", "self", {"createdAt": "2024-09-09T19:00:00Z", "displayName": "Ann"}),
    commit("create", "app.bsky.feed.post", "3l3qo2vutsw2b", SKY_POST, 1),
    commit("create", "app.bsky.feed.like", "k1", {"subject": {"uri": MINE, "cid": "x"}}, 2, "did:plc:c"),
    commit("create", "app.bsky.feed.repost", "k2", {"subject": {"uri": MINE, "cid": "x"}}, 3, "did:plc:c"),
    commit("create", "app.bsky.graph.follow", "k3", {"subject": "did:plc:a"}, 4, "did:plc:c"),
    commit("delete", "app.bsky.feed.like", "k1", None, 5, "did:plc:c"),
    commit("delete", "app.bsky.feed.post", "3l3qo2vutsw2b", None, 6),
    {"did": "did:plc:a", "time_us": AT_US + 7_000_000, "kind": "identity", "identity": {"handle": "a.example"}},
    {"did": "did:plc:a", "time_us": AT_US + 8_000_000, "kind": "account", "account": {"active": False}},
]  # fmt: skip
AT_MS = AT_US // 1_000
SKY_EVENTS = [
    Account("did:plc:a", 1_725_908_400_000, "Ann", observed_at_ms=AT_MS),
    Post(
        MINE, "did:plc:a", "look #rain", AT_MS + 1_000, PostKind.COMMENT, "at://did:plc:b/app.bsky.feed.post/1",
        urls=("https://a.example",), hashtags=("rain",),
    ),
    Like("did:plc:c", MINE, LikeAction.LIKE, AT_MS + 2_000, "did:plc:a"),
    Like("did:plc:c", MINE, LikeAction.REPOST, AT_MS + 3_000, "did:plc:a"),
    Like("did:plc:c", "did:plc:a", LikeAction.FOLLOW, AT_MS + 4_000),
    Like("did:plc:c", MINE, LikeAction.UNLIKE, AT_MS + 5_000, "did:plc:a"),
    Post(MINE, "did:plc:a", "", AT_MS + 1_000, deleted_at_ms=AT_MS + 6_000),
]  # fmt: skip


def written(path: Path, lines: list[Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_jetstream(tmp_path: Path) -> None:
    events, tally, letters = converted("jetstream", written(tmp_path / "sky.jsonl", LINES))
    assert events == SKY_EVENTS
    assert letters == []
    assert tally.skipped.total() == 2  # identity and account tell no registration
    assert tally.cursor_us == AT_US + 8_000_000


def test_jetstream_goes_on_behind_the_cursor(tmp_path: Path) -> None:
    path = written(tmp_path / "sky.jsonl", LINES)
    events, tally, _ = converted("jetstream", path, after_us=AT_US + 3_000_000)
    assert events[0] == SKY_EVENTS[4]
    assert tally.skipped["not newer than the cursor"] == 4
    # the post was read before the cursor: the deletion takes its time from the key
    deletion = events[-1]
    assert isinstance(deletion, Post)
    assert deletion.deleted_at_ms == AT_MS + 6_000
    assert deletion.created_at_ms == tid_ms("3l3qo2vutsw2b")


def test_the_key_of_a_record_tells_when_it_was_made() -> None:
    made_ms = tid_ms("3l3qo2vutsw2b")
    assert made_ms is not None
    assert 0 <= AT_MS - made_ms < 1_000  # the documentation's own example
    assert tid_ms("self") is None
    assert tid_ms("3l3qo2vutsw01") is None


def test_jetstream_refusals(tmp_path: Path) -> None:
    lines = [
        commit("create", "app.bsky.feed.post", "k", {"createdAt": "x"}),
        commit("create", "app.bsky.feed.like", "k", {"subject": {}}),
        commit("delete", "app.bsky.feed.post", "self"),
        {"did": "did:plc:a", "kind": "commit"},
        commit("move", "app.bsky.feed.post", "k", SKY_POST),
        commit("delete", "app.bsky.feed.like", "unseen"),
        commit("update", "app.bsky.feed.post", "k", SKY_POST),
        commit("create", "app.bsky.feed.threadgate", "k", {}),
    ]
    events, tally, letters = converted("jetstream", written(tmp_path / "sky.jsonl", lines))
    assert events == []
    assert [(each.offset, each.field, each.reason) for each in letters] == [
        (1, "text", "missing"),
        (2, "subject.uri", "missing"),
        (3, "commit.rkey", "missing"),
        (4, "time_us", "missing"),
        (5, "commit.operation", "unknown_value"),
    ]
    assert tally.skipped.total() == 8


# --- Mastodon

STATUS = {
    "id": "109", "created_at": "2024-03-01T10:00:00.000Z", "in_reply_to_id": None, "reblog": None,
    "content": "<p>look <a href='x'>#<span>rain</span></a><br>twice &amp; more</p>", "application": {"name": "Web"},
    "account": {"id": "7", "acct": "ann@b.example", "created_at": "2022-11-05T00:00:00.000Z", "followers_count": 4},
    "tags": [{"name": "rain", "url": "u"}], "media_attachments": [], "card": {"url": "https://a.example"},
}  # fmt: skip
BOOST = STATUS | {"id": "110", "created_at": "2024-03-01T10:01:00.000Z", "content": "", "reblog": STATUS, "tags": []}
ANN = Account("7", 1_667_606_400_000, "ann@b.example", followers=4, observed_at_ms=1_709_287_200_000)
TOOT = Post(
    "109",
    "7",
    "look #rain\ntwice & more",
    1_709_287_200_000,
    urls=("https://a.example",),
    hashtags=("rain",),
    client="Web",
)
MASTODON = [
    ANN,
    TOOT,
    Account("7", 1_667_606_400_000, "ann@b.example", followers=4, observed_at_ms=1_709_287_260_000),
    Post(
        "110", "7", "", 1_709_287_260_000, PostKind.REPOST, None, "109", ("https://a.example",), ("rain",), client="Web"
    ),
    Post("109", "7", "", 1_709_287_200_000, deleted_at_ms=1_709_287_260_000),
]
MESSAGES = [
    ("update", json.dumps(STATUS)),
    ("update", json.dumps(BOOST)),
    ("status.update", json.dumps(STATUS)),
    ("delete", "109"),
]


def sse() -> str:
    return ":)\n" + "".join(f"event: {event}\ndata: {payload}\n\n:thump\n" for event, payload in MESSAGES)


def websocket() -> str:
    lines = [{"stream": ["public"], "event": event, "payload": payload} for event, payload in MESSAGES]
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.mark.parametrize("text", [sse(), websocket()], ids=["server-sent events", "lines"])
def test_mastodon(tmp_path: Path, text: str) -> None:
    path = tmp_path / "toots"
    path.write_text(text, encoding="utf-8")
    events, tally, letters = converted("mastodon", path)
    assert events == MASTODON
    assert letters == []
    assert dict(tally.skipped) == {"an edited post: the first version counts": 1}


def test_mastodon_refusals(tmp_path: Path) -> None:
    path = tmp_path / "toots"
    broken = {"event": "update", "payload": "{"}
    bare = {"event": "update", "payload": json.dumps({"id": "1"})}
    lines = [broken, bare, {"event": "notification", "payload": "{}"}, {"event": "delete", "payload": "1"}, {"x": 1}]
    written(path, lines)
    path.write_text(path.read_text() + "noise\n", encoding="utf-8")
    events, tally, letters = converted("mastodon", path)
    assert events == []
    assert [(each.offset, each.field, each.reason) for each in letters] == [
        (1, "payload", "malformed"),
        (2, "account.id", "missing"),
        (5, "event", "malformed"),
        (6, "event", "malformed"),
    ]
    assert tally.skipped.total() == 6


# --- Weibo-crawler


def test_weibo_crawler_takes_times_and_refuses_days(tmp_path: Path) -> None:
    first = {
        "id": 4_454, "user_id": 16, "text": "看#雨#", "created_at": "2024-01-02",
        "full_created_at": "2024-01-02 12:33:21",
        "topics": "雨,雨", "pics": "https://wx3.example/large/ab.jpg?x=1", "source": "phone", "article_url": "",
        "retweet": {"id": 4_400, "user_id": 17, "text": "rain", "created_at": "2024-01-02T12:00:00+08:00"},
    }  # fmt: skip
    day_only = {"id": 4_455, "user_id": 16, "text": "late", "created_at": "2024-01-02"}
    path = tmp_path / "16.json"
    path.write_text(
        json.dumps({"user": {"id": "16"}, "weibo": [first, day_only]}, ensure_ascii=False, indent=4), encoding="utf-8"
    )
    events, _, letters = converted("weibo-crawler", tmp_path)
    assert events == [
        Post(
            "4454", "16", "看#雨#", 1_704_170_001_000, PostKind.REPOST, None, "4400", hashtags=("雨",),
            media_hashes=("ab.jpg",), client="phone",
        ),
        Post("4400", "17", "rain", 1_704_168_000_000),
    ]  # fmt: skip
    (letter,) = letters
    assert (letter.field, letter.reason) == ("created_at", "missing")
    assert "no time of day" in letter.detail
    assert letter.topic.endswith("16.json")
