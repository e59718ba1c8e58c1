"""What a peer's adapter gives back, inside its own process."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from models.events import AnyEvent


class Groups(Struct, frozen=True):
    """Groups of accounts that a method takes to be coordinated."""

    groups: list[frozenset[str]]
    linked_pairs: int | None
    """Pairs that it links by an edge of its own; None if it knows no pairs."""


Find = Callable[[Sequence[AnyEvent]], Groups]


class Method(Struct, frozen=True):
    """A peer as the table names it."""

    module: str
    """Module of `evaluation.peers` with a function `find`; imported in the peer's process only."""
    about: str
    package: str | None = None
    """The distribution that it runs; None for references of our own."""
