"""Retention of what learning keeps: shadows, and entries of the allow list that are over."""

from sqlalchemy import Engine, or_, select, update

from console.decisions.tables import verdict_outbox
from console.learn.allow import name_of
from console.learn.tables import allow_entries, allow_log
from streams.store.engine import writing
from streams.store.shadow_tables import shadow_alerts


def erase_learned(engine: Engine, before_ms: int) -> int:
    """Forget cases of shadows without an action since `before_ms`, and what entries held that were over by then.

    Who changed the allow list and when stays. Returns how many cases and entries were forgotten.
    """
    table = allow_entries
    over = or_(table.c.expires_at_ms < before_ms, table.c.removed_at_ms < before_ms) & (table.c.value != "")
    with writing(engine) as connection:
        cases = connection.execute(shadow_alerts.delete().where(shadow_alerts.c.last_action_ms < before_ms))
        entries = list(connection.execute(select(table.c.entry).where(over)).scalars())
        for entry in entries:
            connection.execute(update(table).where(table.c.entry == entry).values(value="", reason=""))
            connection.execute(update(allow_log).where(allow_log.c.entry == entry).values(text=""))
            sent = (verdict_outbox.c.campaign == name_of(entry)) & verdict_outbox.c.sent_at_ms.is_not(None)
            connection.execute(verdict_outbox.delete().where(sent))
        return int(cases.rowcount) + len(entries)
