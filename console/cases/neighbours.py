"""Other cases of the same operator, and which accounts were in them."""

from collections.abc import Collection
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, func, select

from console.decisions.tables import case_status
from streams.store.engine import reading
from streams.store.tables import alert_revisions, alerts

NEIGHBOURS_MAX: Final = 12
SEARCHED_MAX: Final = 8
"""Neighbours whose accounts are read: a large one takes some milliseconds."""


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


def neighbours(engine: Engine, campaign: str, operator: str | None) -> list[Neighbour]:
    """Return the other cases of `operator`, newest action first, at most `NEIGHBOURS_MAX`."""
    if operator is None:
        return []
    fields = [alerts.c[name] for name in Neighbour.__struct_fields__ if name != "status"]
    query = (
        select(*fields, func.coalesce(case_status.c.status, "open"))
        .select_from(alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign))
        .where((alerts.c.operator == operator) & (alerts.c.campaign != campaign))
        .order_by(alerts.c.last_action_ms.desc(), alerts.c.campaign)
        .limit(NEIGHBOURS_MAX)
    )
    with reading(engine) as connection:
        return [Neighbour(*tuple(row)) for row in connection.execute(query)]


def seen_in(engine: Engine, others: list[Neighbour], accounts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return for each of `accounts` the cases among the first `SEARCHED_MAX` of `others` that it was in."""
    wanted = set(accounts)
    found: dict[str, list[str]] = {}
    table = alert_revisions
    with reading(engine) as connection:
        for each in others[:SEARCHED_MAX]:
            own = (table.c.campaign == each.campaign) & (table.c.revision == each.revision)
            body = connection.execute(select(table.c.body).where(own)).scalar()
            for account in wanted.intersection(() if body is None else _DECODER.decode(body).accounts):
                found.setdefault(account, []).append(each.campaign)
    return {account: tuple(cases) for account, cases in found.items()}


class _Accounts(Struct, frozen=True):
    accounts: tuple[str, ...]


_DECODER = msgspec.json.Decoder(_Accounts)
