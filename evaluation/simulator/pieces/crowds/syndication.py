"""A publishing house: its local pages carry the same headlines with links to its own site."""

from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.grammar import ENGLISH
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import alike
from evaluation.simulator.randomness import words_of
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import HEADLINES
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class Syndication(Struct, frozen=True):
    """Dials of a house of local newspapers."""

    group: str = "newsroom"
    size: int = 24
    stories: int = 5
    participation: float = 0.9
    jitter_ms: int = 2 * MINUTE_MS
    """A story goes out to all pages within this."""
    own_posts: int = 4
    """Local news of each page."""
    site: str = "https://www.riverpost.example"
    client: str = ""
    """The editing system that all pages use, from the house's network; an empty one leaves each its own."""

    def plant(self, world: World, rng: Generator) -> Planted:
        """Shared stories, and each page's own posts."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        pages = unrelated(rng, self.size, world.start_ms, prefix)
        if self.client:
            pages = alike(pages, words, 1.0, f"{prefix}house", self.client)
        events: list[AnyEvent] = []
        stories = HEADLINES[: self.stories]
        moments = spread(rng, len(stories), world.start_ms, world.duration_ms - self.jitter_ms)
        for (headline, slug), story_ms in zip(stories, moments, strict=True):
            url = f"{self.site}/{slug}"
            for position, page in enumerate(pages):
                if words.random() < self.participation:
                    at_ms = story_ms + words.randrange(self.jitter_ms)
                    events.append(page.post(f"{prefix}{slug}-{position}", f"{headline} {url}", at_ms, urls=(url,)))
        aside = [
            page.post(
                f"{prefix}own-{position}-{number}",
                ENGLISH.text(words, 2),
                world.start_ms + words.randrange(world.duration_ms),
                urls=(f"{self.site}/local/{position}-{number}",),
            )
            for position, page in enumerate(pages)
            for number in range(self.own_posts)
        ]
        about = f"{self.size} local pages of one house carry the same {len(stories)} headlines"
        return planted(self.group, "newsroom", Expected.QUIET, about, pages, events, aside)
