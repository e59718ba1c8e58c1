"""Find what happened since the last look and put it into the outbox, in one transaction: nothing is lost or put twice.

The worker writes alerts and people decide without knowing of messages; nobody waits for this. What was there before
the first look is not told. Revisions that came between two looks are told as one, by the newest; decisions each.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, func, or_, select

from console.decisions.entries import Action, Body
from console.decisions.log import parse
from console.decisions.read import status_in
from console.decisions.tables import decisions
from console.messages.destinations import Destination
from console.messages.facts import OF_ALERT, Decided, Facts, facts_of
from console.messages.outbox import OUTBOX_KEY, Put
from console.messages.tables import message_cases, message_cursors, message_threads
from console.messages.wanted import digested, event_for
from streams.store.engine import reading, serialise, writing
from streams.store.tables import alerts
from streams.store.upsert import put_row

BATCH = 200
CURSOR = "decisions"
TOLD = frozenset({Action.CONFIRM, Action.DISMISS, Action.WATCH, Action.UNDO, Action.REOPEN})
"""What is told of the log; who a case was handed over to is between two people."""


def begin(engine: Engine) -> None:
    """At the first start, take what is there as known; later starts change nothing."""
    with writing(engine) as connection:
        serialise(connection, OUTBOX_KEY)
        if connection.execute(select(message_cursors.c.number)).first() is not None:
            return
        newest = int(connection.execute(select(func.coalesce(func.max(decisions.c.number), 0))).scalar_one())
        connection.execute(message_cursors.insert().values(name=CURSOR, number=newest))
        known = select(alerts.c.campaign, alerts.c.revision)
        connection.execute(message_cases.insert().from_select(["campaign", "revision"], known))


def collect(engine: Engine, destinations: Sequence[Destination], now_ms: int) -> int:
    """Put what is new into the outbox, at most `BATCH` cases and `BATCH` decisions; returns how many were looked at."""
    with reading(engine) as connection:
        if not _revisions(connection, 1) and not _decisions(connection, 1):
            return 0
    with writing(engine) as connection:
        serialise(connection, OUTBOX_KEY)
        fan = _Fan(connection, destinations, now_ms)
        return fan.revisions() + fan.decisions()


class _Fan:
    """One look, inside its transaction."""

    def __init__(self, connection: Connection, destinations: Sequence[Destination], now_ms: int) -> None:
        self._connection = connection
        self._destinations = destinations
        self._now_ms = now_ms
        self._put = Put(connection, now_ms)

    def revisions(self) -> int:
        found = _revisions(self._connection, BATCH)
        for row in found:
            put_row(self._connection, message_cases, {"campaign": row.campaign, "revision": row.revision})
            status = status_in(self._connection, row.campaign)
            self._tell(facts_of(row, "updated", row.at_ms, status), row.revision)
        return len(found)

    def decisions(self) -> int:
        found = _decisions(self._connection, BATCH)
        for body in found:
            row = self._connection.execute(_cases().where(alerts.c.campaign == body.campaign)).first()
            if row is not None and body.action in TOLD:
                status = status_in(self._connection, body.campaign)
                decided = Decided(body.number, body.action.value, body.by, body.reason, body.at_ms)
                self._tell(facts_of(row, "decided", body.at_ms, status, decided), body.number)
        if found:
            put_row(self._connection, message_cursors, {"name": CURSOR, "number": found[-1].number})
        return len(found)

    def _tell(self, facts: Facts, number: int) -> None:
        threads = self._threads(facts.campaign)
        for destination in self._destinations:
            reference = threads.get(destination.name)
            event = event_for(destination, facts, reference is not None)
            if event is None:
                continue
            if reference is None:
                self._begin(destination.name, facts.campaign)
            in_digest = digested(destination, facts, bool(reference))
            self._put.put(destination, _as(facts, event), number, in_digest)

    def _threads(self, campaign: str) -> dict[str, str]:
        query = select(message_threads.c.destination, message_threads.c.reference)
        found = self._connection.execute(query.where(message_threads.c.campaign == campaign))
        return {row.destination: row.reference for row in found}

    def _begin(self, destination: str, campaign: str) -> None:
        row = {"destination": destination, "campaign": campaign, "reference": "", "changed_at_ms": self._now_ms}
        put_row(self._connection, message_threads, row)


def _as(facts: Facts, event: str) -> Facts:
    return facts if facts.event == event else msgspec.structs.replace(facts, event=event)


def _cases() -> Select[Any]:
    return select(alerts.c.at_ms, *(alerts.c[name] for name in OF_ALERT))


def _revisions(connection: Connection, limit: int) -> Sequence[Any]:
    joined = alerts.outerjoin(message_cases, message_cases.c.campaign == alerts.c.campaign)
    new = or_(message_cases.c.revision.is_(None), message_cases.c.revision < alerts.c.revision)
    query = _cases().select_from(joined).where(new).order_by(alerts.c.at_ms, alerts.c.campaign)
    return connection.execute(query.limit(limit)).all()


def _decisions(connection: Connection, limit: int) -> list[Body]:
    after = select(message_cursors.c.number).where(message_cursors.c.name == CURSOR).scalar_subquery()
    query = select(decisions.c.body).where(decisions.c.number > after).order_by(decisions.c.number).limit(limit)
    return [parse(text) for (text,) in connection.execute(query)]
