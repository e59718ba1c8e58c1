"""An army that sells ratings: five stars for a shop's wares, ten points for a film, one for its rival."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal

from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import Farm, Person
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Number, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.hired import REVIEWS
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction, PostKind


class RatingArmy(Army, frozen=True, kw_only=True):
    """Dials of an army of raters."""

    group: str = "rating army"
    size: Count = 80
    targets: Count = 8
    """Wares or films that are rated, one order each."""
    sellers: Count = 4
    """Accounts to which the targets belong."""
    action: Literal["rate", "vote"] = "rate"
    values: tuple[float, ...] = (5.0,)
    """What the army gives; each account draws one of them."""
    scale: Count = 5
    """Best value; honest people give 1 to this."""
    against: Share = 0.0
    """Share of the targets that get a 1 from everybody: rivals."""
    reviews: Share = 0.4
    """Share of the ratings that come with a text."""
    paraphrase: Share = 1.0
    """How far those texts differ: 0 is one text word for word, 1 is all that `spin` says."""
    spin: Spin = Spin()
    honest: Number = 40
    """Ratings that a target gets from honest accounts over the stream."""
    jitter_ms: Span = 15 * MINUTE_MS
    camouflage: Mean = 2.0
    farm: Farm = Farm(batches=3, age_days=60, phones=0, networks=0, client="", marked=0.7, names="syllables")

    def plant(self, world: World, rng: Generator) -> Planted:
        """Ratings in bursts, with reviews."""
        words = words_of(rng)
        crews = self.crews(world, rng, words, self.targets)
        people = world.crowd.people
        owners = [person.account_id for person in words.sample(people, min(self.sellers, len(people)))]
        events: list[AnyEvent] = []
        others: list[AnyEvent] = []
        for number, (crew, order_ms) in enumerate(zip(crews, self.moments(world, rng, self.targets), strict=True)):
            target = f"{self.prefix}target-{number}"
            owner = owners[number % len(owners)]
            low = words.random() < self.against
            events += self._serve(target, owner, crew, order_ms, words, low=low)
            others += self._honest(world, target, owner, words)
        about = f"{self.size} hired accounts {self.action} {self.targets} targets of {len(owners)} sellers"
        return self.told(world, rng, crews, events, about, others)

    def _serve(
        self, target: str, owner: str, crew: Sequence[Person], order_ms: int, words: Random, *, low: bool
    ) -> Iterator[AnyEvent]:
        for place, person, at_ms in self.served(crew, order_ms, words):
            value = 1.0 if low else words.choice(self.values)
            yield replace(person.like(target, owner, at_ms, LikeAction(self.action)), value=value)
            if not low and words.random() < self.reviews:
                text = spin(words.choice(REVIEWS), words, self.spin, self.paraphrase)
                review = person.post(f"{target}-{place}", text, at_ms + words.randint(1_000, 60_000), reply_to=target)
                yield replace(review, kind=PostKind.REVIEW)

    def _honest(self, world: World, target: str, owner: str, words: Random) -> Iterator[AnyEvent]:
        """Ratings by people who bought it or saw it: most are content, some are not."""
        people = world.crowd.people
        for person in words.sample(people, min(self.honest, len(people))):
            at_ms = world.start_ms + words.randrange(world.duration_ms)
            value = max(1.0, float(round(self.scale * words.betavariate(4, 1.6))))
            yield replace(person.like(target, owner, at_ms, LikeAction(self.action)), value=value)
