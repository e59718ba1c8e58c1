"""Real streams as background: armies are planted into what people really did (`$SHOAL_DATA`).

Nobody has labelled these streams. What is called besides the planted armies is told for reading and
counts neither for nor against precision.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from evaluation.importers import FORMATS, Source, Tally
from evaluation.importers.sorting import sorted_by_time
from evaluation.simulator.background import Background
from evaluation.simulator.people import Crowd, Person
from evaluation.simulator.randomness import stream
from evaluation.simulator.scenario import Scenario, order, plant
from evaluation.simulator.truth import Simulation, Truth
from evaluation.simulator.world import Catalogue, Planted, World
from models.events import Account, AnyEvent, Like, Post, PostKind
from models.moments import when_ms
from streams.files import read, write

FOLDERS = {"weibo-reposts": "weibo_reposts", "stock-tweets": "stock_tweets"}


def missing(background: Background, data: Path) -> str | None:
    """Why a real stream cannot be used, None if it can."""
    folder = data / FOLDERS[background.stream]
    return None if folder.is_dir() else f"{folder.name} is not in the folder of research data (SHOAL_DATA)"


def write_slice(background: Background, data: Path, path: str) -> int:
    """Write the part of a real stream to a file; return its events. A file, since every run reads it anew."""
    source = Source(data / FOLDERS[background.stream])
    batches = sorted_by_time(FORMATS[background.stream].convert(source, Tally()))
    events = (event for batch in batches for event in batch)
    part = islice(events, background.offset, background.offset + background.limit)
    return write(path, _batched(part))


def read_slice(path: str) -> list[AnyEvent]:
    """Events of such a file, in order."""
    return [event for batch in read(path) for event in batch.events]


def plant_into(scenario: Scenario, seed: int, events: Sequence[AnyEvent]) -> Simulation:
    """Plant the scenario's pieces into a real stream, at a moment when people are awake.

    The moment is that of an event drawn by the seed from the first nine tenths, so busy hours are likelier.
    Planted accounts carry what the stream's own accounts carry and no more: an army must not be
    found by facts that only it has.
    """
    at = int(stream(seed, "moment").integers(len(events) // 10, max(len(events) // 10 + 1, 9 * len(events) // 10)))
    world = _world(events, when_ms(events[at]), scenario.duration_ms)
    pieces = plant(scenario, seed, world)
    introduce = any(isinstance(event, Account) for event in events)
    clients = any(isinstance(event, Post) and event.client for event in events)
    planted = [event for piece in pieces for event in _as_known(piece, introduce, clients)]
    merged = sorted([*events, *planted], key=order)
    return Simulation(scenario.name, seed, merged, Truth(tuple(piece.group for piece in pieces)))


def _world(events: Sequence[AnyEvent], start_ms: int, duration_ms: int) -> World:
    reposts = Counter(event.repost_of for event in events if isinstance(event, Post) and event.repost_of)
    posts = {
        event.post_id: event
        for event in events
        if isinstance(event, Post) and event.kind is not PostKind.REPOST and event.deleted_at_ms is None
    }
    position_of: dict[str, int] = {}
    for post in posts.values():
        position_of.setdefault(post.account_id, len(position_of))
    popularity = np.array([1.0 + reposts[post_id] for post_id in posts])
    catalogue = Catalogue(
        list(posts),
        np.array([position_of[post.account_id] for post in posts.values()], np.int64),
        np.array([post.created_at_ms for post in posts.values()], np.int64),
        np.zeros(len(posts), np.int64),
        popularity / popularity.sum(),
    )
    people = [Person(account, "", 0, "", "", "", 0) for account in position_of]
    even = np.full(len(people), 1 / max(1, len(people)))
    return World(start_ms, duration_ms, Crowd(people, even, np.zeros(len(people), np.int64)), catalogue)


def _as_known(piece: Planted, introduce: bool, clients: bool) -> Iterator[AnyEvent]:
    person_of = {person.account_id: person for person in piece.people}
    seen: set[str] = set()
    for event in sorted(piece.events, key=order):
        if not isinstance(event, Like | Post):
            continue
        person = person_of.get(event.account_id)
        if introduce and person is not None and event.account_id not in seen:
            seen.add(event.account_id)
            known = person.known(when_ms(event))
            yield replace(known, name=None, client=None, device_id=None, network_id=None)
        yield replace(event, device_id=None, network_id=None, client=event.client if clients else None)


def _batched(events: Iterator[AnyEvent]) -> Iterator[list[AnyEvent]]:
    while batch := list(islice(events, 5_000)):
        yield batch
