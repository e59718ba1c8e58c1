"""Worlds in which chance is all there is: accounts act independently of each other.

Every action is drawn by itself: an account in proportion to its activity, a target in proportion to
its popularity. This is the null model of the overlap test; nobody coordinates, nobody is a fan.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.random import Generator

from models.actions import Layer
from models.cohorts import CohortUpdate, Member

HOUR_MS: Final = 3_600_000
MEMBERS_MIN: Final = 8


class NullWorld(Struct, frozen=True):
    """Dials of one kind of small stream."""

    name: str
    accounts: int
    targets: int
    actions: int
    activity_tail: float
    """Exponent of the Pareto law of activities: the smaller, the more a few accounts do."""
    popularity_tail: float
    authors: int = 1_000_000
    prior_memberships: float = 1.0
    """What the detector is told about the population; 1 means that the stream is all there is."""

    def cohorts(self, rng: Generator) -> Iterator[CohortUpdate]:
        """The closed cohorts of one replication, an hour each, three an hour."""
        activity = rng.pareto(self.activity_tail, self.accounts) + 0.1
        popularity = rng.pareto(self.popularity_tail, self.targets) + 0.1
        account = rng.choice(self.accounts, self.actions, p=activity / activity.sum())
        target = rng.choice(self.targets, self.actions, p=popularity / popularity.sum())
        by_whom = rng.integers(self.authors, size=self.targets).tolist()
        for number in range(self.targets):
            members = np.unique(account[target == number]).tolist()
            if len(members) >= MEMBERS_MIN:
                yield _cohort(number + 1, members, by_whom[number])


WORLDS: Final = (
    NullWorld("quiet: many accounts, little overlap", 1_500, 40, 1_200, 2.0, 1.5),
    NullWorld("busy: few accounts meet everywhere", 150, 40, 1_500, 2.0, 2.0),
    NullWorld("uneven: a few accounts do most of it", 1_000, 80, 3_000, 1.1, 1.1),
    NullWorld("one author's followers", 300, 40, 1_500, 2.0, 1.5, authors=1),
)
SMALLER_THAN_TOLD: Final = NullWorld(
    "told 10⁶ memberships, and there are 1,500", 150, 40, 1_500, 2.0, 2.0, prior_memberships=1e6
)
"""What the prior promises and this stream does not keep: it is a whole world, no extract of a large one."""


def _cohort(number: int, members: list[int], author: int) -> CohortUpdate:
    start_ms = number * HOUR_MS // 3
    joined = [Member(f"a{name}", start_ms + 1, f"{name}-{number}") for name in members]
    return CohortUpdate(
        number,
        int(Layer.LIKE),
        f"t{number}",
        HOUR_MS,
        start_ms,
        start_ms + HOUR_MS,
        True,
        len(members),
        1.0,
        len(members),
        joined,
        f"author{author}",
    )
