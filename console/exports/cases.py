"""Many cases as one file: those that the filters of the queue let through, read and written piece by piece."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct
from sqlalchemy import Engine

from console.decisions import queue
from console.decisions.errors import InvalidOrder
from console.decisions.filters import Filters
from models.codec import encode_alert
from streams.exports.flat import as_csv, as_jsonl, as_parquet
from streams.exports.formats import CSV, PARQUET
from streams.exports.rows import iso
from streams.store.sql import SqlStore

JSONL: Final = "application/jsonl"
CASES_MAX: Final = 10_000
ALERTS_MAX: Final = 1_000
"""Whole alerts are half a megabyte where they have 5,000 accounts."""


class CasesFormat(StrEnum):
    """Formats of many cases."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"
    ALERTS = "alerts.jsonl"
    """Each case as published, with its accounts; `shoal explain --alerts` reads it."""


CONTENT_TYPES: Final = {
    CasesFormat.CSV: CSV,
    CasesFormat.PARQUET: PARQUET,
    CasesFormat.JSONL: JSONL,
    CasesFormat.ALERTS: JSONL,
}


class CaseRow(Struct, frozen=True):
    """One case. Times are epoch ms, and ISO 8601 (UTC) beside them."""

    campaign: str
    revision: int
    kind: str
    """`campaign` (several targets) or `batch` (one)."""
    state: str
    """`opened`, `updated`, `closed` or `listed`."""
    outcome: str
    severity: str
    status: str
    """`open`, `pending`, `confirmed`, `dismissed` or `watched`."""
    headline: str
    first_action_ms: int
    first_action: str
    last_action_ms: int
    last_action: str
    accounts_total: int
    targets_total: int
    families_total: int
    actions: int
    """Accounts on targets, summed over the targets that the alert names."""
    posts: int
    reach: int
    """The greatest of accounts, actions and posts."""
    points: float
    """Points of inauthenticity."""
    chance: str
    layers: tuple[str, ...]
    """Kinds of its targets."""
    operator: str | None
    decided_by: str | None
    decided_at_ms: int | None
    decided_at: str | None
    decided_revision: int | None
    assigned_user: str | None
    assigned_role: str | None


class Found(Struct, frozen=True):
    """How much an export will hold."""

    cases: int
    accounts: int


def found(engine: Engine, filters: Filters, form: CasesFormat, now_ms: int) -> Found:
    """Count what `filters` let through. Raises `InvalidOrder` if that is more than a file may hold."""
    cases, accounts = queue.totals(engine, filters, now_ms)
    most = ALERTS_MAX if form is CasesFormat.ALERTS else CASES_MAX
    if cases > most:
        raise InvalidOrder("filters", f"{cases:,} cases match; an export holds at most {most:,}: choose fewer")
    return Found(cases, accounts)


def write(engine: Engine, filters: Filters, form: CasesFormat, now_ms: int) -> Iterator[bytes]:
    """Return the file in pieces, in the order of the cases' ids; a page of cases is in memory, never all.

    A case that changes meanwhile is in it once, as it is when its page is read.
    """
    rows = queue.walk(engine, filters, now_ms, ALERTS_MAX if form is CasesFormat.ALERTS else CASES_MAX)
    if form is CasesFormat.ALERTS:
        return _alerts(engine, rows)
    cases = map(case_row, rows)
    if form is CasesFormat.JSONL:
        return as_jsonl(cases)
    return as_csv(cases, CaseRow) if form is CasesFormat.CSV else as_parquet(cases, CaseRow)


def case_row(row: queue.QueueRow) -> CaseRow:
    """Return a row of the queue as the export has it."""
    decided_at = None if row.decided_at_ms is None else iso(row.decided_at_ms)
    return CaseRow(
        row.campaign, row.revision, row.kind, row.state, row.outcome, row.severity, row.status, row.headline,
        row.first_action_ms, iso(row.first_action_ms), row.last_action_ms, iso(row.last_action_ms),
        row.accounts_total, row.targets_total, row.families_total, row.actions, row.posts, row.reach, row.points,
        row.chance, row.layers, row.operator, row.decided_by, row.decided_at_ms, decided_at, row.decided_revision,
        row.assigned_user, row.assigned_role,
    )  # fmt: skip


def _alerts(engine: Engine, rows: Iterator[queue.QueueRow]) -> Iterator[bytes]:
    store = SqlStore(engine)
    for row in rows:
        alert = store.get(row.campaign)
        if alert is not None:
            yield encode_alert(alert) + b"\n"
