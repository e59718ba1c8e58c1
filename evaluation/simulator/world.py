"""The platform that pieces are planted into, and the form of a piece."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.people import Crowd, Person
from evaluation.simulator.truth import Expected, Group
from models.events import Account, AnyEvent, Like, LikeAction, Post
from models.moments import when_ms


class Catalogue(Struct, frozen=True):
    """Organic posts that may be acted on, in order of time; some were published before the stream begins."""

    ids: list[str]
    authors: NDArray[np.int64]
    """Positions in the crowd."""
    times_ms: NDArray[np.int64]
    communities: NDArray[np.int64]
    popularity: NDArray[np.float64]
    """Sums to 1."""


class World(Struct, frozen=True):
    """What a piece sees of the platform."""

    start_ms: int
    duration_ms: int
    crowd: Crowd
    posts: Catalogue

    def author(self, post: int) -> str:
        """Account id of a post's author."""
        return self.crowd.people[int(self.posts.authors[post])].account_id

    def posts_before(self, rng: Generator, number: int, before_ms: int) -> list[int]:
        """Up to `number` posts by different authors, published before a moment."""
        if number < 1:
            return []
        reach = int(np.searchsorted(self.posts.times_ms, before_ms))
        found: dict[int, int] = {}
        for post in rng.permutation(reach).tolist():
            found.setdefault(int(self.posts.authors[post]), post)
            if len(found) == number:
                break
        return list(found.values())


class Planted(Struct, frozen=True):
    """What a piece adds to the stream."""

    events: list[AnyEvent]
    people: list[Person]
    group: Group


class Piece(Protocol):
    """One army or one honest crowd. A frozen struct whose fields are its dials."""

    @property
    def group(self) -> str:
        """Name of the group, unique in a scenario; also the name of its random stream."""

    def plant(self, world: World, rng: Generator) -> Planted:
        """Make the events, in any order."""


def planted(
    group: str,
    role: str,
    expected: Expected,
    about: str,
    people: Sequence[Person],
    own: list[AnyEvent],
    aside: Sequence[AnyEvent] = (),
    others: Sequence[Person] = (),
    *,
    participation: float | None = None,
    window_ms: int | None = None,
) -> Planted:
    """Put the result together: `own` events are the planted behaviour, `aside` is what else these people did.

    `others` act in the events but do not belong to the group: an idol, an outlet; what they do is no action of
    the group. `participation` and `window_ms` are told where the dials of that name do not say it.
    """
    moments = sorted(when_ms(event) for event in own)
    who = frozenset(person.account_id for person in people)
    actions_ms = tuple(sorted(when_ms(event) for event in own if actor(event) in who and not _takes_back(event)))
    planted_group = Group(
        group, role, expected, who, about, moments[0], moments[-1], actions_ms,
        1.0 if participation is None else participation, window_ms,
    )  # fmt: skip
    return Planted([*own, *aside], [*people, *others], planted_group)


def actor(event: AnyEvent) -> str | None:
    """The account that acted, None for an entry of a list."""
    return event.account_id if isinstance(event, Account | Like | Post) else None


def _takes_back(event: AnyEvent) -> bool:
    """Whether an event undoes an action instead of being one."""
    return (isinstance(event, Post) and event.deleted_at_ms is not None) or (
        isinstance(event, Like) and event.action is LikeAction.UNLIKE
    )
