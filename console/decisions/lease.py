"""A lease: one process at a time does something, and another takes over when it falls silent."""

from sqlalchemy import Engine, select

from console.decisions.tables import leases
from streams.store.engine import writing
from streams.store.upsert import insert_for


def take(engine: Engine, name: str, holder: str, now_ms: int, lease_ms: int) -> bool:
    """Take or renew the lease `name`; returns whether `holder` has it until `now_ms + lease_ms`."""
    with writing(engine) as connection:
        statement = insert_for(connection, leases).values(name=name, holder=holder, expires_at_ms=now_ms + lease_ms)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={"holder": statement.excluded.holder, "expires_at_ms": statement.excluded.expires_at_ms},
                where=(leases.c.holder == holder) | (leases.c.expires_at_ms <= now_ms),
            )
        )
        return bool(connection.execute(select(leases.c.holder).where(leases.c.name == name)).scalar_one() == holder)


def give_back(engine: Engine, name: str, holder: str) -> None:
    """Let another process go on at once."""
    with writing(engine) as connection:
        connection.execute(leases.delete().where((leases.c.name == name) & (leases.c.holder == holder)))
