"""Claims: one person works on a case, for a while."""

from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from console.decisions.errors import NotDecided
from console.decisions.tables import claims
from streams.store.engine import reading, writing
from streams.store.upsert import insert_for

MINUTES = 30
MINUTES_MAX = 24 * 60
MINUTE_MS = 60_000


class Claim(NamedTuple):
    """Who holds a case, and until when (epoch ms)."""

    campaign: str
    by: str
    claimed_at_ms: int
    expires_at_ms: int


class Claimed(NotDecided):
    """Somebody else holds the case."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__(f"{claim.by} holds {claim.campaign}")


def claim(engine: Engine, campaign: str, by: str, now_ms: int, minutes: int = MINUTES) -> Claim:
    """Hold a case for `minutes` (1 to `MINUTES_MAX`), or go on holding it. Raises `Claimed` if somebody else does."""
    if not 1 <= minutes <= MINUTES_MAX:
        raise ValueError(f"minutes = {minutes} is not within 1 to {MINUTES_MAX}")
    until_ms = now_ms + minutes * MINUTE_MS
    with writing(engine) as connection:
        statement = insert_for(connection, claims).values(
            campaign=campaign, claimed_by=by, claimed_at_ms=now_ms, expires_at_ms=until_ms
        )
        new = statement.excluded
        # one statement, so that of two who click at once exactly one gets the case
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[claims.c.campaign],
                set_={name: new[name] for name in ("claimed_by", "claimed_at_ms", "expires_at_ms")},
                where=(claims.c.expires_at_ms <= now_ms) | (claims.c.claimed_by == by),
            )
        )
        held = _of(connection, campaign, now_ms)
    if held is None or held.by != by:
        raise Claimed(held or Claim(campaign, "somebody", now_ms, now_ms))
    return held


def release(engine: Engine, campaign: str, by: str) -> bool:
    """Let go of a case; returns whether `by` held it."""
    with writing(engine) as connection:
        own = (claims.c.campaign == campaign) & (claims.c.claimed_by == by)
        return connection.execute(claims.delete().where(own)).rowcount > 0


def of(engine: Engine, campaign: str, now_ms: int) -> Claim | None:
    """Who holds a case now; None for nobody."""
    with reading(engine) as connection:
        return _of(connection, campaign, now_ms)


def _of(connection: Connection, campaign: str, now_ms: int) -> Claim | None:
    query = select(claims).where((claims.c.campaign == campaign) & (claims.c.expires_at_ms > now_ms))
    row = connection.execute(query).first()
    return Claim(*row) if row else None
