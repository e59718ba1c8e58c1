"""A goal, an earthquake: everybody shouts the same few words in the same seconds, and likes the same posts."""

from typing import TYPE_CHECKING, Literal

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import MOMENTS, OFFICIAL
from evaluation.simulator.world import Planted, World

if TYPE_CHECKING:
    from models.events import AnyEvent


class SharedMoment(HonestCrowd, frozen=True, kw_only=True):
    """Dials of moments that a whole stadium or region lives through together."""

    group: str = "shared moment"
    occasion: Literal["goal", "earthquake"] = "goal"
    size: Count = 600
    moments: Count = 3
    """Goals, or shocks: the same people feel each of them."""
    participation: Share = 0.6
    """Share that writes at each moment."""
    likes_each: Share = 0.5
    """Chance of liking each official post about it."""
    reaction_ms: Span = 12_000
    """Median time until somebody has typed it."""
    tagged: Share = 0.15

    def plant(self, world: World, rng: Generator) -> Planted:
        """Shouts within seconds, then likes of two official posts a moment."""
        words = words_of(rng)
        told = unrelated(rng, 2, world.start_ms, self.prefix + "official-")
        people = self.people(world, rng, words, world.start_ms)
        events: list[AnyEvent] = []
        shown: list[AnyEvent] = []
        for number, moment_ms in enumerate(
            spread(rng, self.moments, world.start_ms, int(0.9 * world.duration_ms), 0.2)
        ):
            for person, at_ms in zip(people, rush(rng, len(people), moment_ms, self.reaction_ms), strict=True):
                if words.random() < self.participation:
                    text = words.choice(MOMENTS[self.occasion])
                    tags = (f"{self.occasion}-live",) if words.random() < self.tagged else ()
                    events.append(person.post(f"{self.prefix}{number}-{person.account_id}", text, at_ms, hashtags=tags))
            for who, outlet in enumerate(told):
                post_id, post_ms = f"{self.prefix}o{number}-{who}", moment_ms + 20_000 + 25_000 * who
                text = OFFICIAL[self.occasion][who].format(minute=words.randint(1, 9))
                shown.append(outlet.post(post_id, text, post_ms))
                for person, at_ms in zip(people, rush(rng, len(people), post_ms, 2 * MINUTE_MS), strict=True):
                    if words.random() < self.likes_each:
                        events.append(person.like(post_id, outlet.account_id, at_ms))
        about = f"{self.size} people live through {self.moments} moments ({self.occasion}) and shout the same words"
        return self.told(world, rng, self.occasion, about, people, events, told, shown)
