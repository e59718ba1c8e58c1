"""A cohort as the coordinator knows it, put together from its updates."""

from typing import Final

from detector.cohorts.windows import sampled
from models.actions import Layer
from models.cohorts import CohortUpdate, Member

OF_POSTS: Final = frozenset(
    {Layer.REPOST, Layer.REPLY, Layer.URL, Layer.HASHTAGS, Layer.MEDIA, Layer.FAMILY, Layer.CONTACT}
)
"""Layers of which one post may act on several targets."""
FIELDS: Final = (
    "index", "key", "layer", "target", "window_ms", "start_ms", "size", "sample_rate", "actions",
    "author", "published_ms", "texts", "shingles", "linked_share", "sources", "closed", "told_ms",
    "exposure", "tested_size",
)  # fmt: skip


class Cohort:
    """Accounts that acted on one target in one window.

    `exposure` is S = Σ(1 + |history|) over the members when last tested; it conditions the null on
    how active the members are.
    """

    __slots__ = (*FIELDS, "members")

    def __init__(self, index: int, update: CohortUpdate) -> None:
        self.index = index
        self.key = update.cohort
        self.layer = update.layer
        self.target = update.target
        self.window_ms = update.window_ms
        self.start_ms = update.window_start_ms
        self.sample_rate = 1.0
        self.members: dict[str, Member] = {}
        self.exposure = 0.0
        self.tested_size = 0
        self.author: str | None = None
        self.published_ms: int | None = None
        self.apply(update)

    def apply(self, update: CohortUpdate) -> None:
        """Take the news of one update."""
        if update.sample_rate < self.sample_rate:
            self.sample_rate = update.sample_rate
            self.members = {a: m for a, m in self.members.items() if sampled(a, self.sample_rate)}
        for member in update.members:
            self.members[member.account] = member
        self.size = update.size
        self.actions = update.actions
        self.texts = update.texts
        self.shingles = update.shingles
        self.linked_share = update.linked_share
        self.sources = update.sources
        self.closed = update.closed
        self.told_ms = update.time_ms
        self.author = update.author or self.author or _owner(self.layer, self.target)
        self.published_ms = update.published_at_ms if update.published_at_ms is not None else self.published_ms

    @property
    def end_ms(self) -> int:
        """Exclusive end of the window."""
        return self.start_ms + self.window_ms

    def comparable(self, other: "Cohort") -> bool:
        """Whether an overlap with `other` would be evidence: another target, not the same acts seen twice.

        One post is an action on several layers (its text, its link, its hashtags), so those layers
        are compared only within themselves.
        """
        if self.target == other.target or self.window_ms != other.window_ms:
            return False
        return self.layer == other.layer or not (self.layer in OF_POSTS and other.layer in OF_POSTS)


def _owner(layer: int, target: str) -> str | None:
    """Who stands behind a target without an author: for a link, its domain."""
    if layer == Layer.URL:
        return target.partition(":")[2].partition("/")[0]
    return None
