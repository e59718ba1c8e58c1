"""The dials that every honest crowd has, by the same names, and how honest people come to look alike."""

from collections.abc import Sequence
from random import Random

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import DAY_MS, delays
from evaluation.simulator.people import Person
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.armies.dials import Count, Mean, Number, Share, Span, SpanOrNone
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.truth import Expected
from evaluation.simulator.world import Planted, World, planted
from models.events import AnyEvent

__all__ = ["Count", "HonestCrowd", "Mean", "Number", "Share", "Span", "SpanOrNone", "alike", "rush"]


class HonestCrowd(Struct, frozen=True, kw_only=True):
    """Dials of every crowd. All spans in ms."""

    group: str = "crowd"
    size: Count = 200
    newcomers: Share = 0.0
    """Share of the accounts that were registered for the occasion."""
    registered_within_ms: Span = DAY_MS
    """They were registered within this before it."""
    everyday_likes: Mean = 3.0
    """Organic likes of each account besides, on average."""
    everyday_posts: Mean = 0.3

    @property
    def prefix(self) -> str:
        """Beginning of the ids of the accounts and posts."""
        return self.group.replace(" ", "-") + "-"

    def people(self, world: World, rng: Generator, words: Random, occasion_ms: int) -> list[Person]:
        """The members: of all ages, but for those that registered before the occasion."""
        return self.joined(unrelated(rng, self.size, world.start_ms, self.prefix), words, occasion_ms)

    def joined(self, people: Sequence[Person], words: Random, occasion_ms: int) -> list[Person]:
        """The same people, some of them new: followers are few then."""
        found = []
        for person in people:
            if words.random() < self.newcomers:
                registered_at_ms = occasion_ms - 1 - words.randrange(self.registered_within_ms)
                found.append(replace(person, registered_at_ms=registered_at_ms, followers=words.randint(0, 20)))
            else:
                found.append(person)
        return found

    def told(
        self,
        world: World,
        rng: Generator,
        role: str,
        about: str,
        people: Sequence[Person],
        own: list[AnyEvent],
        others: Sequence[Person] = (),
        aside: Sequence[AnyEvent] = (),
        expected: Expected = Expected.QUIET,
        window_ms: int | None = None,
    ) -> Planted:
        """Put the crowd together, with the everyday life of its members."""
        besides = everyday(world, rng, people, self.prefix, self.everyday_likes, self.everyday_posts)
        return planted(self.group, role, expected, about, people, own, [*besides, *aside], others, window_ms=window_ms)


def alike(
    people: Sequence[Person],
    words: Random,
    share: float,
    network: str | None = None,
    client: str | None = None,
) -> list[Person]:
    """A share of the people in one network, with one program: a school, an office, a firm's tool."""
    return [
        replace(person, network_id=network or person.network_id, client=client or person.client)
        if words.random() < share
        else person
        for person in people
    ]


def rush(rng: Generator, number: int, begin_ms: int, median_ms: float, sigma: float = 0.9) -> list[int]:
    """When each of a crowd comes: log-normal after the occasion, a second later at least."""
    moments: list[int] = (begin_ms + np.maximum(1_000, delays(rng, number, median_ms, sigma))).tolist()
    return moments
