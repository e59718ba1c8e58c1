"""Real attacks on trending lists, injected over a simulated platform whose honest people delete too.

The attacks are runs of posts in `bot_posts_deletes` with no pause over ten seconds and ten accounts or
more. Texts, topics and attributes are not in the data: each run is given a topic of its own, in the order
in which they happened, and keeps its own rhythm of posts and deletions to the millisecond.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from msgspec import Struct
from numpy.typing import NDArray

from evaluation.simulator.clock import HOUR_MS, START_MS
from evaluation.simulator.people import Person
from evaluation.simulator.randomness import stream
from evaluation.trends.accounts import CHEAP, sold
from evaluation.trends.kinds import HONEST
from evaluation.trends.simulate import Dials, Topic, TrendSimulation, order, simulate_trends
from models.events import Account, AnyEvent, Post
from models.moments import when_ms

PAUSE_MS = 10_000
ACCOUNTS_MIN = 10
BACKGROUND = Dials(
    ordinary_posts=24_000, bursts_ms=10 * HOUR_MS, each=8, kinds=tuple(HONEST)
)  # fmt: skip
"""Ten hours with forty honest bursts, among which the attacks fall evenly."""


class Attack(Struct, frozen=True):
    """One run of posts."""

    accounts: list[str]
    created_ms: NDArray[np.int64]
    deleted_ms: NDArray[np.int64]


def attacks(path: Path) -> list[Attack]:
    """The attacks of the file in order of time."""
    table = pq.read_table(path, columns=["uid", "created_ms", "deleted_ms"])
    created = table["created_ms"].to_numpy()
    by_time = np.argsort(created, kind="stable")
    created, deleted = created[by_time], table["deleted_ms"].to_numpy()[by_time]
    accounts = np.array(table["uid"].to_pylist())[by_time]
    runs = np.split(np.arange(len(created)), np.flatnonzero(np.diff(created) > PAUSE_MS) + 1)
    return [
        Attack(accounts[run].tolist(), created[run], deleted[run])
        for run in runs
        if len(np.unique(accounts[run])) >= ACCOUNTS_MIN
    ]


def injected(known: Sequence[Attack], seed: int, honest_deletions: float, *, attributes: bool) -> TrendSimulation:
    """A simulated ten hours with every attack in it, in their order, evenly spread.

    With `attributes`, attacking accounts get those of the cheapest stock that is sold; else they are told
    by id alone, and the caller strips the honest ones alike.
    """
    background = simulate_trends(_with_deletions(honest_deletions), seed)
    rng = stream(seed, "attacks")
    begins = START_MS + BACKGROUND.history_ms + np.sort(rng.integers(0, BACKGROUND.bursts_ms, len(known)))
    names = sorted({account for attack in known for account in attack.accounts})
    persons = dict(zip(names, sold(rng, len(names), int(begins[0]), "x", CHEAP), strict=True))
    events: list[AnyEvent] = []
    topics = dict(background.topics)
    for number, (attack, begin_ms) in enumerate(zip(known, begins.tolist(), strict=True)):
        topic = f"attack{number}"
        topics[topic] = Topic(topic, "attack", begin_ms, frozenset(attack.accounts))
        events += _posts(topic, attack, begin_ms, persons, attributes=attributes)
    end_ms = START_MS + BACKGROUND.history_ms + BACKGROUND.bursts_ms + BACKGROUND.tail_ms
    kept = [event for event in events if when_ms(event) < end_ms]
    if attributes:
        kept += _introduced(kept, persons)
    return TrendSimulation(sorted([*background.events, *kept], key=order), topics)


def _with_deletions(share: float) -> Dials:
    told = {name: getattr(BACKGROUND, name) for name in BACKGROUND.__struct_fields__}
    return Dials(**{**told, "deleted": share})


def _posts(
    topic: str, attack: Attack, begin_ms: int, persons: dict[str, Person], *, attributes: bool
) -> list[AnyEvent]:
    found: list[AnyEvent] = []
    shift_ms = begin_ms - int(attack.created_ms[0])
    rows = zip(attack.accounts, attack.created_ms.tolist(), attack.deleted_ms.tolist(), strict=True)
    for number, (account, created_ms, deleted_ms) in enumerate(rows):
        who = persons[account]
        client, device, network = (who.client, who.device_id, who.network_id) if attributes else (None, None, None)
        post_id = f"{topic}-{number}"
        found.append(
            Post(
                post_id, account, f"#{topic}", created_ms + shift_ms, hashtags=(topic,), client=client,
                device_id=device, network_id=network,
            )
        )  # fmt: skip
        found.append(Post(post_id, account, "", created_ms + shift_ms, deleted_at_ms=deleted_ms + shift_ms))
    return found


def _introduced(events: Sequence[AnyEvent], persons: dict[str, Person]) -> list[AnyEvent]:
    """An account event at each account's first post."""
    first_ms: dict[str, int] = {}
    for event in events:
        if isinstance(event, Post):
            first_ms[event.account_id] = min(first_ms.get(event.account_id, event.created_at_ms), event.created_at_ms)
    found: list[AnyEvent] = []
    for account, at_ms in first_ms.items():
        person = persons[account]
        found.append(
            Account(
                account, person.registered_at_ms, person.name, person.client, person.device_id, person.network_id,
                person.followers, observed_at_ms=at_ms,
            )
        )  # fmt: skip
    return found
