"""Put background, honest crowds and orders into a simulated stream."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import DAY_MS, START_MS, times
from evaluation.simulator.people import Person
from evaluation.trends.accounts import TOOL, Population
from evaluation.trends.acts import Acts
from evaluation.trends.kinds import Bought, Honest, Taste

CURIOUS_MS = 12 * 60_000
"""Median time after which people join because a topic trends."""


def background(
    acts: Acts, known: Population, rng: Generator, topics: int, posts: int, span_ms: tuple[int, int]
) -> None:
    """Everyday posts and as many likes on `topics` hashtags of unequal size, through the history and after it."""
    shares = 1 / np.arange(1, topics + 1) ** 0.7
    subjects = rng.choice(topics, posts, p=shares / shares.sum())
    moments = _everyday(rng, posts, span_ms)
    authors = rng.choice(len(known.people), posts, p=known.activity)
    likers = rng.choice(len(known.people), posts, p=known.activity)
    for subject, at_ms, author, liker in zip(subjects, moments.tolist(), authors, likers, strict=True):
        topic = f"daily{subject}"
        acts.post(known.people[author], topic, at_ms, 0.2, 0.2)
        acts.like(known.people[liker], topic, at_ms, START_MS + sum(span_ms))


def _everyday(rng: Generator, number: int, span_ms: tuple[int, int]) -> NDArray[np.int64]:
    """Two thirds of the events in the history, the rest where the bursts are, both after the day cycle."""
    before = number * 2 // 3
    history_ms, after_ms = span_ms
    later = times(rng, number - before, START_MS + history_ms, after_ms)
    return np.concatenate([times(rng, before, START_MS, history_ms), later])


def plant_honest(
    acts: Acts, topic: str, kind: Honest, known: Population, rng: Generator, at_ms: int, everybody: dict[str, Person]
) -> None:
    """A crowd that comes because something happened at `at_ms`."""
    size = _size(rng, kind.size)
    staff = _staff(topic, round(size * kind.staff), known, rng)
    everybody.update((person.account_id, person) for person in staff)
    for person in staff:
        acts.post(person, topic, at_ms + int(rng.exponential(45_000)))
    came = _came(rng, kind, size - len(staff))
    people = _draw(known, kind.taste, rng, size - len(staff))
    for person, delay_ms in zip(people, came.tolist(), strict=True):
        acts.post(person, topic, at_ms + delay_ms, kind.reposts, kind.replies)
        for _ in range(min(int(rng.pareto(1.6) * kind.more), 40)):
            delay_ms += int(rng.exponential(4 * 60_000))  # noqa: PLW2901  # the same person, later
            acts.post(person, topic, at_ms + delay_ms, kind.reposts, kind.replies)
    likers = _draw(known, kind.taste, rng, int(size * kind.likes))
    for person, delay_ms in zip(likers, _came(rng, kind, len(likers)).tolist(), strict=True):
        acts.like(person, topic, at_ms + delay_ms, at_ms + DAY_MS)


def plant_bought(
    acts: Acts,
    topic: str,
    kind: Bought,
    known: Population,
    army: list[Person],
    rng: Generator,
    at_ms: int,
    everyday_until_ms: int,
) -> frozenset[str]:
    """An order served by part of an army, and the curious; return the hired accounts."""
    hired = [army[at] for at in rng.choice(len(army), _size(rng, kind.size), replace=False)]
    for person in hired:
        if rng.random() < kind.awake:
            daily = acts.posts["daily0"][0].hashtags[0]
            acts.post(person, daily, everyday_until_ms - int(rng.random() * DAY_MS))
        for _ in range(1 + int(rng.random() < kind.twice)):
            post = acts.hired(person, topic, at_ms + int(rng.random() * kind.within_ms), kind.words)
            if rng.random() < kind.deleted:
                acts.delete(post, int(kind.life_ms * np.exp(0.35 * rng.standard_normal())))
    for person in hired:
        if rng.random() < kind.likes:
            acts.like(person, topic, at_ms + int(rng.random() * kind.within_ms), at_ms + DAY_MS)
    visible_ms = at_ms + kind.within_ms // 2
    for person in _draw(known, Taste(), rng, round(len(hired) * kind.curious)):
        acts.post(person, topic, visible_ms + int(CURIOUS_MS * np.exp(0.8 * rng.standard_normal())), 0.2, 0.3)
    return frozenset(person.account_id for person in hired)


def _size(rng: Generator, limits: tuple[int, int]) -> int:
    return int(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]))))


def _came(rng: Generator, kind: Honest, number: int) -> NDArray[np.int64]:
    if kind.even:
        return np.sort((rng.random(number) * 2 * kind.median_ms).astype(np.int64))
    return np.sort((kind.median_ms * np.exp(kind.spread * rng.standard_normal(number))).astype(np.int64))


def _draw(known: Population, taste: Taste, rng: Generator, number: int) -> list[Person]:
    chances = taste.chances(known, rng)
    number = min(number, int((chances > 0).sum()))
    return [known.people[at] for at in rng.choice(len(known.people), number, replace=False, p=chances)]


def _staff(topic: str, number: int, known: Population, rng: Generator) -> list[Person]:
    """A company's people and the newsrooms that report: aged, much followed, half of them on one tool."""
    found = []
    for at, person in enumerate(_draw(known, Taste(age=2.0), rng, number)):
        inside = rng.random() < 0.5
        found.append(
            Person(
                f"staff-{topic}-{at}", person.name, person.registered_at_ms, TOOL if inside else person.client,
                f"d-staff-{topic}-{at}", f"office-{topic}" if inside else person.network_id,
                person.followers * 20 + 1_000,
            )
        )  # fmt: skip
    return found
