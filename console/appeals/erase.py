"""Retention of appeals: forget who appealed and what they said; keep when, and what came of it."""

from sqlalchemy import Engine, select, update

from console.appeals.entries import Outcome
from console.appeals.outcome import answers
from console.appeals.tables import appeals
from console.appeals.waiting import WAITING
from streams.store.engine import writing

PAGE = 500


def erase_appeals(engine: Engine, before_ms: int, now_ms: int) -> int:
    """Forget the account and the statement of appeals that were answered by decisions before `before_ms`.

    To be called before the details of those decisions are erased: the outcome follows from them, and is kept from here
    on. An appeal that waits is kept until somebody answers it. Returns how many were forgotten.
    """
    erased = 0
    after = ""
    while True:
        with writing(engine) as connection:
            old = (appeals.c.received_at_ms < before_ms) & appeals.c.erased_at_ms.is_(None) & ~WAITING
            query = select(appeals).where(old & (appeals.c.appeal_id > after)).order_by(appeals.c.appeal_id)
            rows = connection.execute(query.limit(PAGE)).all()
            for row, answer in zip(rows, answers(connection, rows), strict=True):
                if answer.outcome is Outcome.WAITING or (answer.oldest_ms or 0) >= before_ms:
                    continue
                kept = {"kept_outcome": answer.outcome.value, "kept_answered_at_ms": answer.answered_at_ms}
                bare = {"account": None, "statement": None, "erased_at_ms": now_ms}
                own = appeals.c.appeal_id == row.appeal_id
                connection.execute(update(appeals).where(own).values(**kept, **bare))
                erased += 1
        if len(rows) < PAGE:
            return erased
        after = rows[-1].appeal_id
