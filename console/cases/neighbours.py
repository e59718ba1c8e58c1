"""Other cases of the same operator."""

from typing import Final

from msgspec import Struct
from sqlalchemy import Engine, func, select

from console.decisions.tables import case_status
from streams.store.engine import reading
from streams.store.tables import alerts

NEIGHBOURS_MAX: Final = 12


class Neighbour(Struct, frozen=True):
    """A case of the same operator."""

    campaign: str
    revision: int
    severity: str
    headline: str
    accounts_total: int
    last_action_ms: int
    layers: str
    status: str
    last_number: int
    """Number of the newest decision on it; 0 without one."""


def neighbours(engine: Engine, campaign: str, operator: str | None) -> list[Neighbour]:
    """Return the other cases of `operator`, newest action first, at most `NEIGHBOURS_MAX`."""
    if operator is None:
        return []
    fields = [alerts.c[name] for name in Neighbour.__struct_fields__ if name in alerts.c]
    query = (
        select(*fields, func.coalesce(case_status.c.status, "open"), func.coalesce(case_status.c.last_number, 0))
        .select_from(alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign))
        .where((alerts.c.operator == operator) & (alerts.c.campaign != campaign))
        .order_by(alerts.c.last_action_ms.desc(), alerts.c.campaign)
        .limit(NEIGHBOURS_MAX)
    )
    with reading(engine) as connection:
        return [Neighbour(*tuple(row)) for row in connection.execute(query)]
