"""Cohorts: the accounts that acted on one target in one window, as they grow."""

from msgspec import Struct

from models.actions import Deletion, TopicAct
from models.events import Account, Trend, Verdict
from models.ids import AccountId, CohortId, EventId, TargetId


class Member(Struct, frozen=True, gc=False, array_like=True):
    """The first action of one account on the cohort's target."""

    account: AccountId
    time_ms: int
    act: EventId
    client: str | None = None
    device: str | None = None
    network: str | None = None
    similarity: float = 1.0
    """For families: Jaccard similarity with the best leader, 1 for an exact copy."""


class CohortUpdate(Struct, frozen=True, array_like=True):
    """A cohort reached a size worth looking at (8, 16, 32 … members), or its window closed.

    `members` are those that joined since the previous update (after sampling), in order of time.
    `size` counts all accounts, `sample_rate` is the share of them that is carried (a power of 1/2).
    """

    cohort: CohortId
    layer: int
    target: TargetId
    window_ms: int
    window_start_ms: int
    time_ms: int
    closed: bool
    size: int
    sample_rate: float
    actions: int
    """All actions in the window, repeated and undone ones included (churn = actions − size)."""
    members: list[Member]
    author: AccountId | None = None
    published_at_ms: int | None = None
    texts: tuple[str, ...] = ()
    """Families: up to 3 sample texts, the first being the leader's."""
    shingles: int = 0
    """Families: distinct shingles of the leader's text; under 8 a family is no evidence."""
    linked_share: float = 0.0
    """Families: share of the posts that carry a link, a hashtag or media."""
    sources: int = 0
    """Families: distinct posts that the members repost or answer."""


class Origin(Struct, frozen=True, gc=False, array_like=True):
    """Where an account was first seen to act from: what is usual is counted from these."""

    account: AccountId
    client: str | None = None
    network: str | None = None


class ContactUse(Struct, frozen=True, gc=False, array_like=True):
    """A post leads its readers to a contact."""

    act: EventId
    account: AccountId
    contact: TargetId
    disguised: bool = False


class Timed(Struct, frozen=True, gc=False, array_like=True):
    """Something that became known in the slice that ends at `slice_ms`."""

    slice_ms: int
    account: Account | None = None
    deletion: Deletion | None = None
    origin: Origin | None = None
    verdict: Verdict | None = None
    contact: ContactUse | None = None
    topic: TopicAct | None = None
    trend: Trend | None = None


class ShardOutput(Struct, frozen=True, array_like=True):
    """What one shard says about the event time from `since_ms` up to `until_ms` (a slice end, exclusive).

    Deterministic for a given log, so a receiver drops an output whose `until_ms` it has seen. Every
    item carries the slice it belongs to, so a receiver can ignore how the slices were grouped.
    """

    shard: str
    since_ms: int
    until_ms: int
    updates: list[CohortUpdate]
    activity_slices: bytes
    """int64 little-endian: slice end of each counted event."""
    activity_accounts: bytes
    """uint64 little-endian: `hash64` of the account of each counted event."""
    facts: list[Timed]
    late: int = 0
    duplicates: int = 0
