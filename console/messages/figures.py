"""What of messages is counted, for metrics: by kind of destination, never by a name that people choose."""

from typing import NamedTuple

from sqlalchemy import Engine, func, select

from console.messages.state import states
from console.messages.tables import message_outbox
from streams.store.engine import reading


class Figures(NamedTuple):
    """Counts over all destinations."""

    totals: dict[tuple[str, str], int]
    """(kind, `sent` | `failed` | `dead`) to how many so far; `failed` attempts were tried again."""
    waiting: dict[str, int]
    """Kind to how many wait now, also for a digest or the end of quiet hours."""
    oldest_waiting_ms: int | None
    """Epoch ms since when the oldest waits that is not for a digest; None when none does. Quiet hours make it old."""


def figures(engine: Engine) -> Figures:
    """Count. Raises `StoreUnavailable`."""
    totals: dict[tuple[str, str], int] = {}
    waiting: dict[str, int] = {}
    for found in states(engine).values():
        kind = found.kind or "unknown"
        for outcome, number in (("sent", found.sent), ("failed", found.failed), ("dead", found.dead)):
            totals[kind, outcome] = totals.get((kind, outcome), 0) + number
        waiting[kind] = waiting.get(kind, 0) + found.waiting
    query = select(func.min(message_outbox.c.created_at_ms)).where(
        message_outbox.c.state == "waiting", message_outbox.c.in_digest.is_(False)
    )
    with reading(engine) as connection:
        oldest = connection.execute(query).scalar()
    return Figures(totals, waiting, int(oldest) if oldest is not None else None)
