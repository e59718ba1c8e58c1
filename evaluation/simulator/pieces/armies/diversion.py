"""Accounts that lead readers elsewhere: every text is another, the contact in them is the same."""

from collections.abc import Iterator, Sequence
from random import Random

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.contacts import Contact, invent, written
from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Farm, Person
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Number, Share, Span, spots_before
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.hired import RECRUITMENT
from evaluation.simulator.world import Planted, World
from models.events import Post


class Diversion(Army, frozen=True, kw_only=True):
    """Dials of recruitment and diversion."""

    group: str = "diversion"
    size: Count = 60
    orders: Count = 5
    """Rounds of comments; the contacts take turns in them."""
    contacts: Count = 2
    """Contacts of the army."""
    kinds: tuple[Contact, ...] = ("wechat", "qq", "phone")
    disguise: Share = 0.7
    """Share of the texts that write the contact otherwise than plainly."""
    spots: Number = 40
    """Popular posts under which a round is placed; 0: posts of their own."""
    participation: Share = 0.7
    jitter_ms: Span = 9 * MINUTE_MS
    bare: Share = 0.1
    """Share of the texts that are the contact alone."""
    camouflage: Mean = 1.0
    farm: Farm = Farm(marked=0.5, batches=4, age_days=30, phones=0, networks=0, client="", names="syllables")

    def plant(self, world: World, rng: Generator) -> Planted:
        """Comments in own words with a contact."""
        words = words_of(rng)
        crews = self.crews(world, rng, words, self.orders)
        kinds = [self.kinds[number % len(self.kinds)] for number in range(self.contacts)]
        known = [(kind, invent(kind, words)) for kind in kinds]
        events: list[Post] = []
        for number, (crew, order_ms) in enumerate(zip(crews, self.moments(world, rng, self.orders), strict=True)):
            spots = spots_before(world, rng, self.spots, order_ms)
            events += self._serve(f"{self.prefix}{number}", known[number % len(known)], crew, order_ms, spots, words)
        about = f"{self.size} hired accounts lead readers to {len(known)} contacts in words of their own"
        return self.told(world, rng, crews, [*events], about)

    def _serve(
        self,
        prefix: str,
        contact: tuple[Contact, str],
        crew: Sequence[Person],
        order_ms: int,
        spots: Sequence[str],
        words: Random,
    ) -> Iterator[Post]:
        kind, value = contact
        for place, person, at_ms in self.served(crew, order_ms, words):
            text = self._text(kind, value, words)
            plain = kind == "link" and value in text
            spot = words.choice(spots) if spots else None
            yield person.post(f"{prefix}-{place}", text, at_ms, reply_to=spot, urls=(value,) if plain else ())

    def _text(self, kind: Contact, value: str, words: Random) -> str:
        told = words.choice(RECRUITMENT) + written(kind, value, words, self.disguise)
        if words.random() < self.bare:
            return told
        own = grammar(0.7, words).text(words, words.randint(1, 2))
        return f"{told} {own}" if words.random() < 0.25 else f"{own} {told}"
