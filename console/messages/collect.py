"""Find what happened since the last look and put it into the outbox, in one transaction: nothing is lost or put twice.

The worker writes alerts and people decide without knowing of messages; nobody waits for this. What was there before
the first look is not told. Revisions that came between two looks are told as one, by the newest; decisions each.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, func, or_, select

from console.decisions.entries import Action, Body, CaseStatus
from console.decisions.log import parse
from console.decisions.tables import case_status, decisions
from console.messages.destinations import Destination
from console.messages.facts import OF_ALERT, Decided, Facts, facts_of
from console.messages.put import OUTBOX_KEY, Put
from console.messages.tables import message_cases, message_cursors, message_threads
from console.messages.wanted import digested, event_for
from streams.store.engine import reading, serialise, writing
from streams.store.tables import alerts
from streams.store.upsert import add_missing, put_row, replace_older

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
        return _Fan(connection, destinations, now_ms).look()


class _Fan:
    """One look, inside its transaction: what is asked is asked for all cases at once."""

    def __init__(self, connection: Connection, destinations: Sequence[Destination], now_ms: int) -> None:
        self._connection = connection
        self._destinations = destinations
        self._now_ms = now_ms
        self._put = Put(connection, now_ms)
        self._told: dict[str, dict[str, str]] = {}
        """Case to destination to reference."""
        self._begun: list[dict[str, Any]] = []

    def look(self) -> int:
        """Look at what is new; returns how many cases and decisions that were."""
        cases, decided = _revisions(self._connection, BATCH), _decisions(self._connection, BATCH)
        names = sorted({row.campaign for row in cases} | {body.campaign for body in decided})
        statuses = self._statuses(names)
        self._read_threads(names)
        self._revisions(cases, statuses)
        self._decisions(decided, statuses)
        add_missing(self._connection, message_threads, self._begun)
        self._put.flush()
        return len(cases) + len(decided)

    def _revisions(self, found: Sequence[Any], statuses: Mapping[str, CaseStatus]) -> None:
        rows = [{"campaign": row.campaign, "revision": row.revision} for row in found]
        replace_older(self._connection, message_cases, rows)
        for row in found:
            status = statuses.get(row.campaign) or CaseStatus(row.campaign)
            self._tell(facts_of(row, "updated", row.at_ms, status), row.revision)

    def _decisions(self, found: Sequence[Body], statuses: Mapping[str, CaseStatus]) -> None:
        told = [body for body in found if body.action in TOLD]
        query = _cases().where(alerts.c.campaign.in_({body.campaign for body in told}))
        cases = {row.campaign: row for row in self._connection.execute(query)}
        for body in told:
            if (row := cases.get(body.campaign)) is not None:
                status = statuses.get(body.campaign) or CaseStatus(body.campaign)
                decided = Decided(body.number, body.action.value, body.by, body.reason, body.at_ms)
                self._tell(facts_of(row, "decided", body.at_ms, status, decided), body.number)
        if found:
            put_row(self._connection, message_cursors, {"name": CURSOR, "number": found[-1].number})

    def _tell(self, facts: Facts, number: int) -> None:
        threads = self._told.setdefault(facts.campaign, {})
        for destination in self._destinations:
            reference = threads.get(destination.name)
            event = event_for(destination, facts, reference is not None)
            if event is None:
                continue
            if reference is None:
                self._begin(destination.name, facts.campaign)
            in_digest = digested(destination, facts, bool(reference))
            self._put.put(destination, _as(facts, event), number, in_digest)

    def _begin(self, destination: str, campaign: str) -> None:
        self._told[campaign][destination] = ""
        row = {"destination": destination, "campaign": campaign, "reference": "", "changed_at_ms": self._now_ms}
        self._begun.append(row)

    def _statuses(self, names: Sequence[str]) -> dict[str, CaseStatus]:
        query = select(case_status).where(case_status.c.campaign.in_(names))
        rows = (CaseStatus(**dict(row._mapping)) for row in self._connection.execute(query))  # noqa: SLF001  # SQLAlchemy's public name
        return {status.campaign: status for status in rows}

    def _read_threads(self, names: Sequence[str]) -> None:
        table = message_threads.c
        for row in self._connection.execute(message_threads.select().where(table.campaign.in_(names))):
            self._told.setdefault(row.campaign, {})[row.destination] = row.reference


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
