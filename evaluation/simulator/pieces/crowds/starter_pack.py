"""A starter pack: one click on a list, and somebody follows the same fifty accounts as everybody before."""

from numpy.random import Generator

from evaluation.simulator.clock import DAY_MS, MINUTE_MS
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class StarterPack(HonestCrowd, frozen=True, kw_only=True):
    """Dials of a list that hundreds click."""

    group: str = "starter pack"
    size: Count = 300
    listed: Count = 50
    """Accounts in the pack."""
    participation: Share = 0.97
    """Share of the pack that somebody follows: one may untick a few."""
    reaction_ms: Span = 13 * MINUTE_MS
    """Median time from the pack's publication to a click."""
    follow_ms: Span = 300
    """Time between two follows of one click, as the app sends them."""
    begin: Share = 0.1
    newcomers: Share = 0.35
    """Packs are what newcomers are shown first."""
    registered_within_ms: Span = 3 * DAY_MS
    everyday_likes: Mean = 4.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """Everybody's click, in the order of the list."""
        words = words_of(rng)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        people = self.people(world, rng, words, begin_ms)
        listed = unrelated(rng, self.listed, world.start_ms, self.prefix + "listed-")
        events: list[AnyEvent] = []
        for person, click_ms in zip(people, rush(rng, len(people), begin_ms, self.reaction_ms, 1.0), strict=True):
            for place, other in enumerate(listed):
                if words.random() < self.participation:
                    at_ms = click_ms + place * self.follow_ms
                    events.append(person.like(other.account_id, other.account_id, at_ms, LikeAction.FOLLOW))
        about = f"{self.size} people click one list and follow the same {self.listed} accounts"
        return self.told(world, rng, "starter pack", about, people, events, listed)
