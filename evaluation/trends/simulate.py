"""Simulated bursts: two days of everyday life, then honest events and bought topics, as ordinary events.

Equal seeds give equal streams. Seeds 1 to 99 are for choosing, 1,000 and up for reporting.
"""

from collections.abc import Mapping

from msgspec import Struct

from evaluation.simulator.clock import DAY_MS, HOUR_MS, START_MS
from evaluation.simulator.people import Person
from evaluation.simulator.randomness import stream
from evaluation.trends.accounts import population, sold
from evaluation.trends.acts import Acts
from evaluation.trends.kinds import BOUGHT, HONEST, ORDINARY
from evaluation.trends.planting import background, plant_bought, plant_honest
from models.events import Account, AnyEvent, Like, Post
from models.moments import when_ms


class Dials(Struct, frozen=True):
    """What a simulated stream holds."""

    accounts: int = 6_000
    ordinary_topics: int = 60
    ordinary_posts: int = 9_000
    """Everyday posts in the whole stream; as many likes."""
    history_ms: int = 2 * DAY_MS
    bursts_ms: int = 2 * HOUR_MS
    """Topics begin evenly within this."""
    tail_ms: int = HOUR_MS
    each: int = 2
    """Topics of every kind."""
    kinds: tuple[str, ...] = (*HONEST, *BOUGHT)
    deleted: float = 0.03
    """Share of honest posts that people take back, half of them within 90 s."""


class Topic(Struct, frozen=True):
    """The truth of one topic."""

    topic: str
    kind: str
    begin_ms: int
    """First planted post."""
    bought: frozenset[str] = frozenset()
    """Accounts that were paid."""


class TrendSimulation(Struct, frozen=True):
    """A stream, sorted by time, and its truth."""

    events: list[AnyEvent]
    topics: Mapping[str, Topic]
    """By the hashtag; topics that are not in it are ordinary."""


def simulate_trends(dials: Dials, seed: int) -> TrendSimulation:
    """Make the stream of one seed. Raises `KeyError` on an unknown kind."""
    begin_ms = START_MS + dials.history_ms
    known = population(stream(seed, "population"), dials.accounts, begin_ms)
    acts = Acts(dials.deleted, stream(seed, "deletions"))
    background(acts, known, stream(seed, "background"), dials.ordinary_topics, dials.ordinary_posts, _span(dials))
    everybody = {person.account_id: person for person in known.people}
    topics: dict[str, Topic] = {}
    for kind in dials.kinds:
        rng = stream(seed, kind)
        army = sold(rng, 2 * max(BOUGHT[kind].size), begin_ms, f"{kind}-", BOUGHT[kind].stock) if kind in BOUGHT else []
        everybody.update((person.account_id, person) for person in army)
        for number in range(dials.each):
            topic = f"{kind.replace(' ', '')}{number}"
            at_ms = begin_ms + int(rng.random() * dials.bursts_ms)
            if kind in BOUGHT:
                paid = plant_bought(acts, topic, BOUGHT[kind], known, army, rng, at_ms, begin_ms)
                topics[topic] = Topic(topic, kind, at_ms, paid)
            else:
                plant_honest(acts, topic, HONEST[kind], known, rng, at_ms, everybody)
                topics[topic] = Topic(topic, kind, at_ms)
    end_ms = START_MS + sum(_span(dials))
    return TrendSimulation(_ordered(acts.events, everybody, end_ms), topics)


def _span(dials: Dials) -> tuple[int, int]:
    return dials.history_ms, dials.bursts_ms + dials.tail_ms


def _ordered(events: list[AnyEvent], everybody: Mapping[str, Person], end_ms: int) -> list[AnyEvent]:
    """Events before the end in order, each account's own event before its first action."""
    found: list[AnyEvent] = []
    seen: set[str] = set()
    for event in sorted((each for each in events if when_ms(each) < end_ms), key=order):
        if isinstance(event, Like | Post) and event.account_id not in seen:
            seen.add(event.account_id)
            found.append(everybody[event.account_id].known(when_ms(event)))
        found.append(event)
    return found


def order(event: AnyEvent) -> tuple[int, int, str, str]:
    """By time, then by content: what a stream of the simulation is sorted by."""
    if isinstance(event, Post):
        return when_ms(event), 1, event.post_id, event.account_id
    if isinstance(event, Like):
        return when_ms(event), 2, event.account_id, event.target_id
    return when_ms(event), 0 if isinstance(event, Account) else 3, "", ""


def kind_of(simulation: TrendSimulation, topic: str) -> str:
    """Kind of a topic, `ordinary` for everyday ones."""
    known = simulation.topics.get(topic)
    return known.kind if known else ORDINARY
