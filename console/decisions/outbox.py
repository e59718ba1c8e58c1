"""Verdicts on their way to the stream: written with the decision, in one transaction, sent later by the relay.

The detector keeps the decisions of a case by id and lets the newest count that was not undone, which is the
stack of `console.decisions.fold`: one verdict for each judgement once it counts, one undo for each that no
longer does.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from console.decisions.chain import GENESIS
from console.decisions.entries import LEFT_OUT_MAX, Action, Body
from console.decisions.errors import InvalidOrder
from console.decisions.fold import Folded
from console.decisions.log import Appended, parse_details
from console.decisions.tables import decision_details, decisions, verdict_outbox
from models.codec import MESSAGE_BYTES_MAX, encode_event
from models.events import Decision, Verdict
from streams.store.engine import reading, writing


class Waiting(NamedTuple):
    """A verdict that is not known to be on the topic."""

    position: int
    campaign: str
    body: bytes


def put_verdicts(connection: Connection, appended: Appended, before: Folded, after: Folded) -> None:
    """Queue what the detector must be told of this row. The caller holds `LOG_KEY`."""
    for verdict in _verdicts(connection, appended, before, after):
        put_verdict(connection, verdict, appended.body.number)


def put_verdict(connection: Connection, verdict: Verdict, number: int | None = None) -> None:
    """Queue one verdict behind all others, with the number of its row in the log if it has one.

    The caller holds `console.decisions.log.LOG_KEY`. Raises `InvalidOrder` for one too large for the topic.
    """
    body = encode_event(verdict)
    if len(body) > MESSAGE_BYTES_MAX:
        raise InvalidOrder("accounts_left_out", f"their ids make a message of {len(body):,} bytes: leave out fewer")
    newest = select(func.coalesce(func.max(verdict_outbox.c.position), 0))
    position = int(connection.execute(newest).scalar_one()) + 1
    row = {"position": position, "number": number, "campaign": verdict.campaign, "body": body}
    connection.execute(verdict_outbox.insert().values(row))


def waiting(engine: Engine) -> int:
    """How many verdicts are not sent yet."""
    with reading(engine) as connection:
        query = select(func.count()).where(verdict_outbox.c.sent_at_ms.is_(None))
        return int(connection.execute(query).scalar_one())


def next_waiting(engine: Engine, limit: int) -> list[Waiting]:
    """The oldest unsent verdicts, in order."""
    table = verdict_outbox
    query = select(table.c.position, table.c.campaign, table.c.body).where(table.c.sent_at_ms.is_(None))
    with reading(engine) as connection:
        return [Waiting(*row) for row in connection.execute(query.order_by(table.c.position).limit(limit))]


def mark_sent(engine: Engine, up_to: int, now_ms: int) -> None:
    """Say that everything up to a position is on the topic."""
    table = verdict_outbox
    sent = update(table).where((table.c.position <= up_to) & table.c.sent_at_ms.is_(None))
    with writing(engine) as connection:
        connection.execute(sent.values(sent_at_ms=now_ms))


def verdict_id(sha256: str, undone: str = "") -> str:
    """Return the id of a verdict: 32 hex digits from the hash of its row, and of the id it undoes."""
    return hashlib.sha256(f"{sha256}:{undone}".encode()).hexdigest()[:32]


def _verdicts(connection: Connection, appended: Appended, before: Folded, after: Folded) -> Iterator[Verdict]:
    body = appended.body
    told, stands = ({each.number for each in folded.effective} for folded in (before, after))
    for number in sorted(told - stands, reverse=True):
        undone = verdict_id(_hash_of(connection, number))
        yield Verdict(
            verdict_id(appended.sha256, undone), body.campaign, body.revision, Decision.UNDO, body.by, body.at_ms,
            undoes=undone,
        )  # fmt: skip
    if body.number in stands:
        left_out = _left_out(connection, (body,) if body.action is not Action.CONFIRM else after.confirming)
        yield Verdict(
            verdict_id(appended.sha256), body.campaign, body.revision, Decision(body.action.value), body.by,
            body.at_ms, reason=body.reason, accounts_left_out=left_out,
        )  # fmt: skip


def _left_out(connection: Connection, decided: tuple[Body, ...]) -> tuple[str, ...]:
    """Accounts that anybody left out who had a part in the decision: in doubt an account is spared."""
    numbers = [body.number for body in decided]
    found = connection.execute(select(decision_details.c.body).where(decision_details.c.number.in_(numbers)))
    spared = sorted({account for (text,) in found if text for account in parse_details(text).accounts_left_out})
    if len(spared) > LEFT_OUT_MAX:
        raise InvalidOrder("accounts_left_out", f"at most {LEFT_OUT_MAX} together with the first confirmation")
    return tuple(spared)


def _hash_of(connection: Connection, number: int) -> str:
    found = connection.execute(select(decisions.c.sha256).where(decisions.c.number == number)).scalar()
    return str(found or GENESIS)
