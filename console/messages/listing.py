"""What pages and commands list of messages."""

from typing import NamedTuple

from sqlalchemy import Engine, select

from console.messages.facts import unpack
from console.messages.tables import message_outbox
from streams.store.engine import reading

LIST_MAX = 100


class Listed(NamedTuple):
    """One message. Times are epoch ms."""

    id: str
    destination: str
    campaign: str
    event: str
    headline: str
    state: str
    attempts: int
    reason: str
    created_at_ms: int
    due_at_ms: int
    ended_at_ms: int | None


def listed(engine: Engine, state: str, limit: int = LIST_MAX) -> list[Listed]:
    """Messages in a state, the newest first; what waits, the oldest first. At most `limit` (1 to `LIST_MAX`)."""
    if not 1 <= limit <= LIST_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {LIST_MAX}")
    table = message_outbox.c
    order = table.position if state == "waiting" else table.ended_at_ms.desc()
    query = select(message_outbox).where(table.state == state).order_by(order, table.position).limit(limit)
    found = []
    with reading(engine) as connection:
        for row in connection.execute(query):
            facts = unpack(row.body)
            found.append(
                Listed(
                    row.id, row.destination, row.campaign, facts.event, facts.headline, row.state, row.attempts,
                    row.reason, row.created_at_ms, row.due_at_ms, row.ended_at_ms,
                )
            )  # fmt: skip
    return found
