"""An army that sells praise: each order is a template, each account posts its own spun variant of it."""

from random import Random

from msgspec import Struct
from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.people import Farm, Person, farmed
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import PAID
from evaluation.simulator.world import Planted, World, planted
from models.events import AnyEvent


class CopyArmy(Struct, frozen=True):
    """Dials of an army of commenters."""

    group: str = "copy army"
    size: int = 60
    orders: int = 6
    """Templates, each written by the whole army; at most as many as there are templates."""
    spots: int = 5
    """Posts of different authors under which an order's comments are placed."""
    participation: float = 0.8
    jitter_ms: int = 5 * MINUTE_MS
    spin: Spin = Spin()
    camouflage: float = 1.5
    deleted: float = 0.0
    """Share of the comments that are deleted a minute later."""
    begin: float = 0.1
    farm: Farm = Farm(batches=3, phones=0, client="autoreply 1.4")
    templates: tuple[str, ...] = PAID

    def plant(self, world: World, rng: Generator) -> Planted:
        """Comments in bursts, order by order."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        people = farmed(rng, self.size, world.start_ms, prefix, self.farm)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        duration_ms = world.start_ms + world.duration_ms - self.jitter_ms - begin_ms
        templates = self.templates[: self.orders]
        events: list[AnyEvent] = []
        moments = spread(rng, len(templates), begin_ms, duration_ms)
        for number, (template, order_ms) in enumerate(zip(templates, moments, strict=True)):
            spots = [world.posts.ids[post] for post in world.posts_before(rng, self.spots, order_ms)]
            events += self._serve(f"{prefix}{number}", people, template, spots, order_ms, words)
        about = f"{self.size} hired accounts post spun copies of {len(templates)} advertisements"
        aside = everyday(world, rng, people, prefix, self.camouflage)
        return planted(self.group, "army", Expected.ALERT, about, people, events, aside)

    def _serve(
        self, prefix: str, people: list[Person], template: str, spots: list[str], order_ms: int, words: Random
    ) -> list[AnyEvent]:
        events: list[AnyEvent] = []
        for position, person in enumerate(people):
            if words.random() >= self.participation:
                continue
            at_ms = order_ms + words.randrange(self.jitter_ms)
            spot = words.choice(spots) if spots else None
            post = person.post(f"{prefix}-{position}", spin(template, words, self.spin), at_ms, reply_to=spot)
            events.append(post)
            if words.random() < self.deleted:
                events.append(replace(post, deleted_at_ms=at_ms + 60_000))
        return events
