"""Keep what a decision reached, in the transaction that writes it."""

from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from console.decisions.entries import JUDGEMENTS, Action, Body
from console.decisions.fold import Folded
from console.decisions.log import parse_details
from console.decisions.tables import decision_details
from console.reports.tables import decision_reach
from console.security.tables import erased_cases
from models.alerts import AlertState
from streams.store.tables import alert_revisions, alerts

REVISIONS_MAX: Final = 200


class _Told(Struct):
    """The field of an alert that is looked at; the others are skipped unread."""

    state: str


def keep_reach(connection: Connection, body: Body, after: Folded) -> None:
    """Keep the counts of the case of a judgement; `after` is the state of the case with it."""
    if body.action not in JUDGEMENTS:
        return
    case = connection.execute(
        select(alerts.c.accounts_total, alerts.c.posts).where(alerts.c.campaign == body.campaign)
    ).one()
    deciding = after.confirming if body.action is Action.CONFIRM else (body,)
    row = {
        "number": body.number,
        "accounts": max(0, case.accounts_total - _left_out(connection, deciding)),
        "posts": case.posts,
        "raised_at_ms": _raised_at_ms(connection, body.campaign),
    }
    connection.execute(decision_reach.insert().values(row))


def _left_out(connection: Connection, deciding: tuple[Body, ...]) -> int:
    """Accounts that anybody left out who had a part in the decision, as in the verdict."""
    numbers = [body.number for body in deciding if body.left_out_total]
    if not numbers:
        return 0
    found = connection.execute(select(decision_details.c.body).where(decision_details.c.number.in_(numbers)))
    return len({account for (text,) in found if text for account in parse_details(text).accounts_left_out})


def _raised_at_ms(connection: Connection, campaign: str) -> int | None:
    """When the case first called somebody; None where it never did, or retention has forgotten its early revisions."""
    if connection.execute(select(erased_cases.c.revision).where(erased_cases.c.campaign == campaign)).first():
        return None
    table = alert_revisions
    query = select(table.c.at_ms, table.c.body).where(table.c.campaign == campaign).order_by(table.c.revision)
    # nearly always the first one: bodies are large, and the rest of them stays unread
    for at_ms, body in connection.execute(query.limit(REVISIONS_MAX)).yield_per(1):
        if msgspec.json.decode(body, type=_Told).state != AlertState.LISTED:
            return int(at_ms)
    return None
