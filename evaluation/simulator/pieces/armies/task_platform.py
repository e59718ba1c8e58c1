"""A platform where tasks are sold: people with lives of their own do small jobs for unrelated customers."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import Farm, Person
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.templates import PAID
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class TaskPlatform(Army, frozen=True, kw_only=True):
    """Dials of a platform. Its workers are real: aged accounts, own phones, more organic actions than jobs."""

    group: str = "task platform"
    size: Count = 100
    """Workers."""
    tasks: Count = 24
    """Jobs, each for another customer."""
    kinds: tuple[Literal["like", "follow", "repost", "comment"], ...] = ("like", "like", "follow", "repost", "comment")
    """Jobs take turns in this order."""
    participation: Share = 0.5
    jitter_ms: Span = 12 * MINUTE_MS
    camouflage: Mean = 20.0
    paraphrase: Share = 0.7
    """How far comments differ: 0 is one text word for word, 1 is all that `spin` says."""
    spin: Spin = Spin(homoglyphs=0.0, traditional=0.0, noise=1)
    farm: Farm = Farm(marked=0.0)

    def plant(self, world: World, rng: Generator) -> Planted:
        """Jobs of all kinds, one after another."""
        words = words_of(rng)
        crews = self.crews(world, rng, words, self.tasks)
        events: list[AnyEvent] = []
        customers: set[str] = set()
        for number, (crew, order_ms) in enumerate(zip(crews, self.moments(world, rng, self.tasks), strict=True)):
            reachable = world.posts_before(rng, self.tasks + 20, order_ms)
            target = next((post for post in reachable if world.author(post) not in customers), None)
            if target is not None:
                customers.add(world.author(target))
                events += self._job(world, number, target, crew, order_ms, words)
        about = f"{self.size} workers of a task platform serve {len(customers)} customers besides lives of their own"
        return self.told(world, rng, crews, events, about)

    def _job(
        self, world: World, number: int, target: int, crew: Sequence[Person], order_ms: int, words: Random
    ) -> Iterator[AnyEvent]:
        kind = self.kinds[number % len(self.kinds)]
        post, author = world.posts.ids[target], world.author(target)
        for place, person, at_ms in self.served(crew, order_ms, words):
            if kind == "comment":
                text = spin(PAID[number % len(PAID)], words, self.spin, self.paraphrase)
                yield person.post(f"{self.prefix}{number}-{place}", text, at_ms, reply_to=post)
            else:
                yield person.like(author if kind == "follow" else post, author, at_ms, LikeAction(kind))
