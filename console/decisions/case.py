"""What a decision needs to know of its case, without reading the whole of it."""

from typing import NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from console.decisions.entries import Order
from console.decisions.errors import InvalidOrder, NoSuchCase
from streams.store.tables import alert_revisions, alerts


class _Part(Struct):
    """The fields of an alert that are looked at; the others are skipped unread."""

    accounts: list[str]
    accounts_total: int
    outcome: str


class Case(NamedTuple):
    """The case now, and what of it was on the page."""

    revision: int
    accounts_total: int
    accounts: list[str]
    changed: bool
    """Other accounts or another outcome than on the page."""


def look_up(connection: Connection, order: Order) -> Case:
    """Read the case. Raises `NoSuchCase`, or `InvalidOrder` for a revision that never was."""
    query = select(alerts.c.revision).where(alerts.c.campaign == order.campaign)
    newest = connection.execute(query).scalar()
    if newest is None:
        raise NoSuchCase(order.campaign)
    now = _part(connection, order.campaign, newest)
    seen = now if order.revision == newest else _part(connection, order.campaign, order.revision)
    changed = seen is not now and (seen.outcome != now.outcome or set(seen.accounts) != set(now.accounts))
    return Case(newest, now.accounts_total, seen.accounts, changed or seen.accounts_total != now.accounts_total)


def _part(connection: Connection, campaign: str, revision: int) -> _Part:
    table = alert_revisions
    query = select(table.c.body).where((table.c.campaign == campaign) & (table.c.revision == revision))
    body = connection.execute(query).scalar()
    if body is None:
        raise InvalidOrder("revision", f"{revision} is not known of {campaign}")
    return msgspec.json.decode(body, type=_Part)
