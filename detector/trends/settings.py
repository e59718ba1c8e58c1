"""Thresholds of the trend monitor."""

from typing import Annotated

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class TrendSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Topics of trending lists: when one bursts, and what its accounts look like."""

    enabled: bool = True
    """Off: topics are not watched, and lines of lists are only validated."""
    topics_max: Annotated[int, Meta(ge=100, le=1_000_000)] = 10_000
    """Topics held exactly; all others are in a sketch until they move. About 3 kB each, allocated at start."""
    admit_acts: Annotated[int, Meta(ge=1, le=1_000)] = 3
    """Acts within 20 minutes from which a topic is held exactly (estimated by the sketch, never too low)."""
    posts_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 200_000
    """Posts that are remembered with their topics, so that likes and deletions find them."""
    accounts_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 500_000
    """Accounts that are remembered as seen, flagged or returning."""
    tick_ms: Annotated[int, Meta(ge=1_000, le=60_000)] = 5_000
    """Topics are judged at multiples of this."""
    rise: Annotated[float, Meta(gt=1.0, le=100.0)] = 5.0
    """ρ of the CUSUM: the factor over its usual rate that a burst is looked for at."""
    burst_min: Annotated[float, Meta(gt=0.0, le=1_000.0)] = 14.0
    """h of the CUSUM: a topic bursts from this sum on."""
    rate_floor: Annotated[float, Meta(gt=0.0, le=1_000.0)] = 0.2
    """Accounts a minute that every topic is granted as usual."""
    memory_min: Annotated[float, Meta(gt=0.0, le=10_000.0)] = 50.0
    """Minutes that a topic's usual rate looks back (time constant of its mean)."""
    onset_ms: Annotated[int, Meta(ge=60_000, le=3_600_000)] = 600_000
    """Accounts that come within this from the burst's begin are those that the verdict is of."""
    hold_ms: Annotated[int, Meta(ge=0, le=604_800_000)] = 21_600_000
    """A topic that was called manufactured is at best mixed for so long: who came later came to a bought place."""
    gone_ms: Annotated[int, Meta(ge=10_000, le=3_600_000)] = 180_000
    """A post that is taken back within this is gone quickly."""
    gone_share_min: Share = 0.3
    """Accounts are remembered from a called topic, as those that take their posts back, only where at least this
    share did: people delete too, and one wrong verdict must not bring the next."""
    rows_max: Annotated[int, Meta(ge=100, le=100_000)] = 1_500
    """Accounts of a topic that are looked at; beyond that a sample by account hash."""
    accounts_min: Annotated[int, Meta(ge=5, le=10_000)] = 20
    """With fewer accounts there is too little data."""
    usual_min: Annotated[int, Meta(ge=10, le=10**6)] = 1_000
    """Accounts on other topics from which the platform's usual mix of an attribute counts as known."""
    known_share_min: Share = 0.5
    """An attribute counts where it is known of at least this share of a topic's accounts."""
    list_size: Annotated[int, Meta(ge=1, le=1_000)] = 50
    """Places of the list that is built from posts and likes."""
    list_accounts_min: Annotated[int, Meta(ge=1, le=100_000)] = 10
    """Accounts of the last hour from which a topic has a place on that list."""
    rank_log2_min: Annotated[float, Meta(ge=0.0, le=10.0)] = 0.3
    """A place counts as gained by the accounts in question from this log₂ of (place without them / place)."""
    repeat_ms: Annotated[int, Meta(ge=10_000, le=86_400_000)] = 60_000
    """A verdict whose figures changed is told again after this; one that changed its word, at once."""
