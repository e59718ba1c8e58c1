"""A scenario is a background and the pieces planted into it; `simulate` makes the stream of a seed."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from evaluation.simulator.background import Background
from evaluation.simulator.clock import HOUR_MS, START_MS
from evaluation.simulator.organic import Organic, catalogue, likes, posts
from evaluation.simulator.people import Person, crowd
from evaluation.simulator.randomness import stream
from evaluation.simulator.truth import Simulation, Truth
from evaluation.simulator.untold import withhold
from evaluation.simulator.world import Piece, Planted, World
from models.events import Account, AnyEvent, Like, Post, Verdict
from models.moments import when_ms

WINDOW_DIALS = ("window_ms", "jitter_ms")
"""Dials that say within what time a group acts on one target."""


class Scenario(Struct, frozen=True):
    """What is simulated."""

    name: str
    pieces: tuple[Piece, ...]
    organic: Organic = Organic()
    start_ms: int = START_MS
    duration_ms: int = HOUR_MS
    about: str = ""
    """One sentence for people."""
    tags: tuple[str, ...] = ()
    background: Background | None = None
    """A real stream instead of a simulated platform; `evaluation.evaluate.real` reads it."""


def simulate(scenario: Scenario, seed: int) -> Simulation:
    """Make the stream of one seed: equal seeds give equal events.

    Account events come with an account's first action, as platforms enrich them. Actions after the
    end of the stream are cut off.
    """
    world = _world(scenario, seed)
    events = posts(scenario.organic, world, stream(seed, "organic posts"))
    events += likes(scenario.organic, world, stream(seed, "organic likes"))
    pieces = plant(scenario, seed, world)
    for planted in pieces:
        events += planted.events
    end_ms = scenario.start_ms + scenario.duration_ms
    kept = sorted((event for event in events if when_ms(event) < end_ms), key=order)
    introduced = list(withhold(_introduced(kept, _everybody(world, pieces)), scenario.organic.untold))
    return Simulation(scenario.name, seed, introduced, Truth(tuple(planted.group for planted in pieces)))


def communities(scenario: Scenario, seed: int) -> list[frozenset[str]]:
    """The organic communities of a seed: people who mostly like each other's posts and are nobody's group."""
    known = crowd(stream(seed, "crowd"), scenario.organic.accounts, scenario.start_ms)
    members: dict[int, set[str]] = {}
    for person, community in zip(known.people, known.communities.tolist(), strict=True):
        members.setdefault(community, set()).add(person.account_id)
    return [frozenset(members[community]) for community in sorted(members)]


def plant(scenario: Scenario, seed: int, world: World) -> list[Planted]:
    """Let every piece make its events in this world; what a group did after its end is no action of the truth."""
    end_ms = world.start_ms + world.duration_ms
    return [_within(piece, piece.plant(world, stream(seed, piece.group)), end_ms) for piece in scenario.pieces]


def _within(piece: Piece, planted: Planted, end_ms: int) -> Planted:
    group = planted.group
    window_ms = group.window_ms
    if window_ms is None:
        window_ms = next((told for dial in WINDOW_DIALS if (told := getattr(piece, dial, None)) is not None), None)
    return replace(
        planted,
        group=replace(
            group,
            last_ms=min(group.last_ms, end_ms),
            actions_ms=tuple(moment for moment in group.actions_ms if moment < end_ms),
            participation=min(group.participation, getattr(piece, "participation", 1.0)),
            window_ms=window_ms,
        ),
    )


def _world(scenario: Scenario, seed: int) -> World:
    known = crowd(stream(seed, "crowd"), scenario.organic.accounts, scenario.start_ms)
    listed = catalogue(scenario.organic, known, stream(seed, "catalogue"), scenario.start_ms, scenario.duration_ms)
    return World(scenario.start_ms, scenario.duration_ms, known, listed)


def _everybody(world: World, pieces: Iterable[Planted]) -> dict[str, Person]:
    known = {person.account_id: person for person in world.crowd.people}
    for planted in pieces:
        known.update((person.account_id, person) for person in planted.people)
    return known


def _introduced(events: Iterable[AnyEvent], everybody: dict[str, Person]) -> Iterable[AnyEvent]:
    """Put each account's own event before its first action."""
    seen: set[str] = set()
    for event in events:
        if isinstance(event, Like | Post) and event.account_id not in seen:
            seen.add(event.account_id)
            person = everybody.get(event.account_id)
            if person is not None:
                yield person.known(when_ms(event))
        yield event


def order(event: AnyEvent) -> tuple[int, int, str, str]:
    """Time, then kind, then content: the order of every simulated stream."""
    if isinstance(event, Post):
        return when_ms(event), 1, event.post_id, event.account_id
    if isinstance(event, Like):
        return event.acted_at_ms, 2, event.account_id, event.target_id + event.action.value
    if isinstance(event, Account):
        return when_ms(event), 0, event.account_id, ""
    if isinstance(event, Verdict):
        return event.decided_at_ms, 4, event.verdict_id, event.campaign
    return when_ms(event), 3, event.list, event.topic
