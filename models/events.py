"""The public contract: what a platform sends. One JSON object a message.

Field limits live in the types, so the codec, the JSON Schema and the AsyncAPI document say the
same. Times are integer milliseconds since 1970-01-01 UTC.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

# `extra_json_schema` tells a sender early what models.validation refuses; the codec does not read it.
_NO_NULL = {"pattern": r"^[^\u0000]*$"}
Id = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        description="an id as the platform has it, in printable characters, no space at either end",
        extra_json_schema={"pattern": r"^[^\u0000-\u0020\u007f]([^\u0000-\u001f\u007f]*[^\u0000-\u0020\u007f])?$"},
    ),
]
Label = Annotated[str, Meta(min_length=1, max_length=256, extra_json_schema=_NO_NULL)]
Millis = Annotated[
    int,
    Meta(
        description="milliseconds since 1970-01-01T00:00:00Z, from the year 2000 to 5 minutes from now",
        extra_json_schema={"minimum": 946_684_800_000, "maximum": 32_503_680_000_000},  # 2000 and 3000
    ),
]
Text = Annotated[str, Meta(max_length=20_000, extra_json_schema=_NO_NULL)]
Url = Annotated[str, Meta(min_length=1, max_length=2_048, extra_json_schema=_NO_NULL)]


class PostKind(StrEnum):
    """What sort of text a post is."""

    POST = "post"
    COMMENT = "comment"
    REPOST = "repost"
    REVIEW = "review"


class LikeAction(StrEnum):
    """What an account did to a target."""

    LIKE = "like"
    UNLIKE = "unlike"
    REPOST = "repost"
    FOLLOW = "follow"
    RATE = "rate"
    VOTE = "vote"
    REPORT = "report"
    VIEW = "view"


class Event(Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=False):
    """Base of the events. Unknown fields are ignored, so that platforms may send more."""


class Post(Event, frozen=True, gc=False, omit_defaults=True):
    """A text that an account published, or took back (`deleted_at_ms`)."""

    post_id: Id
    account_id: Id
    text: Text
    created_at_ms: Millis
    kind: PostKind = PostKind.POST
    reply_to: Id | None = None
    repost_of: Id | None = None
    urls: Annotated[tuple[Url, ...], Meta(max_length=32)] = ()
    hashtags: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()
    media_hashes: Annotated[tuple[Label, ...], Meta(max_length=32)] = ()
    client: Label | None = None
    device_id: Label | None = None
    network_id: Label | None = None
    deleted_at_ms: Millis | None = None


class Like(Event, frozen=True, gc=False, omit_defaults=True):
    """One action of an account on a target, without a text of its own."""

    account_id: Id
    target_id: Id
    action: LikeAction
    acted_at_ms: Millis
    target_author_id: Id | None = None
    value: Annotated[float, Meta(ge=-1e9, le=1e9)] | None = None
    client: Label | None = None
    device_id: Label | None = None
    network_id: Label | None = None


class Account(Event, frozen=True, gc=False, omit_defaults=True):
    """What the platform knows of an account; a later event replaces an earlier one."""

    account_id: Id
    registered_at_ms: Millis
    name: Annotated[str, Meta(max_length=256, extra_json_schema=_NO_NULL)] | None = None
    client: Label | None = None
    device_id: Label | None = None
    network_id: Label | None = None
    followers: Annotated[int, Meta(ge=0, le=10**10)] | None = None
    verified: bool | None = None
    observed_at_ms: Millis | None = None


class Trend(Event, frozen=True, gc=False, omit_defaults=True):
    """One line of a trending list at one moment."""

    list: Label
    topic: Label
    rank: Annotated[int, Meta(ge=1, le=100_000)]
    observed_at_ms: Millis
    volume: Annotated[float, Meta(ge=0, le=1e15)] | None = None
    paid: bool | None = None
    """A place that the platform sells openly: not to be called manufactured. None where it does not say."""


class Decision(StrEnum):
    """What a moderator decides."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    WATCH = "watch"
    UNDO = "undo"
    ALLOW = "allow"
    """An entry of the allow list: `campaign` is its own name, `accounts_left_out` and `targets` what it holds."""


class Verdict(Event, frozen=True, gc=False, omit_defaults=True):
    """A person's decision on a campaign; undone by a further verdict, never by deleting this one."""

    verdict_id: Id
    campaign: Id
    revision: Annotated[int, Meta(ge=0)]
    decision: Decision
    decided_by: Id
    decided_at_ms: Millis
    reason: Annotated[str, Meta(max_length=2_000, extra_json_schema=_NO_NULL)] = ""
    accounts_left_out: Annotated[tuple[Id, ...], Meta(max_length=5_000)] = ()
    undoes: Id | None = None
    """`verdict_id` of the decision that an `undo` takes back."""
    targets: Annotated[tuple[Id, ...], Meta(max_length=5_000)] = ()
    """Targets, sites, authors and text families that an `allow` holds."""
    expires_at_ms: Annotated[int, Meta(ge=0, le=32_503_680_000_000)] | None = None
    """When an `allow` ends, exclusive; required there and unknown elsewhere."""


AnyEvent = Post | Like | Account | Trend | Verdict
