"""Retention: forget what may be personal in old decisions and notes; the chain and the counts stay."""

from sqlalchemy import Engine, select, update

from console.decisions.tables import decision_details, decisions, notes, verdict_outbox
from streams.store.engine import writing


def erase_details(engine: Engine, before_ms: int, now_ms: int) -> int:
    """Erase texts and left-out accounts of decisions made before `before_ms`, their sent verdicts, and notes.

    Returns how many decisions lost their details.
    """
    old = select(decisions.c.number).where(decisions.c.decided_at_ms < before_ms)
    with writing(engine) as connection:
        whole = decision_details.c.number.in_(old) & decision_details.c.body.is_not(None)
        erased = connection.execute(update(decision_details).where(whole).values(body=None, erased_at_ms=now_ms))
        sent = verdict_outbox.c.number.in_(old) & verdict_outbox.c.sent_at_ms.is_not(None)
        connection.execute(verdict_outbox.delete().where(sent))
        connection.execute(notes.delete().where(notes.c.written_at_ms < before_ms))
        return int(erased.rowcount)
