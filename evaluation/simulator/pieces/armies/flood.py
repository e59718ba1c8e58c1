"""A batch hired for one job: one text, one minute, and nothing else ever."""

from typing import TYPE_CHECKING

from numpy.random import Generator

from evaluation.simulator.people import Farm
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.templates import FLOOD
from evaluation.simulator.world import Planted, World

if TYPE_CHECKING:
    from models.events import AnyEvent


class Flood(Army, frozen=True, kw_only=True):
    """Dials of a comment flood under one post."""

    group: str = "flood"
    size: Count = 50
    participation: Share = 1.0
    jitter_ms: Span = 40_000
    at: Share = 0.5
    """Part of the stream that has passed when it comes; `begin` has no say."""
    each: Count = 1
    """Comments of every account that takes part."""
    camouflage: Mean = 0.0
    paraphrase: Share = 1.0
    """How far the copies differ: 0 is one text word for word, 1 is all that `spin` says."""
    spin: Spin = Spin(homoglyphs=0.1, traditional=0.1, noise=1, dropped=0.05)
    farm: Farm = Farm(batches=1, phones=0, networks=0, marked=0.6)
    template: str = FLOOD

    def plant(self, world: World, rng: Generator) -> Planted:
        """Comments under one post."""
        words = words_of(rng)
        crews = self.crews(world, rng, words_of(rng.spawn(1)[0]), 1)
        begin_ms = world.start_ms + int(self.at * world.duration_ms)
        spots = [world.posts.ids[post] for post in world.posts_before(rng, 1, begin_ms)]
        spot = spots[0] if spots else None
        events: list[AnyEvent] = []
        for place, person, first_ms in self.served(crews[0], begin_ms, words):
            for turn, at_ms in enumerate(self.more(begin_ms, first_ms, self.each, words)):
                text = spin(self.template, words, self.spin, self.paraphrase)
                events.append(person.post(f"{self.prefix}{place}-{turn}", text, at_ms, reply_to=spot))
        about = f"{self.size} hired accounts flood one post within {self.span_ms // 1000} s"
        return self.told(world, rng, crews, events, about)
