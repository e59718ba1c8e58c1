"""A copypasta: a long silly text that people copy word for word or with a small joke of their own."""

from random import Random
from typing import TYPE_CHECKING

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import COPYPASTA, SWAPS
from evaluation.simulator.world import Planted, World

if TYPE_CHECKING:
    from models.events import AnyEvent


class Copypasta(HonestCrowd, frozen=True, kw_only=True):
    """Dials of texts that go round without a link, hashtag or picture."""

    group: str = "copypasta"
    size: Count = 260
    memes: Count = 2
    """At most two go round at once; somebody who likes such things may post both."""
    participation: Share = 0.5
    edited: Share = 0.5
    """Share that changes a word or adds something."""
    replies: Share = 0.6
    """Share that posts it under one of a few popular posts, where it started."""
    begin: Share = 0.15
    reaction_ms: Span = 14 * MINUTE_MS
    """Median time until somebody has seen it and copies it."""

    def plant(self, world: World, rng: Generator) -> Planted:
        """Copies that die away slowly."""
        words = words_of(rng)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        people = self.people(world, rng, words, begin_ms)
        hot = [world.posts.ids[post] for post in world.posts_before(rng, 3, begin_ms)]
        events: list[AnyEvent] = []
        for meme, text in enumerate(COPYPASTA[: self.memes]):
            seen = rush(rng, len(people), begin_ms + meme * 4 * MINUTE_MS, self.reaction_ms, 1.0)
            for person, at_ms in zip(people, seen, strict=True):
                if words.random() < self.participation:
                    copy = changed(text, words) if words.random() < self.edited else text
                    under = words.choice(hot) if hot and words.random() < self.replies else None
                    post_id = f"{self.prefix}{meme}-{person.account_id}"
                    events.append(person.post(post_id, copy, at_ms, reply_to=under))
        about = f"{self.size} people copy the same long texts, many with a word changed, no link in them"
        return self.told(world, rng, "copypasta", about, people, events)


def changed(text: str, words: Random) -> str:
    """A copy with one to three words swapped, or something of one's own before or after it."""
    for old, new in words.sample(SWAPS, 3):
        text = text.replace(old, new)
    if words.random() < 0.3:
        text = (
            words.choice(("笑死，", "lol ", "轮到我了：", "")) + text + words.choice(("", "哈哈哈", " 😂", "（狗头）"))
        )
    return text
