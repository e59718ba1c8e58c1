"""Kinds of topics: what happens, who comes, how they act. The dials were set before anything was measured."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import MINUTE_MS
from evaluation.trends.accounts import CHEAP, MIDDLE, PREMIUM, Population, Stock

_MOBILE = frozenset({0, 1, 3, 4})


class Taste(Struct, frozen=True):
    """Whom of the population a topic draws: exponents and factors on the chance of each account."""

    age: float = 0.0
    """Above 0 draws old accounts, below 0 young ones."""
    region: float = 1.0
    """Factor for the region where it happens, a few networks."""
    mobile: float = 1.0
    """Factor for telephones."""
    sleepers: float = 0.5
    """Weight of an account that does nothing on ordinary days, against the mean of those that do."""

    def chances(self, known: Population, rng: Generator) -> NDArray[np.float64]:
        """Chance of each account of the population, sums to 1."""
        weights = np.sqrt(known.activity * len(known.activity)) + self.sleepers * (known.activity == 0)
        weights = weights * np.exp(self.age * known.age)
        near = rng.choice(60, 4, replace=False)
        weights = weights * np.where(np.isin(known.region, near), self.region, 1.0)
        weights = weights * np.where(np.isin(known.client, sorted(_MOBILE)), self.mobile, 1.0)
        return np.asarray(weights / weights.sum())


class Honest(Struct, frozen=True):
    """A crowd of people who come because something happened."""

    size: tuple[int, int]
    """Participants, drawn evenly in the logarithm."""
    median_ms: int
    """Median time from the event to a post."""
    spread: float = 0.8
    """Standard deviation of that time's logarithm."""
    even: bool = False
    """Arrivals evenly over twice the median instead, as at an appointed hour."""
    more: float = 0.3
    """Mean number of further posts of one account; heavy-tailed."""
    likes: float = 1.0
    """Likes of the topic's posts for each participant."""
    reposts: float = 0.35
    replies: float = 0.15
    staff: float = 0.0
    """Share of accounts of one company or of newsrooms: aged, followed, on one tool and network, on time."""
    taste: Taste = Taste()


class Bought(Struct, frozen=True):
    """A topic that somebody paid for, and the people who join because it trends."""

    stock: Stock
    size: tuple[int, int] = (80, 300)
    within_ms: int = 60_000
    """The order is served within this, evenly."""
    curious: float = 0.5
    """Honest participants for each bought one; they come once it trends."""
    deleted: float = 0.8
    """Share of the bought posts that are taken back."""
    life_ms: int = 55_000
    """Median time from a bought post to its deletion."""
    twice: float = 0.0
    """Share of the accounts that post a second time."""
    likes: float = 0.5
    awake: float = 0.1
    """Share of the accounts that pretend an everyday life before."""
    words: bool = False
    """Texts of random words, as in the Turkish attacks; else sentences."""


HONEST: Mapping[str, Honest] = {
    "earthquake": Honest((150, 900), 4 * MINUTE_MS, 0.9, likes=0.6, taste=Taste(region=14, sleepers=1.5)),
    "goal": Honest((100, 600), 2 * MINUTE_MS, 0.7, more=0.6, reposts=0.2, taste=Taste(age=-0.7, mobile=1.8)),
    "celebrity news": Honest((120, 800), 12 * MINUTE_MS, 0.9, likes=2.0, reposts=0.5, taste=Taste(age=-1.5)),
    "fan vote": Honest((60, 350), 15 * MINUTE_MS, even=True, more=3.0, reposts=0.5, taste=Taste(age=-4, mobile=1.5)),
    "product launch": Honest((80, 400), 10 * MINUTE_MS, 0.8, staff=0.12, likes=1.5, taste=Taste(age=0.5)),
}
BOUGHT: Mapping[str, Bought] = {
    "cheap": Bought(CHEAP, words=True),
    "middle": Bought(MIDDLE, within_ms=5 * MINUTE_MS, deleted=0.4, life_ms=4 * MINUTE_MS, twice=0.1, awake=0.3),
    "premium": Bought(
        PREMIUM, (60, 220), 15 * MINUTE_MS, curious=1.0, deleted=0.05, life_ms=30 * MINUTE_MS, twice=0.3, awake=0.6
    ),
}
ORDINARY = "ordinary"
"""Everyday topics without a burst."""
