"""What planted accounts do besides: the everyday life of honest people, the camouflage of armies."""

from collections.abc import Sequence

from numpy.random import Generator

from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Person
from evaluation.simulator.randomness import words_of
from evaluation.simulator.world import World
from models.events import AnyEvent


def everyday(
    world: World, rng: Generator, people: Sequence[Person], group: str, likes: float, posts: float = 0.0
) -> list[AnyEvent]:
    """Likes of organic posts and posts in own words, Poisson with these means for each account."""
    words = words_of(rng)
    known = world.posts
    events: list[AnyEvent] = []
    for who, (liked, posted) in enumerate(
        zip(rng.poisson(likes, len(people)), rng.poisson(posts, len(people)), strict=True)
    ):
        for target in rng.choice(len(known.ids), liked, p=known.popularity).tolist():
            begin_ms = max(world.start_ms, int(known.times_ms[target]))
            at_ms = begin_ms + int(rng.integers(1, max(2, world.start_ms + world.duration_ms - begin_ms)))
            events.append(people[who].like(known.ids[target], world.author(target), at_ms))
        for number in range(posted):
            at_ms = world.start_ms + words.randrange(world.duration_ms)
            text = grammar(0.6, words).text(words)
            events.append(people[who].post(f"{group}-own-{who}-{number}", text, at_ms))
    return events
