"""Messages after the retention period: they hold headlines and who decided."""

from sqlalchemy import Engine, delete

from console.messages.tables import message_outbox
from streams.store.engine import writing


def erase_messages(engine: Engine, before_ms: int) -> int:
    """Forget messages made before `before_ms` (epoch ms), sent or not; returns how many."""
    with writing(engine) as connection:
        return connection.execute(delete(message_outbox).where(message_outbox.c.created_at_ms < before_ms)).rowcount
