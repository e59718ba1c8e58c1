"""What a platform does not tell: attributes left out of every event, honest or not."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec.structs import replace

from models.events import Account, AnyEvent, Like, Post

Untold = Literal["accounts", "client", "device_id", "network_id", "target_author_id"]
"""`accounts`: no account events at all; else the field of that name."""


def withhold(events: Iterable[AnyEvent], untold: Sequence[Untold]) -> Iterator[AnyEvent]:
    """The events as a platform sends them that keeps this to itself. Order is kept."""
    fields = {str(name): None for name in untold if name in {"client", "device_id", "network_id"}}
    for event in events:
        if isinstance(event, Account) and "accounts" in untold:
            continue
        if isinstance(event, Like) and "target_author_id" in untold:
            yield replace(event, target_author_id=None, **fields)
        elif fields and isinstance(event, Account | Like | Post):
            yield replace(event, **fields)
        else:
            yield event
