"""Reading and appending rows of the log."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, select

from console.decisions.chain import GENESIS, canonical, link
from console.decisions.entries import Body, Details, LogEntry
from console.decisions.tables import decision_details, decisions

LOG_KEY = 0x5348_4F41_4C01
"""Advisory lock of PostgreSQL under which rows are appended, so that each knows the one before."""


class Appended(NamedTuple):
    """A row that was just written."""

    body: Body
    sha256: str


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest row; 0 and `GENESIS` for an empty log."""
    newest = select(decisions.c.number, decisions.c.sha256).order_by(decisions.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return (int(row.number), str(row.sha256)) if row else (0, GENESIS)


def append(connection: Connection, body: Body, previous: str, details: str) -> Appended:
    """Write one row after the newest. The caller holds `LOG_KEY` and took number and `previous` from `head`."""
    text = canonical(body)
    sha256 = link(previous, text)
    connection.execute(
        decisions.insert().values(
            number=body.number, previous=previous, body=text, sha256=sha256, campaign=body.campaign,
            action=body.action.value, decided_by=body.by, decided_at_ms=body.at_ms,
        )
    )  # fmt: skip
    connection.execute(decision_details.insert().values(number=body.number, body=details))
    return Appended(body, sha256)


def bodies_of(connection: Connection, campaign: str) -> list[Body]:
    """Rows of one case, oldest first."""
    query = select(decisions.c.body).where(decisions.c.campaign == campaign).order_by(decisions.c.number)
    return [parse(text) for (text,) in connection.execute(query)]


def entries(connection: Connection, query: Select[Any]) -> list[LogEntry]:
    """Run a query made by `with_details`."""
    return [_entry(row.body, row.details) for row in connection.execute(query)]


def with_details() -> Select[Any]:
    """Rows of the log with their details, in order of their numbers."""
    joined = decisions.outerjoin(decision_details, decision_details.c.number == decisions.c.number)
    query = select(decisions.c.body, decision_details.c.body.label("details"))
    return query.select_from(joined).order_by(decisions.c.number)


def parse(text: str) -> Body:
    """Read a body as it was hashed. Raises `msgspec.MsgspecError` for anything else."""
    return msgspec.json.decode(text, type=Body)


def parse_details(text: str) -> Details:
    """Read details."""
    return msgspec.json.decode(text, type=Details)


def mark_standing(found: Iterable[LogEntry], standing: frozenset[int]) -> list[LogEntry]:
    """Say of each entry of a case whether it stands."""
    return [msgspec.structs.replace(entry, standing=entry.number in standing) for entry in found]


def _entry(text: str, details: str | None) -> LogEntry:
    body = parse(text)
    known = parse_details(details) if details is not None else Details("", "", ())
    return LogEntry(
        body.number, body.campaign, body.action, body.by, body.at_ms, body.revision, body.reason,
        known.text, known.accounts_left_out, body.to_user, body.to_role, body.undoes, body.persons_needed,
        body.left_out_total, details is None,
    )  # fmt: skip
