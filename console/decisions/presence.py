"""Who else is looking at a case: the page says so every few seconds."""

from sqlalchemy import Engine, select

from console.decisions.tables import presence
from streams.store.engine import reading, writing
from streams.store.upsert import put_row

LOOKING_MS = 60_000
"""Somebody whose page was silent for so long has left."""
OTHERS_MAX = 20


def seen(engine: Engine, campaign: str, by: str, now_ms: int) -> list[str]:
    """Note that `by` looks at the case, and return who else does, at most `OTHERS_MAX`, by name."""
    with writing(engine) as connection:
        put_row(connection, presence, {"campaign": campaign, "user_id": by, "seen_at_ms": now_ms})
        connection.execute(presence.delete().where(presence.c.seen_at_ms < now_ms - LOOKING_MS))
    return [user for user in looking(engine, campaign, now_ms) if user != by]


def looking(engine: Engine, campaign: str, now_ms: int) -> list[str]:
    """Who looks at the case, by name."""
    here = (presence.c.campaign == campaign) & (presence.c.seen_at_ms >= now_ms - LOOKING_MS)
    query = select(presence.c.user_id).where(here).order_by(presence.c.user_id).limit(OTHERS_MAX + 1)
    with reading(engine) as connection:
        return [user for (user,) in connection.execute(query)]
