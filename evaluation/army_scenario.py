"""A small seeded stream that surely holds campaigns: an army among organic likes and posts."""

import random
from collections.abc import Iterator

from models.events import Account, AnyEvent, Like, LikeAction, Post
from models.moments import when_ms

START_MS = 1_760_000_000_000
MINUTE_MS = 60_000


def scenario(
    seed: int, minutes: int = 30, organic: int = 3_000, army: int = 24, targets: int = 8, armies: int = 4
) -> list[AnyEvent]:
    """Events sorted by time; every id is unique and every time is distinct enough to sort stably."""
    rng = random.Random(seed)
    span_ms = minutes * MINUTE_MS
    events: list[AnyEvent] = []
    for number in range(targets * 5):
        events.append(Post(f"p{number}", f"author{number % 17}", _text(rng), START_MS + rng.randrange(span_ms // 4)))
    events += _organic(rng, organic, span_ms, targets * 5)
    for number in range(armies):
        events += _army(rng, number, army, targets, span_ms)
    return sorted(events, key=when_ms)


def _organic(rng: random.Random, count: int, span_ms: int, posts: int) -> Iterator[AnyEvent]:
    for number in range(count):
        at_ms = START_MS + rng.randrange(span_ms)
        account = f"user{rng.randrange(900)}"
        if rng.random() < 0.2:
            yield Post(f"o{number}", account, _text(rng), at_ms)
        else:
            yield Like(account, f"p{rng.randrange(posts)}", LikeAction.LIKE, at_ms, f"author{rng.randrange(17)}")


def _army(rng: random.Random, number: int, size: int, targets: int, span_ms: int) -> Iterator[AnyEvent]:
    registered_ms = START_MS - 3 * 86_400_000
    members = [f"army{number}x{member}" for member in range(size)]
    client, device = f"bot {number}.0", f"d{number}"
    for account in members:
        known_ms = START_MS + rng.randrange(1_000)
        yield Account(
            account,
            registered_ms + rng.randrange(60_000),
            account,
            client=client,
            device_id=device,
            observed_at_ms=known_ms,
        )
    for target in range(targets):
        begin_ms = START_MS + span_ms // 4 + number * span_ms // 20 + target * (span_ms // 2) // targets
        for account in members:
            if rng.random() < 0.9:
                at_ms = begin_ms + rng.randrange(20_000)
                yield Like(
                    account,
                    f"p{target * 5 + number}",
                    LikeAction.LIKE,
                    at_ms,
                    f"author{target}",
                    client=client,
                    device_id=device,
                )


def _text(rng: random.Random) -> str:
    words = "tide reef kelp gull sand wave dune shell crab foam salt wind boat net rope harbour storm moon".split()
    return " ".join(rng.choice(words) for _ in range(18))
