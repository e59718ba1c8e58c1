"""An army that makes a topic trend: a flood of posts with one tag, deleted as soon as the list has moved."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Farm, Person
from evaluation.simulator.pieces.armies.deletion import deletion
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Number, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.hired import TREND_CALLS
from evaluation.simulator.words.random_words import random_words
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, Post

TAGS = ("海棠新色首发", "松湖三日游", "NordalWeekend", "远山公开课", "长堤二刷", "BrindleSleepWeek")


class HashtagPush(Army, frozen=True, kw_only=True):
    """Dials of an army that pushes topics: random words around a tag, deleted after 55 s at the median.

    Source of both: Elmas, Overdorf, Özkalay and Aberer, Ephemeral Astroturfing Attacks, EuroS&P 2021.
    """

    group: str = "hashtag push"
    size: Count = 100
    topics: Count = 1
    """Tags, one order each."""
    posts_each: Count = 2
    """Posts of each account that takes part in an order."""
    jitter_ms: Span = 2 * MINUTE_MS
    wording: Literal["calls", "random-words"] = "random-words"
    """Spun calls to look, or words drawn by chance, which no two posts share."""
    tagged: bool = True
    """Whether the platform sends the tag as such; else it stands in the text alone, without its mark."""
    paraphrase: Share = 1.0
    """How far calls differ: 0 is one text word for word."""
    spin: Spin = Spin()
    deleted: Share = 0.95
    """Share of the posts that are deleted again."""
    life_ms: Span = 55_000
    """Median time until then."""
    joiners: Number = 15
    """Honest accounts that write about a topic once it is seen."""
    begin: Share = 0.4
    camouflage: Mean = 1.0
    farm: Farm = Farm(marked=0.5, phones=0, networks=0, client="")
    tags: tuple[str, ...] = TAGS

    def plant(self, world: World, rng: Generator) -> Planted:
        """A burst of posts for each tag."""
        words = words_of(rng)
        tags = self.tags[: self.topics]
        crews = self.crews(world, rng, words, len(tags))
        events: list[AnyEvent] = []
        joined: list[AnyEvent] = []
        order_moments = self.moments(world, rng, len(tags))
        for number, (tag, crew, order_ms) in enumerate(zip(tags, crews, order_moments, strict=True)):
            for place, person, at_ms in self.served(crew, order_ms, words):
                moments = self.more(order_ms, at_ms, self.posts_each, words)
                events += self._posts(f"{self.prefix}{number}-{place}", person, tag, moments, words)
            joined += self._joiners(world, f"{self.prefix}{number}", tag, order_ms + self.span_ms, words)
        about = f"{self.size} hired accounts push {len(tags)} topics with {self.wording} and delete"
        return self.told(world, rng, crews, events, about, joined)

    def _posts(self, prefix: str, person: Person, tag: str, moments: Sequence[int], words: Random) -> Iterator[Post]:
        for number, at_ms in enumerate(moments):
            text = self._text(tag, words)
            post = person.post(f"{prefix}-{number}", text, at_ms, hashtags=(tag,) if self.tagged else ())
            yield post
            if words.random() < self.deleted:
                yield deletion(post, words, self.life_ms)

    def _text(self, tag: str, words: Random) -> str:
        mark = f"#{tag}#" if self.tagged else tag
        if self.wording == "random-words":
            number = words.randint(3, 9)
            at = words.randint(0, number)
            drawn = random_words(words, number)
            return " ".join([*drawn[:at], mark, *drawn[at:]])
        text = spin(words.choice(TREND_CALLS), words, self.spin, self.paraphrase)
        return f"{mark} {text}" if words.random() < 0.5 else f"{text} {mark}"

    def _joiners(self, world: World, prefix: str, tag: str, after_ms: int, words: Random) -> Iterator[Post]:
        people = world.crowd.people
        left_ms = max(1, world.start_ms + world.duration_ms - after_ms)
        for number, person in enumerate(words.sample(people, min(self.joiners, len(people)))):
            text = f"#{tag}# {grammar(0.7, words).text(words)}"
            yield person.post(f"{prefix}-joiner-{number}", text, after_ms + words.randrange(left_ms), hashtags=(tag,))
