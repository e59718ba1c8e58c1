"""What happened at destinations so far: counts, pauses, and which are switched off."""

from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from console.messages.destinations import Destination
from console.messages.tables import message_destinations, message_outbox
from streams.store.engine import reading, writing
from streams.store.upsert import add_missing

REASON_CHARACTERS_MAX = 200


class State(NamedTuple):
    """One destination. Times are epoch ms."""

    name: str
    kind: str
    sent: int = 0
    failed: int = 0
    dead: int = 0
    """Messages given up so far, also those that were sent again later."""
    last_sent_ms: int | None = None
    paused_until_ms: int = 0
    off_since_ms: int | None = None
    off_reason: str = ""
    waiting: int = 0
    dead_now: int = 0


def know(connection: Connection, destination: Destination) -> None:
    """Make the row of a destination where there is none."""
    row = {"name": destination.name, "kind": destination.kind, "sent": 0, "failed": 0, "dead": 0}
    add_missing(connection, message_destinations, [row | {"paused_until_ms": 0, "off_reason": ""}])


def count(connection: Connection, destination: Destination, sent: int = 0, failed: int = 0, dead: int = 0) -> None:
    """Add to the counts of a destination."""
    know(connection, destination)
    table = message_destinations.c
    values = {"sent": table.sent + sent, "failed": table.failed + failed, "dead": table.dead + dead}
    row = update(message_destinations).where(table.name == destination.name)
    connection.execute(row.values(kind=destination.kind, **values))


def note(connection: Connection, destination: Destination, **values: int | str | None) -> None:
    """Set columns of a destination."""
    know(connection, destination)
    row = update(message_destinations).where(message_destinations.c.name == destination.name)
    connection.execute(row.values(**values))


def switch_on(engine: Engine, name: str) -> bool:
    """Send to a destination again that was switched off or paused; returns whether there is such a row."""
    row = update(message_destinations).where(message_destinations.c.name == name)
    with writing(engine) as connection:
        return connection.execute(row.values(off_since_ms=None, off_reason="", paused_until_ms=0)).rowcount > 0


def state_of(engine: Engine, destination: Destination) -> State:
    """State of one destination, without what waits."""
    table = message_destinations
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.name == destination.name)).first()
    return State(**dict(row._mapping)) if row else State(destination.name, destination.kind)  # noqa: SLF001  # SQLAlchemy's public name


def states(engine: Engine) -> dict[str, State]:
    """Every destination that was ever known, with what waits and what is dead."""
    of_outbox = message_outbox.c
    counted = select(of_outbox.destination, of_outbox.state, func.count()).group_by(
        of_outbox.destination, of_outbox.state
    )
    with reading(engine) as connection:
        rows = connection.execute(select(message_destinations))
        found = {row.name: State(**dict(row._mapping)) for row in rows}  # noqa: SLF001  # SQLAlchemy's public name
        for name, state, number in connection.execute(counted):
            known = found.get(name) or State(name, "")
            waiting, dead = ((int(number) if state == word else 0) for word in ("waiting", "dead"))
            found[name] = known._replace(waiting=known.waiting + waiting, dead_now=known.dead_now + dead)
    return found
