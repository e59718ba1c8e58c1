"""Take a decision: check it against what happened meanwhile, write it to the log, put its verdict on the way.

Everything happens in one transaction, and appends follow one another, so two people who decide at once are
served in turn: the second is refused with what the first did, and nothing of either is lost.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Engine

from console.decisions.case import Case, look_up
from console.decisions.chain import canonical, digest, salted
from console.decisions.check import Rules, check_form, check_state
from console.decisions.entries import JUDGEMENTS, Action, Body, CaseStatus, Order
from console.decisions.errors import NotDecided, Stale
from console.decisions.fold import Folded, fold
from console.decisions.log import LOG_KEY, append, bodies_of, entries, head, with_details
from console.decisions.outbox import put_verdicts
from console.decisions.tables import case_status, claims, decisions
from console.reports.reach import keep_reach
from streams.store.engine import serialise, writing
from streams.store.upsert import put_row

ORDERS_MAX = 200


class Decided(NamedTuple):
    """What came of an order."""

    number: int
    """Number of the row in the log."""
    status: CaseStatus


def decide(engine: Engine, order: Order, now_ms: int, rules: Rules | None = None) -> Decided:
    """Write `order` to the log at `now_ms` (epoch ms) and return what follows from it.

    Raises a `console.decisions.errors.NotDecided` that says why nothing was written, or `StoreUnavailable`.
    """
    with writing(engine) as connection:
        return decide_in(connection, order, now_ms, rules)


def decide_in(connection: Connection, order: Order, now_ms: int, rules: Rules | None = None) -> Decided:
    """`decide` as a part of a transaction that writes more."""
    check_form(order)
    serialise(connection, LOG_KEY)
    before = fold(bodies_of(connection, order.campaign))
    case = look_up(connection, order)
    _refuse_stale(connection, order, before, case)
    check_state(order, before, case.accounts)
    needed = (rules or Rules()).persons_needed(order.action, case.accounts_total)
    return _write(connection, order, now_ms, before, needed)


def decide_many(
    engine: Engine, orders: Sequence[Order], now_ms: int, rules: Rules | None = None
) -> list[Decided | NotDecided]:
    """Take several decisions, at most `ORDERS_MAX`, each by itself: one that is refused holds up no other.

    Returns what came of each, in the order of `orders`. Raises `ValueError` for too many.
    """
    if len(orders) > ORDERS_MAX:
        raise ValueError(f"{len(orders)} orders at once, at most {ORDERS_MAX}")
    results: list[Decided | NotDecided] = []
    for order in orders:
        try:
            results.append(decide(engine, order, now_ms, rules))
        except NotDecided as refused:
            results.append(refused)
    return results


def _refuse_stale(connection: Connection, order: Order, before: Folded, case: Case) -> None:
    if order.seen != before.last_number:
        of_case = (decisions.c.campaign == order.campaign) & (decisions.c.number > order.seen)
        raise Stale(entries(connection, with_details().where(of_case)), case.revision, case.accounts_total)
    if case.changed and order.action in JUDGEMENTS:
        raise Stale([], case.revision, case.accounts_total)


def _write(connection: Connection, order: Order, now_ms: int, before: Folded, needed: int) -> Decided:
    newest, previous = head(connection)
    details = canonical(salted(order.text, tuple(sorted(order.accounts_left_out))))
    undoes = before.standing[-1].number if order.action is Action.UNDO else None
    # the detector takes verdicts in the order of their moments, so a case's moments differ and grow
    at_ms = max(now_ms, before.last_ms + 1)
    body = Body(
        newest + 1, order.campaign, order.action, order.by, at_ms, order.revision, order.seen, order.reason,
        order.to_user, order.to_role, undoes, needed, len(order.accounts_left_out), digest(details),
    )  # fmt: skip
    appended = append(connection, body, previous, details)
    after = fold(bodies_of(connection, order.campaign))
    put_verdicts(connection, appended, before, after)
    keep_reach(connection, body, after)
    status = after.status(order.campaign)
    put_row(connection, case_status, msgspec.structs.asdict(status))
    _release(connection, order)
    return Decided(body.number, status)


def _release(connection: Connection, order: Order) -> None:
    """A case that was handed over or decided is no longer held by the one who did it."""
    if order.action in JUDGEMENTS or order.action is Action.HAND_OVER:
        own = (claims.c.campaign == order.campaign) & (claims.c.claimed_by == order.by)
        connection.execute(claims.delete().where(own))
