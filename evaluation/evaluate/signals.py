"""Streams with one family of signals taken out, to see what each is worth."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind

_LINK = re.compile(r"https?://\S+")
_TAG = re.compile(r"[#＃][^\s#＃]+[#＃]?")
Change = Callable[[AnyEvent], AnyEvent | None]


def without(signal: str, events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """The events as a platform would send them that does not have this signal."""
    change = SIGNALS[signal]
    return [changed for event in events if (changed := change(event)) is not None]


def _no_texts(event: AnyEvent) -> AnyEvent | None:
    return replace(event, text="") if isinstance(event, Post) else event


def _no_links(event: AnyEvent) -> AnyEvent | None:
    if isinstance(event, Post) and (event.urls or "http" in event.text):
        return replace(event, urls=(), text=_LINK.sub("", event.text))
    return event


def _no_hashtags(event: AnyEvent) -> AnyEvent | None:
    if isinstance(event, Post) and (event.hashtags or "#" in event.text or "＃" in event.text):
        return replace(event, hashtags=(), text=_TAG.sub("", event.text))
    return event


def _no_media(event: AnyEvent) -> AnyEvent | None:
    return replace(event, media_hashes=()) if isinstance(event, Post) and event.media_hashes else event


def _no_reposts(event: AnyEvent) -> AnyEvent | None:
    if isinstance(event, Like) and event.action is LikeAction.REPOST:
        return None
    if isinstance(event, Post) and event.repost_of is not None:
        return replace(event, repost_of=None, kind=PostKind.POST)
    return event


def _no_deletions(event: AnyEvent) -> AnyEvent | None:
    return None if isinstance(event, Post) and event.deleted_at_ms is not None else event


def _no_accounts(event: AnyEvent) -> AnyEvent | None:
    return None if isinstance(event, Account) else event


def _no_devices(event: AnyEvent) -> AnyEvent | None:
    if isinstance(event, Account | Like | Post):
        return replace(event, client=None, device_id=None, network_id=None)
    return event


def _no_authors(event: AnyEvent) -> AnyEvent | None:
    return replace(event, target_author_id=None) if isinstance(event, Like) else event


def _no(*actions: LikeAction) -> Change:
    return lambda event: None if isinstance(event, Like) and event.action in actions else event


SIGNALS: Final[Mapping[str, Change]] = {
    "texts (near duplicates)": _no_texts,
    "likes": _no(LikeAction.LIKE, LikeAction.UNLIKE),
    "reposts": _no_reposts,
    "follows": _no(LikeAction.FOLLOW),
    "ratings and votes": _no(LikeAction.RATE, LikeAction.VOTE),
    "reports": _no(LikeAction.REPORT),
    "links": _no_links,
    "hashtags": _no_hashtags,
    "media": _no_media,
    "deletions": _no_deletions,
    "account facts": _no_accounts,
    "client, device, network": _no_devices,
    "authors of targets": _no_authors,
}
"""What a platform may or may not send. Views count as nothing else."""
