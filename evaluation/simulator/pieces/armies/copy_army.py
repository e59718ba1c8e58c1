"""An army that sells praise: each order is a message, each account posts its own variant of it."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Literal

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import Farm, Person
from evaluation.simulator.pieces.armies.deletion import deletion
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Number, Share, Span, spots_before
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.reworded import REWORDED
from evaluation.simulator.words.templates import PAID
from evaluation.simulator.world import Planted, World
from models.events import Post

WORDINGS: Mapping[str, tuple[str, ...]] = {"spun": PAID, "reworded": REWORDED}
"""Spun from templates, or said anew as a model would: each variant of a message with words of its own."""


class CopyArmy(Army, frozen=True, kw_only=True):
    """Dials of an army of commenters."""

    group: str = "copy army"
    orders: Count = 6
    """Messages, each written by the whole army; at most as many as there are messages."""
    spots: Number = 5
    """Posts of different authors under which an order's comments are placed; 0: they are posts, no comments."""
    participation: Share = 0.8
    jitter_ms: Span = 5 * MINUTE_MS
    paraphrase: Share = 1.0
    """How far the copies differ: 0 is one text word for word, 1 is all that `spin` says."""
    wording: Literal["spun", "reworded"] = "spun"
    spin: Spin = Spin()
    camouflage: Mean = 1.5
    deleted: Share = 0.0
    """Share of the comments that are deleted again."""
    life_ms: Span = MINUTE_MS
    """Median time until then."""
    farm: Farm = Farm(batches=3, phones=0, client="autoreply 1.4")
    templates: tuple[str, ...] = ()
    """Own messages instead of those of `wording`; `{a|b}` is a choice."""

    def plant(self, world: World, rng: Generator) -> Planted:
        """Comments in bursts, order by order."""
        words = words_of(rng)
        templates = (self.templates or WORDINGS[self.wording])[: self.orders]
        crews = self.crews(world, rng, words_of(rng.spawn(1)[0]), len(templates))
        events: list[Post] = []
        moments = self.moments(world, rng, len(templates))
        for number, (template, crew, order_ms) in enumerate(zip(templates, crews, moments, strict=True)):
            spots = spots_before(world, rng, self.spots, order_ms)
            events += self._serve(f"{self.prefix}{number}", crew, template, spots, order_ms, words)
        about = f"{self.size} hired accounts post {self.wording} copies of {len(templates)} advertisements"
        # texts with words of their own have nothing in common but the post that they stand under
        parts = max(1, self.spots) if self.wording == "reworded" else 1
        return self.told(world, rng, crews, [*events], about, parts=parts)

    def _serve(
        self, prefix: str, crew: Sequence[Person], template: str, spots: list[str], order_ms: int, words: Random
    ) -> Iterator[Post]:
        for place, person, at_ms in self.served(crew, order_ms, words):
            spot = words.choice(spots) if spots else None
            text = spin(template, words, self.spin, self.paraphrase)
            post = person.post(f"{prefix}-{place}", text, at_ms, reply_to=spot)
            yield post
            if words.random() < self.deleted:
                yield deletion(post, words, self.life_ms)
