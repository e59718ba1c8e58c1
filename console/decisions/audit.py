"""Prove the log whole: every row, its place, its hash, and that what lists show follows from it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, select

from console.decisions.chain import GENESIS, canonical, digest, link
from console.decisions.entries import Body, CaseStatus
from console.decisions.fold import fold
from console.decisions.log import parse
from console.decisions.tables import case_status, decision_details, decisions
from streams.store.engine import reading

FAULTS_MAX = 100
PAGE = 1_000


class Fault(NamedTuple):
    """One thing that is wrong; `number` is the row of the log, 0 for the log as a whole."""

    number: int
    what: str


class Verified(NamedTuple):
    """What was found."""

    rows: int
    newest_hash: str
    erased: int
    """Rows whose text and accounts were erased after the retention period."""
    faults: list[Fault]
    """At most `FAULTS_MAX`; empty for a log that is whole."""


def verify(engine: Engine, expect: str | None = None) -> Verified:
    """Read the whole log. `expect` is a hash that was noted before and must be in the log still.

    Rows cut off at the end leave no trace in the rest: only a hash noted elsewhere shows that.
    """
    with reading(engine) as connection:
        return _Reader(connection, expect).read()


class _Reader:
    def __init__(self, connection: Connection, expect: str | None) -> None:
        self._connection = connection
        self._expect = expect
        self._faults: list[Fault] = []
        self._number = 0
        self._rows = 0
        self._erased = 0
        self._hash = GENESIS
        self._met = expect in (None, GENESIS)
        self._cases: dict[str, list[Body]] = defaultdict(list)

    def read(self) -> Verified:
        for row in self._stored():
            self._rows += 1
            self._place(row)
            self._content(row)
            self._met = self._met or row.sha256 == self._expect
            self._number, self._hash = row.number, row.sha256
        if not self._met:
            self._found(0, f"hash {self._expect} is not in the log any more: rows were removed or altered")
        if not self._faults:  # a broken log has no state to compare with
            self._states()
        return Verified(self._rows, self._hash, self._erased, self._faults)

    def _found(self, number: int, what: str) -> None:
        if len(self._faults) < FAULTS_MAX:
            self._faults.append(Fault(number, what))

    def _stored(self) -> Iterator[Any]:
        columns = [*decisions.c, decision_details.c.body.label("details"), decision_details.c.erased_at_ms]
        joined = decisions.outerjoin(decision_details, decision_details.c.number == decisions.c.number)
        query = select(*columns).select_from(joined).order_by(decisions.c.number).limit(PAGE)
        after = -1
        while page := self._connection.execute(query.where(decisions.c.number > after)).all():
            yield from page
            after = page[-1].number

    def _place(self, row: Any) -> None:
        if row.number != self._number + 1:
            gone = f"row {self._number + 1}" if row.number == self._number + 2 else f"rows {self._number + 1} on"
            self._found(row.number, f"{gone} before it removed")
        if row.previous != self._hash:
            self._found(row.number, "does not follow the row before: altered, removed or in another order")
        if link(row.previous, row.body) != row.sha256:
            self._found(row.number, "altered: its hash is not that of its content")

    def _content(self, row: Any) -> None:
        try:
            body = parse(row.body)
        except msgspec.MsgspecError as error:
            self._found(row.number, f"altered: no decision ({error})")
            return
        copies = (body.number, body.campaign, body.action.value, body.by, body.at_ms)
        if copies != (row.number, row.campaign, row.action, row.decided_by, row.decided_at_ms):
            self._found(row.number, "altered: its columns are not those of its content")
        if canonical(body) != row.body:
            self._found(row.number, "altered: not in canonical form")
        self._details(row, body)
        self._cases[body.campaign].append(body)

    def _details(self, row: Any, body: Body) -> None:
        if row.details is None:
            self._erased += 1
            if row.erased_at_ms is None:
                self._found(row.number, "its text and accounts were removed, not erased by retention")
        elif digest(row.details) != body.details_sha256:
            self._found(row.number, "altered: its text or accounts are not those that were decided")

    def _states(self) -> None:
        found = self._connection.execute(select(case_status)).all()
        kept = {row.campaign: CaseStatus(**dict(row._mapping)) for row in found}  # noqa: SLF001  # its public name
        for campaign in sorted({*kept, *self._cases}):
            bodies = self._cases.get(campaign, [])
            if kept.get(campaign) != fold(bodies).status(campaign):
                number = bodies[-1].number if bodies else 0
                self._found(number, f"the state kept of campaign {campaign} does not follow from the log")
