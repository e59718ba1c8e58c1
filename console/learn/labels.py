"""Decisions as labels: one row a case that a person confirmed, dismissed or put on the watch list, and that stands."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Engine, func, select

from console.decisions.read import history
from console.decisions.read import left_out as left_out_by
from console.decisions.tables import case_status
from console.learn.features import FeatureCache, Features
from streams.exports import flat
from streams.exports.flat import as_jsonl
from streams.store.engine import reading
from streams.store.sql import SqlStore
from streams.store.tables import alerts

__all__ = ["DECIDED", "LABELS_MAX", "Label", "as_csv", "as_jsonl", "decided", "extent", "labels", "write_parquet"]
DECIDED: Final = ("confirmed", "dismissed", "watched")
LABELS_MAX: Final = 100_000
_AT_ONCE: Final = 200


class Label(Struct, frozen=True):
    """One decided case."""

    campaign: str
    revision: int
    """Revision that was decided on; accounts and features are of that one."""
    decision: str
    reason: str
    decided_at_ms: int
    kind: str
    outcome: str
    severity: str
    layers: tuple[str, ...]
    accounts_total: int
    targets_total: int
    first_action_ms: int
    last_action_ms: int
    points: float
    p_log10: float
    detector_version: str
    configuration: str
    features: dict[str, float]
    """Points of each item of evidence that spoke."""
    accounts: tuple[str, ...]
    """Without those that the person left out."""
    accounts_left_out: tuple[str, ...]


def labels(engine: Engine, with_accounts: bool = True, since_ms: int = 0, limit: int = LABELS_MAX) -> Iterator[Label]:
    """Every standing decision from `since_ms` on, oldest first, at most `limit`."""
    cache = FeatureCache()
    rows = decided(engine, since_ms, min(limit, LABELS_MAX))
    for begin in range(0, len(rows), _AT_ONCE):
        part = rows[begin : begin + _AT_ONCE]
        features = cache.of(engine, [(row.campaign, row.decided_revision) for row in part])
        for row in part:
            found = features.get((row.campaign, row.decided_revision))
            if found is not None:  # its revisions may be gone after the retention period
                yield _label(engine, row, found, with_accounts)


def decided(engine: Engine, since_ms: int, limit: int, states: Sequence[str] = DECIDED) -> list[Any]:
    """Rows of `case_status` whose decision stands, oldest first."""
    table = case_status
    query = select(table).where(table.c.status.in_(states) & (table.c.decided_at_ms >= since_ms))
    with reading(engine) as connection:
        return list(connection.execute(query.order_by(table.c.decided_at_ms, table.c.campaign).limit(limit)))


def extent(engine: Engine, since_ms: int, limit: int = LABELS_MAX) -> tuple[int, int]:
    """How many labels there are from `since_ms` on, and how many accounts their cases have now."""
    table = case_status
    standing = table.c.status.in_(DECIDED) & (table.c.decided_at_ms >= since_ms)
    accounts = func.coalesce(func.sum(alerts.c.accounts_total), 0)
    joined = table.outerjoin(alerts, alerts.c.campaign == table.c.campaign)
    with reading(engine) as connection:
        cases, total = connection.execute(select(func.count(), accounts).select_from(joined).where(standing)).one()
    return min(int(cases), limit), int(total)


def _label(engine: Engine, row: Any, found: Features, with_accounts: bool) -> Label:
    accounts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    if with_accounts:
        left_out = left_out_by(history(engine, row.campaign))
        spared = frozenset(left_out)
        revisions = SqlStore(engine).revisions(row.campaign)
        alert = next((each for each in revisions if each.revision == row.decided_revision), None)
        accounts = tuple(account for account in (alert.accounts if alert else ()) if account not in spared)
    return Label(
        row.campaign, row.decided_revision, row.status, row.reason, row.decided_at_ms, found.kind, found.outcome,
        found.severity, found.layers, found.accounts_total, found.targets_total, found.first_action_ms,
        found.last_action_ms, found.points, found.p_log10, found.detector_version, found.configuration, found.spoke,
        accounts, left_out,
    )  # fmt: skip


# --- as files


def as_csv(found: Iterator[Label]) -> Iterator[bytes]:
    """A header and one line a label, as `streams.exports.flat` writes them."""
    return flat.as_csv(found, Label)


def write_parquet(found: Iterator[Label], path: Path) -> int:
    """Write a Parquet file; return how many labels."""
    written = 0

    def counted() -> Iterator[Label]:
        nonlocal written
        for label in found:
            written += 1
            yield label

    with path.open("wb") as file:
        file.writelines(flat.as_parquet(counted(), Label))
    return written
