"""Messages on their way: put in by `console.messages.put`, taken out by `console.messages.sender`."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, and_, delete, exists, func, or_, select, update

from console.messages.destinations import Destination
from console.messages.facts import Facts, unpack
from console.messages.tables import message_outbox, message_threads
from streams.store.engine import reading, writing

T = TypeVar("T")

CASE_MAX = 1_000
DIGEST_MAX = 5_000
KEPT_MS = 30 * 86_400_000
"""How long messages are kept once they were sent or given up."""


class Row(NamedTuple):
    """A message to one destination."""

    position: int
    id: str
    campaign: str
    in_digest: bool
    facts: Facts
    attempts: int


def next_case(engine: Engine, destination: Destination, now_ms: int, quiet: bool) -> list[Row]:
    """Return what waits of the case that is next, oldest first; nothing when nothing is due.

    When it is quiet, only what is urgent, and what changes a message in place without a sound.
    """
    table = message_outbox.c
    allowed = [table.due_at_ms <= now_ms]
    if destination.digest is not None:
        allowed.append(table.in_digest.is_(False))
    if quiet:
        allowed.append(_passes(destination))
    query = select(table.campaign).where(waits(destination.name), *allowed).order_by(table.position).limit(1)
    with reading(engine) as connection:
        found = connection.execute(query).first()
        if found is None:
            return []
        of_case = _rows(destination).where(table.campaign == found.campaign)
        return _read(connection, of_case.limit(CASE_MAX))


def next_digest(engine: Engine, destination: Destination, before_ms: int, now_ms: int) -> list[Row]:
    """Return what waits for a digest since before `before_ms`, oldest first; nothing when it is not due."""
    table = message_outbox.c
    old = _rows(destination, digested=True).where(table.created_at_ms < before_ms)
    with reading(engine) as connection:
        rows = _read(connection, old.limit(DIGEST_MAX))
        due = select(func.max(table.due_at_ms)).where(table.position.in_([row.position for row in rows[:1]]))
        return rows if rows and int(connection.execute(due).scalar_one()) <= now_ms else []


def end(connection: Connection, rows: Sequence[Row], state: str, now_ms: int, reason: str = "") -> None:
    """Say that messages are sent, merged or dead."""
    _change(connection, rows, state=state, reason=reason, ended_at_ms=now_ms, attempts=message_outbox.c.attempts + 1)


def postpone(connection: Connection, rows: Sequence[Row], due_at_ms: int, attempts: int, reason: str) -> None:
    """Say that messages failed and when they are tried again."""
    _change(connection, rows, due_at_ms=due_at_ms, attempts=attempts, reason=reason)


def hold(connection: Connection, destination: Destination, campaign: str, due_at_ms: int) -> None:
    """Let what waits of a case wait at least so long: nothing overtakes a message that failed."""
    table = message_outbox.c
    of_case = (table.campaign == campaign) & table.in_digest.is_(False) & (table.due_at_ms < due_at_ms)
    connection.execute(update(message_outbox).where(waits(destination.name), of_case).values(due_at_ms=due_at_ms))


def was_overtaken(connection: Connection, destination: Destination, row: Row) -> bool:
    """Whether a newer message of the same case was sent."""
    table = message_outbox.c
    newer = (table.campaign == row.campaign) & (table.position > row.position) & (table.state == "sent")
    query = select(table.position).where(newer, table.destination == destination.name, table.campaign != "")
    return connection.execute(query.limit(1)).first() is not None


def again(engine: Engine, now_ms: int, destination: str | None = None, identifier: str | None = None) -> int:
    """Let dead messages wait once more, from their first attempt; returns how many."""
    table = message_outbox.c
    chosen = [table.state == "dead"]
    chosen += [table.destination == destination] if destination is not None else []
    chosen += [table.id == identifier] if identifier is not None else []
    with writing(engine) as connection:
        fresh = {"state": "waiting", "attempts": 0, "reason": "", "due_at_ms": now_ms, "ended_at_ms": None}
        return connection.execute(update(message_outbox).where(*chosen).values(**fresh)).rowcount


def expire(engine: Engine, now_ms: int) -> int:
    """Give up what waited for `KEPT_MS`, as for a destination that is switched off or gone; returns how many."""
    old = (message_outbox.c.state == "waiting") & (message_outbox.c.created_at_ms < now_ms - KEPT_MS)
    with reading(engine) as connection:
        if connection.execute(select(message_outbox.c.position).where(old).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        ended = {"state": "dead", "reason": "waited for 30 days", "ended_at_ms": now_ms}
        return connection.execute(update(message_outbox).where(old).values(**ended)).rowcount


def prune(engine: Engine, before_ms: int) -> int:
    """Forget messages that ended before; returns how many."""
    old = message_outbox.c.ended_at_ms < before_ms
    with reading(engine) as connection:
        if connection.execute(select(message_outbox.c.position).where(old).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return connection.execute(delete(message_outbox).where(old)).rowcount


def chunks(names: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts of a list that are short enough for one statement."""
    return (names[begin : begin + CASE_MAX] for begin in range(0, len(names), CASE_MAX))


def waits(destination: str) -> Any:
    """The condition that a message waits for a destination."""
    return and_(message_outbox.c.destination == destination, message_outbox.c.state == "waiting")


def _change(connection: Connection, rows: Sequence[Row], **values: Any) -> None:
    for some in chunks([row.position for row in rows]):
        connection.execute(update(message_outbox).where(message_outbox.c.position.in_(some)).values(**values))


def _passes(destination: Destination) -> Any:
    table, threads = message_outbox.c, message_threads.c
    urgent = table.urgency >= destination.urgency_at_once
    if not destination.edits:
        return urgent
    of_case = (threads.destination == destination.name) & (threads.campaign == table.campaign)
    return or_(urgent, exists().where(of_case & (threads.reference != "")))


def _rows(destination: Destination, digested: bool = False) -> Any:
    table = message_outbox.c
    columns = (table.position, table.id, table.campaign, table.in_digest, table.body, table.attempts)
    query = select(*columns).where(waits(destination.name)).order_by(table.position)
    if destination.digest is None:
        return query
    return query.where(table.in_digest.is_(digested))


def _read(connection: Connection, query: Any) -> list[Row]:
    return [
        Row(row.position, row.id, row.campaign, row.in_digest, unpack(row.body), row.attempts)
        for row in connection.execute(query)
    ]
