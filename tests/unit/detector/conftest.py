"""Streams for the tests of the core. Times are epoch ms; randomness is seeded by the test."""

from collections.abc import Callable
from random import Random

import pytest

from models.events import Like, LikeAction

START_MS = 1_700_000_000_000
MINUTE_MS = 60_000


def army_likes(rnd: Random, accounts: int, targets: int, share: float = 0.7, jitter_ms: int = 300_000) -> list[Like]:
    """One army: each account likes `share` of the targets, each by another author, within the jitter."""
    likes = []
    for number in range(targets):
        start_ms = START_MS + number * 10 * MINUTE_MS + rnd.randrange(5 * MINUTE_MS)
        for account in range(accounts):
            if rnd.random() < share:
                at_ms = start_ms + rnd.randrange(jitter_ms)
                likes.append(Like(f"army{account}", f"post{number}", LikeAction.LIKE, at_ms, f"author{number}"))
    return likes


def honest_likes(rnd: Random, accounts: int, targets: int, likes_each: int) -> list[Like]:
    """Independent accounts over a wide choice of targets."""
    return [
        Like(
            f"honest{account}",
            f"public{rnd.randrange(targets)}",
            LikeAction.LIKE,
            START_MS + rnd.randrange(240 * MINUTE_MS),
            f"somebody{rnd.randrange(50)}",
        )
        for account in range(accounts)
        for _ in range(likes_each)
    ]


@pytest.fixture
def mixed() -> Callable[[int], list[Like]]:
    """An army of 60 on 15 targets among 400 honest accounts, sorted by time."""

    def make(seed: int) -> list[Like]:
        rnd = Random(seed)
        likes = army_likes(rnd, 60, 15) + honest_likes(rnd, 400, 80, 15)
        return sorted(likes, key=lambda like: like.acted_at_ms)

    return make
