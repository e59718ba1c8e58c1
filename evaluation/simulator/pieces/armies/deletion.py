"""Posts that are taken back as soon as they have done their work."""

from math import exp
from random import Random

from msgspec.structs import replace

from models.events import Post

SPREAD = 0.6
"""Of the logarithm of a post's life."""


def deletion(post: Post, words: Random, life_ms: int) -> Post:
    """The event that takes a post back, after a log-normal life of this median."""
    return replace(post, deleted_at_ms=post.created_at_ms + max(1_000, int(life_ms * exp(words.gauss(0, SPREAD)))))
