"""Midnight: everybody sends the same greeting in the same second, some of it written ahead and scheduled."""

from typing import TYPE_CHECKING, Literal

from numpy.random import Generator

from evaluation.simulator.clock import HOUR_MS, MINUTE_MS
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Number, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import BLESSINGS, GREETINGS, OCCASION_TAGS
from evaluation.simulator.world import Planted, World

if TYPE_CHECKING:
    from models.events import AnyEvent


class Greetings(HonestCrowd, frozen=True, kw_only=True):
    """Dials of greetings at the full hour."""

    group: str = "greetings"
    occasion: Literal["new-year", "birthday"] = "new-year"
    size: Count = 700
    at: Share = 0.45
    """Part of the stream before midnight, which is then the next full hour's beginning."""
    scheduled: Share = 0.3
    """Share that comes at the very second, by a timer or a finger on the button."""
    reaction_ms: Span = 4 * MINUTE_MS
    copied: Share = 0.3
    """Share that pastes the long blessing which goes round, word for word."""
    tagged: Share = 0.3
    pages: Number = 3
    """Posts of the occasion (by the celebrated, by pages about it) that appear at midnight."""
    likes_each: Share = 0.6

    def plant(self, world: World, rng: Generator) -> Planted:
        """One greeting of everybody, and likes of the pages."""
        words = words_of(rng)
        around_ms = world.start_ms + int(self.at * world.duration_ms)
        midnight_ms = -(-around_ms // (HOUR_MS // 2)) * (HOUR_MS // 2)
        people = self.people(world, rng, words, midnight_ms)
        pages = unrelated(rng, self.pages, world.start_ms, self.prefix + "page-")
        tag = OCCASION_TAGS[self.occasion]
        events: list[AnyEvent] = []
        for number, (person, late_ms) in enumerate(
            zip(people, rush(rng, len(people), midnight_ms, self.reaction_ms), strict=True)
        ):
            sharp = words.random() < self.scheduled
            at_ms = midnight_ms + words.randint(0, 1_500) if sharp else late_ms
            copied = words.random() < self.copied
            text = BLESSINGS[self.occasion] if copied else words.choice(GREETINGS[self.occasion])
            tags = (tag,) if words.random() < self.tagged else ()
            events.append(person.post(f"{self.prefix}{number}", text, at_ms, hashtags=tags))
        shown: list[AnyEvent] = []
        for number, page in enumerate(pages):
            post_id, post_ms = f"{self.prefix}page-post-{number}", midnight_ms + words.randint(0, 3_000)
            shown.append(
                page.post(post_id, f"{words.choice(GREETINGS[self.occasion])} #{number}", post_ms, hashtags=(tag,))
            )
            for person, at_ms in zip(people, rush(rng, len(people), post_ms, self.reaction_ms), strict=True):
                if words.random() < self.likes_each:
                    events.append(person.like(post_id, page.account_id, at_ms))
        about = f"{self.size} people send their {self.occasion} greetings at midnight sharp"
        return self.told(world, rng, "greetings", about, people, events, pages, shown)
