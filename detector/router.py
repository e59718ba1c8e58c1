"""From events to what the shards work on: actions, publications, texts and facts.

Stateless. A platform's post is a text, and also one action for each thing it points at (the post it
repeats, its links, its hashtags, its media), so one method serves every signal.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from detector.diversion import diversions_in, is_disguised
from detector.text.marks import hashtags_in, links_in
from detector.trends.topics import TOPICS_OF_A_POST_MAX
from models.actions import Action, Deletion, Layer, Publication, TextPost
from models.envelopes import ENVELOPE_VERSION, ActionEnvelope, Mark, TextEnvelope
from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind, Trend, Verdict
from models.ids import hash64, hash64_of

_LAYER_OF_ACTION: Final = {
    LikeAction.LIKE: Layer.LIKE,
    LikeAction.UNLIKE: Layer.LIKE,
    LikeAction.REPOST: Layer.REPOST,
    LikeAction.FOLLOW: Layer.FOLLOW,
    LikeAction.RATE: Layer.RATE,
    LikeAction.VOTE: Layer.VOTE,
    LikeAction.REPORT: Layer.REPORT,
    LikeAction.VIEW: Layer.VIEW,
}
_VALUED: Final = frozenset({LikeAction.RATE, LikeAction.VOTE})
_NATIVE_REPOST: Final = "RT @"
_PREFIX: Final = {Layer.URL: "url:", Layer.HASHTAGS: "hashtags:", Layer.MEDIA: "media:", Layer.CONTACT: "contact:"}


Pointed = tuple[Layer, str, bool]
"""What a post points at: (layer, target, whether it is disguised)."""


class Routed(Struct):
    """One batch of events, sorted by where they go. Order within each list is the order given."""

    actions: list[Action]
    publications: list[Publication]
    posts: list[TextPost]
    deletions: list[Deletion]
    accounts: list[Account]
    verdicts: list[Verdict]
    trends: list[Trend]


def shard_of(key: str, shards: int) -> int:
    """The target shard, 0 to `shards` − 1, that owns a target or an account."""
    return hash64(key) % shards if shards > 1 else 0


def envelopes_of(routed: Routed, marks: list[Mark], shards: int) -> tuple[list[ActionEnvelope], TextEnvelope]:
    """One envelope for each target shard, by number, and the text shard's.

    The marks go to all of them with the events that they vouch for, so neither can arrive alone.
    """
    text = TextEnvelope(ENVELOPE_VERSION, marks, routed.posts, routed.deletions, routed.trends)
    if shards == 1:
        parts = routed.publications, routed.actions, routed.accounts, routed.verdicts, routed.trends
        return [ActionEnvelope(ENVELOPE_VERSION, marks, *parts)], text
    split = [ActionEnvelope(ENVELOPE_VERSION, marks, [], [], [], [], []) for _ in range(shards)]
    split[0].verdicts.extend(routed.verdicts)
    for publication in routed.publications:
        split[shard_of(publication.target, shards)].publications.append(publication)
    for action in routed.actions:
        split[shard_of(action.target, shards)].actions.append(action)
    for account in routed.accounts:
        split[shard_of(account.account_id, shards)].accounts.append(account)
    for trend in routed.trends:
        split[shard_of(trend.topic, shards)].trends.append(trend)
    return split, text


def route(events: Sequence[AnyEvent]) -> Routed:
    """Sort a batch of events by destination."""
    routed = Routed([], [], [], [], [], [], [])
    for event in events:
        if isinstance(event, Like):
            routed.actions.append(_of_like(event))
        elif isinstance(event, Post):
            _route_post(event, routed)
        elif isinstance(event, Account):
            routed.accounts.append(event)
        elif isinstance(event, Verdict):
            routed.verdicts.append(event)
        else:
            routed.trends.append(event)
    return routed


def _of_like(like: Like) -> Action:
    action = like.action
    target = like.target_id
    if action in _VALUED and like.value is not None:
        # five stars and one star are not the same act
        target = f"{target}={like.value:g}"
    act = hash64_of(action.value, target, like.account_id, like.acted_at_ms)
    return Action(
        int(_LAYER_OF_ACTION[action]),
        target,
        like.account_id,
        like.acted_at_ms,
        f"{act:016x}",
        action is LikeAction.UNLIKE,
        like.target_author_id,
        like.client,
        like.device_id,
        like.network_id,
    )


def _route_post(post: Post, routed: Routed) -> None:
    act, account, time_ms = post.post_id, post.account_id, post.created_at_ms
    client, device, network = post.client, post.device_id, post.network_id
    if post.deleted_at_ms is not None:
        routed.deletions.append(Deletion(act, account, time_ms, post.deleted_at_ms))
        return
    topics = _topics_of(post)
    if post.kind is not PostKind.REPOST:
        routed.publications.append(Publication(act, account, time_ms, topics))
    source = post.repost_of or post.reply_to
    # the text of a native repost is the platform's copy, not words of the account; as an act it
    # counts on the repost layer
    text = "" if post.kind is PostKind.REPOST and post.text.startswith(_NATIVE_REPOST) else post.text
    linked = _has_visible_source(post)
    routed.posts.append(TextPost(act, account, time_ms, text, source, linked, client, device, network, topics))
    for layer, target, disguised in (*_pointed_at(post, linked), *_leads_to(post, text)):
        routed.actions.append(
            Action(int(layer), target, account, time_ms, act, False, None, client, device, network, False, disguised)
        )


def _topics_of(post: Post) -> tuple[str, ...]:
    hashtags = post.hashtags or hashtags_in(post.text)
    if not hashtags:
        return ()
    return tuple(dict.fromkeys(tag for each in hashtags if (tag := each.strip("#＃"))))[:TOPICS_OF_A_POST_MAX]


def _has_visible_source(post: Post) -> bool:
    """Whether the text shows where it was copied from: a link, a hashtag or media."""
    text = post.text
    return bool("http" in text or "#" in text or "＃" in text or post.urls or post.hashtags or post.media_hashes)


def _pointed_at(post: Post, linked: bool) -> list[Pointed]:
    found: list[Pointed] = []
    if post.repost_of is not None:
        found.append((Layer.REPOST, post.repost_of, False))
    elif post.reply_to is not None:
        found.append((Layer.REPLY, post.reply_to, False))
    if not linked:
        return found
    for url in dict.fromkeys(map(canonical_url, post.urls or links_in(post.text))):
        found.append((Layer.URL, _PREFIX[Layer.URL] + url, False))
    hashtags = post.hashtags or hashtags_in(post.text)
    if hashtags:
        # the sequence is the target: single hashtags are everybody's
        sequence = " ".join(tag.strip("#＃").casefold() for tag in hashtags)
        found.append((Layer.HASHTAGS, _PREFIX[Layer.HASHTAGS] + sequence, False))
    for media in dict.fromkeys(post.media_hashes):
        found.append((Layer.MEDIA, _PREFIX[Layer.MEDIA] + media, False))
    return found


def _leads_to(post: Post, text: str) -> list[Pointed]:
    """Contacts of the text and links, and links that hide: where a reader is to go, however it is written."""
    contacts, links = diversions_in(text, post.urls)
    shown = " ".join((text, *post.urls)) if contacts else ""
    found = [(Layer.CONTACT, _PREFIX[Layer.CONTACT] + each, is_disguised(each, shown)) for each in contacts]
    return found + [(Layer.URL, _PREFIX[Layer.URL] + canonical_url(link), False) for link in links]


def canonical_url(url: str) -> str:
    """Lower-case the host, drop the scheme, `www.`, the fragment and tracking parameters."""
    try:
        parts = urlsplit(url if "://" in url else "//" + url)
    except ValueError:
        return url
    host = (parts.netloc or "").casefold().removeprefix("www.")
    query = "&".join(
        sorted(p for p in parts.query.split("&") if p and not p.casefold().startswith(("utm_", "fbclid=", "gclid=")))
    )
    return host + parts.path.rstrip("/") + ("?" + query if query else "")
