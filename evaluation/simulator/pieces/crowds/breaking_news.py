"""Breaking news: thousands reach the same few posts within minutes, and write about it in their own words."""

from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, delays
from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.randomness import words_of
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import NEWS, NEWS_TAG
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class BreakingNews(Struct, frozen=True):
    """Dials of one piece of news, told by several posts."""

    group: str = "breaking news"
    size: int = 1_500
    at: float = 0.4
    likes_each: float = 0.6
    """Chance that a reader likes one of the posts."""
    reaction_ms: int = 6 * MINUTE_MS
    comments: float = 0.25
    everyday_likes: float = 1.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """A push message, the crowd it sends, and what they say."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        outlets = unrelated(rng, len(NEWS), world.start_ms, prefix + "outlet-")
        readers = unrelated(rng, self.size, world.start_ms, prefix)
        begin_ms = world.start_ms + int(self.at * world.duration_ms)
        events: list[AnyEvent] = []
        for number, (outlet, text) in enumerate(zip(outlets, NEWS, strict=True)):
            post_ms = begin_ms + number * 40_000
            events.append(outlet.post(f"{prefix}p{number}", text, post_ms, hashtags=(NEWS_TAG,)))
            for position, delay_ms in enumerate(delays(rng, self.size, self.reaction_ms, 0.8).tolist()):
                if words.random() < self.likes_each:
                    events.append(
                        readers[position].like(f"{prefix}p{number}", outlet.account_id, post_ms + 1_000 + delay_ms)
                    )
        for position, delay_ms in enumerate(delays(rng, self.size, 2 * self.reaction_ms, 0.8).tolist()):
            if words.random() < self.comments:
                text = grammar(0.6, words).sentence(words)
                post_id = f"{prefix}c{position}"
                events.append(readers[position].post(post_id, text, begin_ms + delay_ms, hashtags=(NEWS_TAG,)))
        about = f"{self.size} readers rush to the same posts about a bridge"
        aside = everyday(world, rng, readers, prefix, self.everyday_likes)
        return planted(self.group, "breaking news", Expected.QUIET, about, readers, events, aside, outlets)
