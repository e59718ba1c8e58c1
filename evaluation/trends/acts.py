"""Posts, deletions and likes of the simulated bursts, collected as they are made."""

from random import Random

import numpy as np
from numpy.random import Generator

from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Person
from evaluation.simulator.randomness import words_of
from models.events import AnyEvent, Post

HALF_LIFE_MS = 90_000
"""Median time after which an honest person takes back a post that they take back: typing errors, second thoughts."""


class Acts:
    """Events in the order they are made; sorted later."""

    def __init__(self, deleted: float, rng: Generator) -> None:
        """`deleted` is the share of honest posts that are taken back."""
        self.events: list[AnyEvent] = []
        self.posts: dict[str, list[Post]] = {}
        """Posts of each topic, for likes and reposts."""
        self._deleted = deleted
        self._rng = rng
        self._words = words_of(rng)
        self._number = 0

    def post(self, person: Person, topic: str, at_ms: int, reposts: float = 0.0, replies: float = 0.0) -> Post:
        """An honest post on a topic, perhaps a repost or reply of an earlier one, perhaps deleted later."""
        post = self._publish(person, topic, sentence(self._words), at_ms, reposts, replies)
        if self._rng.random() < self._deleted:
            self.delete(post, int(HALF_LIFE_MS * np.exp(1.2 * self._rng.standard_normal())))
        return post

    def hired(self, person: Person, topic: str, at_ms: int, random_words: bool) -> Post:
        """A post that was paid for; the caller deletes it."""
        text = gibberish(self._words) if random_words else sentence(self._words)
        return self._publish(person, topic, text, at_ms, 0.0, 0.0)

    def _publish(self, person: Person, topic: str, text: str, at_ms: int, reposts: float, replies: float) -> Post:
        earlier = self.posts.setdefault(topic, [])
        self._number += 1
        chance = self._rng.random()
        other = earlier[self._words.randrange(len(earlier))] if earlier and chance < reposts + replies else None
        if other is not None and other.created_at_ms >= at_ms:
            other = None
        post_id = f"t{self._number}"
        post = person.post(
            post_id,
            f"{text} #{topic}",
            at_ms,
            reply_to=other.post_id if other and chance >= reposts else None,
            repost_of=other.post_id if other and chance < reposts else None,
            hashtags=(topic,),
        )
        earlier.append(post)
        self.events.append(post)
        return post

    def delete(self, post: Post, after_ms: int) -> None:
        """The author takes a post back, at least two seconds after it."""
        self.events.append(_without(post, post.created_at_ms + max(2_000, after_ms)))

    def like(self, person: Person, topic: str, at_ms: int, until_ms: int) -> None:
        """Like one of the topic's posts, soon after `at_ms` or after the post, if that is before `until_ms`."""
        posts = self.posts[topic]
        post = posts[self._words.randrange(len(posts))]
        when_ms = max(at_ms, post.created_at_ms + 1_500 + int(self._rng.exponential(60_000)))
        if when_ms < until_ms:
            self.events.append(person.like(post.post_id, post.account_id, when_ms))


def _without(post: Post, deleted_at_ms: int) -> Post:
    return Post(
        post.post_id, post.account_id, "", post.created_at_ms, post.kind, post.reply_to, post.repost_of,
        deleted_at_ms=deleted_at_ms,
    )  # fmt: skip


def sentence(words: Random) -> str:
    """A sentence as people of the simulated platform write it."""
    return grammar(0.5, words).sentence(words)


def gibberish(words: Random) -> str:
    """Words of a dictionary, in no order."""
    language = grammar(0.0, words)
    return " ".join(words.sample(language.sentence(words).split() + language.sentence(words).split(), 4))
