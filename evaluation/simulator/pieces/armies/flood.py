"""A batch hired for one job: one text, one minute, and nothing else ever."""

from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.people import Farm, farmed
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import FLOOD
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class Flood(Struct, frozen=True):
    """Dials of a comment flood under one post."""

    group: str = "flood"
    size: int = 50
    jitter_ms: int = 40_000
    at: float = 0.5
    """Part of the stream that has passed when it comes."""
    spin: Spin = Spin(homoglyphs=0.1, traditional=0.1, noise=1, dropped=0.05)
    farm: Farm = Farm(batches=1, phones=0, networks=0, marked=0.6)
    template: str = FLOOD

    def plant(self, world: World, rng: Generator) -> Planted:
        """Comments under one post."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        people = farmed(rng, self.size, world.start_ms, prefix, self.farm)
        begin_ms = world.start_ms + int(self.at * world.duration_ms)
        spots = [world.posts.ids[post] for post in world.posts_before(rng, 1, begin_ms)]
        spot = spots[0] if spots else None
        events: list[AnyEvent] = [
            person.post(
                f"{prefix}{position}",
                spin(self.template, words, self.spin),
                begin_ms + words.randrange(self.jitter_ms),
                reply_to=spot,
            )
            for position, person in enumerate(people)
        ]
        about = f"{self.size} hired accounts flood one post within {self.jitter_ms // 1000} s"
        return planted(self.group, "army", Expected.ALERT, about, people, events)
