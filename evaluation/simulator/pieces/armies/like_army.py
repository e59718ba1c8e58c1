"""An army that sells likes, follows, reposts or reports: one order after another, most of the army serves each."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import Person
from evaluation.simulator.pieces.armies.dials import Army, Count, Number, Share, Span, SpanOrNone
from evaluation.simulator.randomness import words_of
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, Like, LikeAction


class LikeArmy(Army, frozen=True, kw_only=True):
    """Dials of an army whose work is a single tap."""

    group: str = "like army"
    size: Count = 120
    targets: Count = 16
    """Orders: posts by as many different authors, fewer where there are not so many."""
    jitter_ms: Span = 3 * MINUTE_MS
    after_ms: SpanOrNone = 25 * MINUTE_MS
    """Orders are for posts at least this old."""
    authors: Number = 0
    """Orders are for posts of so few authors, as when somebody is to be reported away; 0: each another author."""
    churn: Share = 0.0
    """Share of the likes that are taken back and given again."""
    begin: Share = 0.05
    action: LikeAction = LikeAction.LIKE

    def plant(self, world: World, rng: Generator) -> Planted:
        """Taps in bursts over many targets; a follow is of the author."""
        words = words_of(rng.spawn(1)[0])
        crews = self.crews(world, rng, words, self.targets)
        events: list[AnyEvent] = []
        served: list[int] = []
        for crew, order_ms in zip(crews, self.moments(world, rng, self.targets), strict=True):
            target = self._target(world, rng, served, order_ms - self.after_ms)
            if target is not None:
                served.append(target)
                events += self._serve(world, rng, words, crew, target, order_ms)
        whose = f"{len({world.author(post) for post in served})}" if self.authors else "unrelated"
        about = f"{self.size} hired accounts {self.action.value} {len(served)} posts of {whose} authors"
        return self.told(world, rng, crews, events, about)

    def _target(self, world: World, rng: Generator, served: Sequence[int], before_ms: int) -> int | None:
        """A post that no earlier order was for."""
        taken = {world.author(post) for post in served}
        if self.authors and len(taken) >= self.authors:
            return next(
                (post for post in _before(world, rng, before_ms) if world.author(post) in taken and post not in served),
                None,
            )
        reachable = world.posts_before(rng, self.targets * 3 + 20, before_ms)
        return next((post for post in reachable if world.author(post) not in taken), None)

    def _serve(
        self, world: World, rng: Generator, words: Random, crew: Sequence[Person], target: int, order_ms: int
    ) -> Iterator[Like]:
        author = world.author(target)
        what = author if self.action is LikeAction.FOLLOW else world.posts.ids[target]
        for _, person, at_ms in self.served(crew, order_ms, words, rng.random, lambda n: int(rng.integers(n))):
            yield person.like(what, author, at_ms, self.action)
            if rng.random() < self.churn:
                yield person.like(what, author, at_ms + 20_000, LikeAction.UNLIKE)
                yield person.like(what, author, at_ms + 50_000, self.action)


def _before(world: World, rng: Generator, before_ms: int) -> Iterator[int]:
    """All posts published before a moment, in any order."""
    yield from rng.permutation(int(np.searchsorted(world.posts.times_ms, before_ms))).tolist()
