"""Events as the peers see them: somebody did a thing to something at a moment."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from detector.router import canonical_url
from detector.text.marks import hashtags_in, links_in
from models.events import AnyEvent, Like, LikeAction, Post

REPOST, LINK, HASHTAG, MEDIA, TEXT = "repost", "link", "hashtag", "media", "text"


class Act(NamedTuple):
    """One act of one account. `kind` says what sort of object it is; ids of two kinds never mix."""

    kind: str
    target: str
    account: str
    time_ms: int


def acts_of(events: Iterable[AnyEvent]) -> Iterator[Act]:
    """Every act of every event, in the order given: likes, reposts, links, hashtags, media and whole texts.

    Replies are no act here: hundreds answer a much read post, and no peer but one counts them.
    An act that was taken back stays: peers have no notion of an unlike.
    """
    for event in events:
        if isinstance(event, Like):
            if event.action is not LikeAction.UNLIKE:
                yield Act(event.action.value, event.target_id, event.account_id, event.acted_at_ms)
        elif isinstance(event, Post) and event.deleted_at_ms is None:
            yield from _of_post(event)


def _of_post(post: Post) -> Iterator[Act]:
    account, time_ms = post.account_id, post.created_at_ms
    if post.repost_of is not None:
        yield Act(REPOST, post.repost_of, account, time_ms)
    for url in urls_of(post):
        yield Act(LINK, url, account, time_ms)
    for tag in hashtags_of(post):
        yield Act(HASHTAG, tag, account, time_ms)
    for media in dict.fromkeys(post.media_hashes):
        yield Act(MEDIA, media, account, time_ms)
    text = plain(post.text)
    if text and post.repost_of is None:
        yield Act(TEXT, text, account, time_ms)


def urls_of(post: Post) -> list[str]:
    """Links of a post without their tracking parameters, each once."""
    return list(dict.fromkeys(map(canonical_url, post.urls or links_in(post.text))))


def hashtags_of(post: Post) -> list[str]:
    """Hashtags of a post, folded, each once."""
    tags = post.hashtags or hashtags_in(post.text)
    return list(dict.fromkeys(folded for tag in tags if (folded := tag.strip("#＃").casefold())))


def plain(text: str) -> str:
    """A text in lower case with single spaces: what the peers' own documentation calls the same text."""
    return " ".join(text.lower().split())
