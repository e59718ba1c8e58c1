import pytest

from detector.router import canonical_url, route, shard_of
from models.actions import Layer
from models.events import Account, Like, LikeAction, Post, PostKind, Trend

AT = 1_700_000_000_000


def layers(post: Post) -> dict[str, str]:
    return {Layer(action.layer).name: action.target for action in route([post]).actions}


def test_a_post_is_a_text_and_an_action_on_everything_it_points_at() -> None:
    post = Post(
        "p", "a", "look at this", AT, PostKind.REPOST, repost_of="q", urls=("https://WWW.Example.org/x/?utm_source=y&b=1",),
        hashtags=("#Two", "tags"), media_hashes=("m1", "m1"),
    )  # fmt: skip
    assert layers(post) == {
        "REPOST": "q", "URL": "url:example.org/x?b=1", "HASHTAGS": "hashtags:two tags", "MEDIA": "media:m1",
    }  # fmt: skip
    routed = route([post])
    assert [text.source for text in routed.posts] == ["q"]
    assert not any(action.counts for action in routed.actions)
    assert routed.publications == []


def test_links_and_hashtags_are_read_from_the_text_where_the_platform_sends_none() -> None:
    assert layers(Post("p", "a", "see https://example.org/x #cats", AT)) == {
        "URL": "url:example.org/x",
        "HASHTAGS": "hashtags:cats",
    }


def test_the_copied_text_of_a_native_repost_is_not_the_accounts_own() -> None:
    native = Post("p", "a", "RT @bob: buy now", AT, PostKind.REPOST, repost_of="q")
    own = Post("p", "a", "RT @bob: buy now", AT)
    assert [text.text for text in route([native, own]).posts] == ["", "RT @bob: buy now"]


def test_a_deletion_is_no_post() -> None:
    routed = route([Post("p", "a", "", AT, deleted_at_ms=AT + 5)])
    assert routed.posts == []
    assert routed.actions == []
    assert [d.time_ms for d in routed.deletions] == [AT + 5]


def test_ratings_of_different_value_are_different_targets() -> None:
    likes = [Like("a", "film", LikeAction.RATE, AT, value=value) for value in (5, 5.0, 1)]
    assert [action.target for action in route(likes).actions] == ["film=5", "film=5", "film=1"]


def test_an_unlike_is_an_undone_like() -> None:
    (action,) = route([Like("a", "t", LikeAction.UNLIKE, AT)]).actions
    assert (action.layer, action.undo) == (int(Layer.LIKE), True)


def test_equal_likes_have_equal_ids_and_others_not() -> None:
    base = Like("a", "t", LikeAction.LIKE, AT)
    others = [
        Like("a", "t", LikeAction.LIKE, AT + 1),
        Like("b", "t", LikeAction.LIKE, AT),
        Like("a", "u", LikeAction.LIKE, AT),
    ]
    acts = [action.act for action in route([base, base, *others]).actions]
    assert acts[0] == acts[1]
    assert len(set(acts)) == 4


def test_accounts_and_lines_of_lists_pass() -> None:
    routed = route([Account("a", AT), Trend("hot", "t", 1, AT)])
    assert len(routed.accounts) == 1
    assert [each.topic for each in routed.trends] == ["t"]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("HTTP://www.Example.org/A/#frag", "example.org/A"),
        ("example.org/a?utm_medium=x&fbclid=1&q=2", "example.org/a?q=2"),
        ("https://example.org", "example.org"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_urls_that_lead_to_one_place_are_one_target(url: str, wanted: str) -> None:
    assert canonical_url(url) == wanted


def test_shards_share_the_targets_evenly_and_stay() -> None:
    counts = [0] * 4
    for number in range(4000):
        counts[shard_of(f"t{number}", 4)] += 1
    assert min(counts) > 850
    assert shard_of("t1", 1) == 0


def test_contacts_and_hidden_links_are_targets_like_any_other() -> None:
    posts = [
        Post(f"p{n}", f"a{n}", text, AT) for n, text in enumerate(("加微信 abc12345", "各位加ＶＸ：ａｂｃ１２３４５"))
    ]
    assert [layers(post) for post in posts] == [{"CONTACT": "contact:wechat:abc12345"}] * 2
    hidden = layers(Post("p", "a", "shop[.]example[.]com/x", AT))
    plain = layers(Post("q", "a", "http://shop.example.com/x", AT))
    assert hidden == {**plain, "CONTACT": "contact:link:shop.example.com/x"}


@pytest.mark.parametrize(
    ("text", "disguised"),
    [
        ("加微信 abc12345", False), ("VX：ＡＢＣ12345", True), ("QQ 12 34 56 789", True), ("电话 138-0013-8001", False),
        ("电话 幺三八零零幺三八零零幺", True), ("hxxp://shop.example.com/x", True), ("mail ab@shop.example", False),
    ],
)  # fmt: skip
def test_a_contact_that_hides_from_filters_is_marked(text: str, disguised: bool) -> None:
    (action,) = [a for a in route([Post("p", "a", text, AT)]).actions if a.layer == Layer.CONTACT]
    assert action.disguised is disguised


def test_the_contact_in_a_quoted_text_is_not_the_accounts_own() -> None:
    native = Post("p", "a", "RT @bob: QQ 123456789", AT, PostKind.REPOST, repost_of="q")
    assert layers(native) == {"REPOST": "q"}


def test_a_comment_is_an_act_on_the_post_under_which_it_stands() -> None:
    assert layers(Post("c", "a", "well said", 1, kind=PostKind.COMMENT, reply_to="p")) == {"REPLY": "p"}
    # a repost that answers another is counted by what it repeats
    assert layers(Post("r", "a", "", 1, kind=PostKind.REPOST, repost_of="p", reply_to="c")) == {"REPOST": "p"}
