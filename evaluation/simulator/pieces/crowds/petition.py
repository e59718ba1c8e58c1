"""A petition: hundreds of people who have nothing else in common paste one text with its link."""

from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, times
from evaluation.simulator.grammar import CHINESE
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.pieces.crowds.dials import Share, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import PETITION, PETITION_LINK
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class Petition(Struct, frozen=True):
    """Dials of a petition."""

    group: str = "petition"
    size: int = 350
    own_words: float = 0.2
    """Share that puts a sentence of their own before it."""
    newsletter: Share = 0.0
    """Share that signs within minutes after a newsletter; the others come by the day cycle."""
    everyday_likes: float = 3.0
    everyday_posts: float = 0.3

    def plant(self, world: World, rng: Generator) -> Planted:
        """One post of every signer over the whole stream."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        people = unrelated(rng, self.size, world.start_ms, prefix)
        moments = times(rng, self.size, world.start_ms, world.duration_ms).tolist()
        if self.newsletter:
            sent_ms = world.start_ms + world.duration_ms // 3
            mailed = rush(rng, self.size, sent_ms, 10 * MINUTE_MS)
            moments = [
                mail_ms if words.random() < self.newsletter else at_ms
                for mail_ms, at_ms in zip(mailed, moments, strict=True)
            ]
        events: list[AnyEvent] = []
        for number, (person, at_ms) in enumerate(zip(people, moments, strict=True)):
            before = CHINESE.sentence(words) + "。" if words.random() < self.own_words else ""
            text = f"{before}{PETITION} {PETITION_LINK}"
            events.append(person.post(f"{prefix}{number}", text, at_ms, urls=(PETITION_LINK,)))
        about = f"{self.size} unrelated people paste one petition with its link"
        aside = everyday(world, rng, people, prefix, self.everyday_likes, self.everyday_posts)
        return planted(self.group, "petition", Expected.QUIET, about, people, events, aside)
