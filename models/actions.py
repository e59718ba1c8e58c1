"""What the detector counts: an account acted on a target. Internal, made from events by the router."""

from enum import IntEnum

from msgspec import Struct

from models.ids import AccountId, EventId, TargetId


class Layer(IntEnum):
    """The kind of target. Cohorts are compared inside a layer, and across the layers of `Like`."""

    LIKE = 1
    REPOST = 2
    FOLLOW = 3
    RATE = 4
    VOTE = 5
    REPORT = 6
    VIEW = 7
    URL = 8
    HASHTAGS = 9
    MEDIA = 10
    FAMILY = 11
    CONTACT = 12
    REPLY = 13
    """Comments under one post, whatever their words."""


class Action(Struct, frozen=True, gc=False, array_like=True):
    """An account acted on a target at a moment. One event may yield several (a post with two links)."""

    layer: int
    target: TargetId
    account: AccountId
    time_ms: int
    act: EventId
    """Id of the event, the same for all actions of one event."""
    undo: bool = False
    """True for an unlike: the action is taken back; counts as churn, never as a first action."""
    author: AccountId | None = None
    client: str | None = None
    device: str | None = None
    network: str | None = None
    counts: bool = True
    """False where another action of the same event already counts towards the account's activity."""
    disguised: bool = False
    """A contact that is written so that no filter reads it."""


class Publication(Struct, frozen=True, gc=False, array_like=True):
    """A post that may become a target: who published it and when."""

    target: TargetId
    author: AccountId
    time_ms: int
    topics: tuple[str, ...] = ()
    """Hashtags as written: who likes the post acts on them."""


class TextPost(Struct, frozen=True, gc=False, array_like=True):
    """A post's text on its way to the near-duplicate index."""

    act: EventId
    account: AccountId
    time_ms: int
    text: str
    source: EventId | None = None
    """Id of the post it reposts or answers, where there is one."""
    linked: bool = False
    """Carries a link, a hashtag or media: a visible source that honest people copy from."""
    client: str | None = None
    device: str | None = None
    network: str | None = None
    topics: tuple[str, ...] = ()
    """Hashtags as written."""


class TopicAct(Struct, frozen=True, gc=False, array_like=True):
    """An account acts on a topic: by a post of its own, or by what it does to somebody's post on it."""

    topic: str
    """As written."""
    account: AccountId
    time_ms: int
    post: EventId | None = None
    """Id of its post; None for a like, repost or reply."""
    client: str | None = None
    network: str | None = None


class Deletion(Struct, frozen=True, gc=False, array_like=True):
    """A post was taken back."""

    act: EventId
    account: AccountId
    created_at_ms: int
    time_ms: int
