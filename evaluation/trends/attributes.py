"""The same stream as a platform would send it that tells less."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from models.events import Account, AnyEvent, Like, Post

WITHOUT: Mapping[str, frozenset[str]] = {
    "everything": frozenset(),
    "no client": frozenset({"client"}),
    "no network": frozenset({"network"}),
    "no client, no network": frozenset({"client", "network"}),
    "no followers": frozenset({"followers"}),
    "no age": frozenset({"age"}),
    "no deletions": frozenset({"deletions"}),
    "no likes": frozenset({"likes"}),
    "age and followers only": frozenset({"client", "network", "deletions"}),
    "no attributes": frozenset({"client", "network", "age", "followers"}),
    "times and authors only": frozenset({"client", "network", "age", "followers", "deletions", "likes"}),
}
"""What is left out, by the name of a row in the report. Age comes with account events: without it they are gone."""


def without(events: Iterable[AnyEvent], left_out: frozenset[str]) -> list[AnyEvent]:
    """The events without some attributes; device ids go with the network."""
    return [_less(event, left_out) for event in events if not _gone(event, left_out)]


def _gone(event: AnyEvent, left_out: frozenset[str]) -> bool:
    if isinstance(event, Account):
        return "age" in left_out
    if isinstance(event, Post):
        return event.deleted_at_ms is not None and "deletions" in left_out
    return isinstance(event, Like) and "likes" in left_out


def _less(event: AnyEvent, left_out: frozenset[str]) -> AnyEvent:
    if isinstance(event, Account) and "followers" in left_out:
        event = replace(event, followers=None)
    if isinstance(event, Account | Post | Like):
        if "client" in left_out:
            event = replace(event, client=None)
        if "network" in left_out:
            event = replace(event, network_id=None, device_id=None)
    return event
