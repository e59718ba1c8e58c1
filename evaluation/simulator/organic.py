"""What unrelated people do: posts, replies, reposts, greetings, likes, second thoughts."""

from random import Random
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import DAY_MS, MINUTE_MS, delays, times
from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Crowd
from evaluation.simulator.randomness import words_of
from evaluation.simulator.untold import Untold
from evaluation.simulator.world import Catalogue, World
from models.events import AnyEvent, LikeAction, Post

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
THREAD_POSTS = 200
"""A thread is about one of so many posts before."""


class Organic(Struct, frozen=True):
    """Dials of the background."""

    accounts: int = 20_000
    posts: int = 9_000
    likes: int = 130_000
    earlier_posts: int = 6_000
    """Posts of the day before, which people still like; their publication is not in the stream."""
    chinese_share: float = 0.6
    replies: float = 0.25
    reposts: float = 0.12
    greetings: float = 0.2
    """Share of the posts that are short phrases which many people repeat."""
    loyalty: float = 0.7
    """Share of the likes that stay inside the community of the post."""
    reaction_ms: int = 12 * MINUTE_MS
    """Median time from a post to a like of it."""
    deleted: float = 0.015
    unliked: float = 0.01
    threads: Share = 0.0
    """Share of the replies that go to what is talked about in the writer's own community just then."""
    sessions: Annotated[float, Meta(ge=0, le=1_000)] = 0.0
    """Times a day that somebody opens the platform and does everything at once; 0: whenever something appears."""
    untold: tuple[Untold, ...] = ()
    """Attributes that the platform keeps to itself."""


def catalogue(dials: Organic, crowd: Crowd, rng: Generator, start_ms: int, duration_ms: int) -> Catalogue:
    """Decide who posts when, and how much each post will be liked (Zipf; none above 2 %)."""
    earlier = times(rng, dials.earlier_posts, start_ms - DAY_MS, DAY_MS)
    at_ms = np.concatenate([earlier, times(rng, dials.posts, start_ms, duration_ms)])
    authors = rng.choice(len(crowd.people), len(at_ms), p=crowd.weights)
    popularity = rng.pareto(1.15, len(at_ms)) + 0.02
    # yesterday's posts are nearly forgotten
    popularity *= np.exp(np.minimum(0.0, (at_ms - start_ms) / (6 * 60 * MINUTE_MS)))
    for _ in range(3):
        popularity = np.minimum(popularity / popularity.sum(), 0.02)
    return Catalogue(
        [f"p{number}" for number in range(len(at_ms))],
        authors,
        at_ms,
        crowd.communities[authors],
        popularity / popularity.sum(),
    )


def posts(dials: Organic, world: World, rng: Generator) -> list[AnyEvent]:
    """Texts of every post inside the stream, and the deletions of a few."""
    words = words_of(rng)
    known = world.posts
    first = int(np.searchsorted(known.times_ms, world.start_ms))
    events: list[AnyEvent] = []
    for number in range(first, len(known.ids)):
        post = _post(dials, world, words, number)
        events.append(post)
        if words.random() < dials.deleted:
            events.append(replace(post, deleted_at_ms=post.created_at_ms + words.randint(20_000, 20 * MINUTE_MS)))
    return events


def _post(dials: Organic, world: World, words: Random, number: int) -> Post:
    known = world.posts
    language = grammar(dials.chinese_share, words)
    text = language.greeting(words) if words.random() < dials.greetings else language.text(words)
    kind = words.random()
    other = known.ids[words.randrange(number)] if number else None
    if dials.threads and kind < dials.replies and words.random() < dials.threads:
        other = _talked_about(world, words, number) or other
    return world.crowd.people[int(known.authors[number])].post(
        known.ids[number],
        text,
        int(known.times_ms[number]),
        reply_to=other if kind < dials.replies else None,
        repost_of=other if dials.replies <= kind < dials.replies + dials.reposts else None,
        hashtags=(language.word(words, "work"),) if words.random() < 0.04 else (),
    )


def _talked_about(world: World, words: Random, number: int) -> str | None:
    """A post of the writer's own community among the last ones, popular ones more likely."""
    known = world.posts
    recent = range(max(0, number - THREAD_POSTS), number)
    own = [at for at in recent if known.communities[at] == known.communities[number]]
    if not own:
        return None
    return known.ids[words.choices(own, [float(known.popularity[at]) for at in own])[0]]


def likes(dials: Organic, world: World, rng: Generator) -> list[AnyEvent]:
    """Likes after publication with log-normal delays, mostly within a community, once for each account and post."""
    post, account, at_ms = _who_likes_what(dials, world, rng)
    people, known = world.crowd.people, world.posts
    undone = rng.random(len(post)) < dials.unliked
    events: list[AnyEvent] = []
    for number, (target, who, when) in enumerate(zip(post.tolist(), account.tolist(), at_ms.tolist(), strict=True)):
        author = world.author(target)
        events.append(people[who].like(known.ids[target], author, when))
        if undone[number]:
            events.append(people[who].like(known.ids[target], author, when + 45_000, LikeAction.UNLIKE))
    return events


def _who_likes_what(
    dials: Organic, world: World, rng: Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    known, crowd = world.posts, world.crowd
    post = rng.choice(len(known.ids), dials.likes, p=known.popularity)
    account = rng.choice(len(crowd.people), dials.likes, p=crowd.weights)
    account = _loyal(rng, crowd, known.communities[post], account, dials.loyalty)
    at_ms = np.maximum(known.times_ms[post], world.start_ms) + delays(rng, dials.likes, dials.reaction_ms, 1.1)
    if dials.sessions:
        at_ms = _in_sessions(dials, world, rng, account, at_ms)
    _, first = np.unique(post * len(crowd.people) + account, return_index=True)
    kept = first[(at_ms[first] < world.start_ms + world.duration_ms)]
    return post[kept], account[kept], at_ms[kept]


def _loyal(
    rng: Generator, crowd: Crowd, communities: NDArray[np.int64], account: NDArray[np.int64], loyalty: float
) -> NDArray[np.int64]:
    """Redraw a share of the accounts from the community of the post."""
    chosen = account.copy()
    stays = rng.random(len(account)) < loyalty
    for community in np.unique(communities):
        at = np.flatnonzero(stays & (communities == community))
        members = np.flatnonzero(crowd.communities == community)
        if len(members):
            weights = crowd.weights[members]
            chosen[at] = rng.choice(members, len(at), p=weights / weights.sum())
    return chosen


def _in_sessions(
    dials: Organic, world: World, rng: Generator, account: NDArray[np.int64], at_ms: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Move every action to the next time its account looks; sessions follow the day cycle.

    What waited is done within minutes, one thing after the other, as in a feed. What no session
    comes for any more is put after the end of the stream.
    """
    people, span_ms = len(world.crowd.people), 2 * world.duration_ms
    opened = times(rng, max(1, round(dials.sessions * people * world.duration_ms / DAY_MS)), 0, world.duration_ms)
    owners = rng.integers(people, size=len(opened))
    keys = np.sort(owners * span_ms + opened)
    wanted = account * span_ms + np.minimum(at_ms - world.start_ms, span_ms - 1)
    found = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)]
    waited = (found >= wanted) & (found // span_ms == account)
    since_ms = np.where(waited, found % span_ms, span_ms)
    return world.start_ms + since_ms + delays(rng, len(at_ms), 3 * MINUTE_MS, 0.8)
