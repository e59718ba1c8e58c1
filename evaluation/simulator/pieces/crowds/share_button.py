"""A share button: everybody who presses it posts the same words, as fast as the news travels."""

from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, delays
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import SHARE_BUTTON, SHARE_LINK
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class ShareButton(Struct, frozen=True):
    """Dials of a share button under one article."""

    group: str = "share button"
    size: int = 220
    at: float = 0.3
    half_life_ms: int = 8 * MINUTE_MS
    """Median time from the article to the share."""
    everyday_likes: float = 3.0
    everyday_posts: float = 0.4

    def plant(self, world: World, rng: Generator) -> Planted:
        """One share of every reader."""
        prefix = self.group.replace(" ", "-") + "-"
        people = unrelated(rng, self.size, world.start_ms, prefix)
        begin_ms = world.start_ms + int(self.at * world.duration_ms)
        events: list[AnyEvent] = [
            person.post(f"{prefix}{number}", SHARE_BUTTON + SHARE_LINK, begin_ms + delay_ms, urls=(SHARE_LINK,))
            for number, (person, delay_ms) in enumerate(
                zip(people, delays(rng, self.size, self.half_life_ms, 1.0).tolist(), strict=True)
            )
        ]
        about = f"{self.size} readers press one share button after an earthquake"
        aside = everyday(world, rng, people, prefix, self.everyday_likes, self.everyday_posts)
        return planted(self.group, "share button", Expected.QUIET, about, people, events, aside)
