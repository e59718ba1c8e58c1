"""Accounts of the simulated bursts: a population whose attributes hang together, and stocks that are sold.

Honest attributes depend on each other: old accounts have more followers and more often the web client.
A detector that takes any dependence for a mixture of two populations must fail here.
"""

from random import Random

import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import DAY_MS
from evaluation.simulator.people import AGE_DAYS, CLIENTS, NETWORKS, Person, name
from evaluation.simulator.randomness import words_of

_SHARES = np.array([0.34, 0.26, 0.14, 0.1, 0.06, 0.04, 0.04, 0.02])
_OF_OLD = np.array([0.0, 0.0, 0.8, -0.2, -0.1, 0.4, 0.5, -0.8])
"""How much likelier each client is, in log, for an account of ten years than for one of five."""
TOOL = "scheduler 3"
"""What newsrooms and companies publish with."""


class Population(Struct, frozen=True):
    """Honest accounts and, for choosing among them, their attributes as numbers."""

    people: list[Person]
    age: NDArray[np.float64]
    """Age over ten years, 0 to 1."""
    region: NDArray[np.int64]
    """Number of the network; low ones are the large carriers."""
    client: NDArray[np.int64]
    activity: NDArray[np.float64]
    """Weight in everyday chatter; 0 for the dormant. Sums to 1."""


def population(rng: Generator, number: int, now_ms: int, dormant: float = 0.4, alts: float = 0.04) -> Population:
    """Draw `number` honest accounts; `dormant` of them do nothing on ordinary days.

    `alts` are second accounts, young and hardly followed, as fans keep them.
    """
    age = rng.beta(1.1, 1.6, number)
    young = rng.random(number) < alts
    age = np.where(young, age * 0.05, age)
    client = _clients(rng, age)
    region = np.minimum(rng.zipf(1.35, number) - 1, NETWORKS - 1)
    followers = np.exp(3.0 + 1.2 * np.log1p(10 * age) + 1.7 * rng.standard_normal(number)) * np.where(young, 0.1, 1)
    # the old are likelier to sleep
    asleep = rng.random(number) < dormant * (0.6 + 0.9 * age)
    activity = np.where(asleep, 0.0, rng.pareto(1.3, number) + 0.15)
    words = words_of(rng)
    found = [
        Person(
            f"u{at}", name(words), now_ms - DAY_MS - int(age[at] * AGE_DAYS * DAY_MS), CLIENTS[client[at]], f"d-u{at}",
            f"net{region[at]}", int(min(followers[at], 5e7)),
        )
        for at in range(number)
    ]  # fmt: skip
    return Population(found, age, region, client, activity / activity.sum())


def _clients(rng: Generator, age: NDArray[np.float64]) -> NDArray[np.int64]:
    weights = _SHARES * np.exp(2 * np.outer(age - 0.5, _OF_OLD))
    chances = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    found: NDArray[np.int64] = np.minimum((rng.random((len(age), 1)) > chances).sum(axis=1), len(CLIENTS) - 1)
    return found


class Stock(Struct, frozen=True):
    """How accounts that are sold were made. Dials from a weekend's work to years of patience."""

    batches: int = 2
    """Days on which accounts were registered."""
    age_days: tuple[int, int] = (10, 40)
    """Youngest and oldest batch."""
    clients: tuple[str, ...] = ("openapi 2.0",)
    """Programs they post with, evenly; none means as honest accounts of that age."""
    networks: int = 2
    """Networks they post from, evenly; 0 means as honest accounts do."""
    followers: float = 4.0
    """Median; 0 means as honest accounts of that age."""
    followers_spread: float = 0.8
    """Standard deviation of the logarithm."""


CHEAP = Stock()
MIDDLE = Stock(
    batches=8, age_days=(60, 700), clients=CLIENTS[:3], networks=20, followers=35.0, followers_spread=1.0
)  # fmt: skip
PREMIUM = Stock(
    batches=150, age_days=(200, 3_200), clients=CLIENTS[:5], networks=120, followers=150.0, followers_spread=1.4
)  # fmt: skip
"""Aged, varied clients and networks, followers as people have: what is left is that it is another mix than the
population's, equal for old and young."""


def sold(rng: Generator, number: int, now_ms: int, prefix: str, stock: Stock) -> list[Person]:
    """Draw the accounts of a seller, ids `prefix` + number."""
    words = words_of(rng)
    honest = population(rng, number, now_ms)
    days = rng.integers(stock.age_days[0], stock.age_days[1] + 1, stock.batches)
    followers = np.exp(np.log(max(stock.followers, 0.1)) + stock.followers_spread * rng.standard_normal(number))
    return [
        _sold(
            words, person, f"{prefix}{at}", now_ms - int(days[at % stock.batches]) * DAY_MS, int(followers[at]), stock
        )
        for at, person in enumerate(honest.people)
    ]


def _sold(words: Random, person: Person, account: str, day_ms: int, followers: int, stock: Stock) -> Person:
    return Person(
        account,
        name(words),
        day_ms + words.randrange(DAY_MS // 4),
        words.choice(stock.clients) if stock.clients else person.client,
        f"d-{account}",
        f"net{words.randrange(stock.networks)}" if stock.networks else person.network_id,
        followers if stock.followers else person.followers,
    )
