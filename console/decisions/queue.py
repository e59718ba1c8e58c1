"""The queue: cases by severity × reach × age, page by page, without opening a body."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Engine, Select, func, select, tuple_

from console.appeals.waiting import waiting_cases
from console.decisions.errors import InvalidOrder
from console.decisions.filters import NOBODY, STATUS, Filters, conditions
from console.decisions.tables import case_status, claims
from streams.store.engine import reading
from streams.store.tables import alerts

__all__ = ["NOBODY", "Counts", "Filters", "QueuePage", "QueueRow", "counts", "page", "row", "totals", "walk"]
PAGE_MAX = 200
CURSOR_CHARACTERS_MAX = 128
_OF_ALERT = (
    "campaign", "revision", "state", "kind", "outcome", "severity", "headline", "at_ms", "first_action_ms",
    "last_action_ms", "accounts_total", "targets_total", "families_total", "actions", "posts", "reach", "points",
    "operator", "layers", "chance", "priority",
)  # fmt: skip
_OF_STATUS = ("decided_by", "decided_at_ms", "decided_revision", "assigned_user", "assigned_role")


class QueueRow(Struct, frozen=True):
    """One case as the queue shows it. Times are epoch ms."""

    campaign: str
    revision: int
    state: str
    kind: str
    outcome: str
    severity: str
    headline: str
    at_ms: int
    first_action_ms: int
    last_action_ms: int
    accounts_total: int
    targets_total: int
    families_total: int
    actions: int
    """Accounts on targets, summed over the targets that the alert names."""
    posts: int
    reach: int
    """The greatest of accounts, actions and posts."""
    points: float
    operator: str | None
    layers: tuple[str, ...]
    chance: str
    priority: float
    """`streams.store.priority`."""
    status: str
    last_number: int
    decided_by: str | None
    decided_at_ms: int | None
    decided_revision: int | None
    assigned_user: str | None
    assigned_role: str | None
    claimed_by: str | None
    claim_expires_at_ms: int | None
    appealed: bool
    """An appeal waits for an answer."""

    @property
    def changed(self) -> bool:
        """The campaign went on after it was decided."""
        return self.decided_revision is not None and self.revision > self.decided_revision


class QueuePage(NamedTuple):
    """Some cases, and where the next page begins; None on the last one."""

    rows: list[QueueRow]
    next: str | None


class Counts(NamedTuple):
    """How many cases there are, by word."""

    total: int
    by_status: dict[str, int]
    by_severity: dict[str, int]
    by_outcome: dict[str, int]


def page(engine: Engine, filters: Filters, now_ms: int, after: str | None = None, limit: int = 50) -> QueuePage:
    """Return up to `limit` (1 to `PAGE_MAX`) cases, the most urgent first, from where `after` (a `next`) says.

    Raises `InvalidOrder` for an `after` that is none.
    """
    if not 1 <= limit <= PAGE_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {PAGE_MAX}")
    query = _rows(now_ms).where(*conditions(filters))
    if after is not None:
        query = query.where(tuple_(alerts.c.priority, alerts.c.campaign) < tuple_(*_cursor(after)))
    query = query.order_by(alerts.c.priority.desc(), alerts.c.campaign.desc()).limit(limit + 1)
    with reading(engine) as connection:
        found = [_row(each) for each in connection.execute(query)]
    more = len(found) > limit
    rows = found[:limit]
    return QueuePage(rows, f"{rows[-1].priority!r}_{rows[-1].campaign}" if more else None)


def row(engine: Engine, campaign: str, now_ms: int) -> QueueRow | None:
    """Return one case as the queue shows it."""
    with reading(engine) as connection:
        found = connection.execute(_rows(now_ms).where(alerts.c.campaign == campaign)).first()
    return _row(found) if found else None


def walk(engine: Engine, filters: Filters, now_ms: int, limit: int) -> Iterator[QueueRow]:
    """Every case that `filters` let through, in the order of their ids, at most `limit`; page by page.

    An id never changes, so no case comes twice and none is passed over, whatever happens between two pages.
    """
    query = _rows(now_ms).where(*conditions(filters)).order_by(alerts.c.campaign)
    after = ""
    while limit > 0:
        with reading(engine) as connection:
            part = query.where(alerts.c.campaign > after).limit(min(limit, PAGE_MAX))
            found = [_row(each) for each in connection.execute(part)]
        yield from found
        if len(found) < PAGE_MAX:
            return
        after, limit = found[-1].campaign, limit - len(found)


def totals(engine: Engine, filters: Filters, now_ms: int) -> tuple[int, int]:
    """How many cases `filters` let through, and how many accounts they have together."""
    accounts = func.coalesce(func.sum(alerts.c.accounts_total), 0)
    query = select(func.count(), accounts).select_from(_joined(now_ms)).where(*conditions(filters))
    with reading(engine) as connection:
        cases, total = connection.execute(query).one()
    return int(cases), int(total)


def counts(engine: Engine, filters: Filters, now_ms: int) -> Counts:
    """Count the cases that `filters` let through, by status, severity and outcome."""
    severity, outcome = alerts.c.severity, alerts.c.outcome
    query = select(STATUS, severity, outcome, func.count()).select_from(_joined(now_ms))
    found: tuple[dict[str, int], ...] = ({}, {}, {})
    total = 0
    with reading(engine) as connection:
        for *words, number in connection.execute(query.where(*conditions(filters)).group_by(STATUS, severity, outcome)):
            total += number
            for word, by in zip(words, found, strict=True):
                by[word] = by.get(word, 0) + number
    return Counts(total, *found)


def _joined(now_ms: int) -> Any:
    held = (claims.c.campaign == alerts.c.campaign) & (claims.c.expires_at_ms > now_ms)
    return alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign).outerjoin(claims, held)


def _rows(now_ms: int) -> Select[Any]:
    columns = [alerts.c[name] for name in _OF_ALERT]
    decided = [case_status.c[name] for name in _OF_STATUS]
    number = func.coalesce(case_status.c.last_number, 0).label("last_number")
    claim = [claims.c.claimed_by, claims.c.expires_at_ms.label("claim_expires_at_ms")]
    appealed = alerts.c.campaign.in_(waiting_cases()).label("appealed")
    found = select(*columns, STATUS.label("status"), number, *decided, *claim, appealed)
    return found.select_from(_joined(now_ms))


def _row(found: Any) -> QueueRow:
    values = dict(found._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    layers = tuple(filter(None, values["layers"].split(",")))
    return QueueRow(**{**values, "layers": layers, "appealed": bool(values["appealed"])})


def _cursor(after: str) -> tuple[float, str]:
    number, _, campaign = after.partition("_")
    try:
        place = float(number) if len(after) <= CURSOR_CHARACTERS_MAX else math.nan
    except ValueError:
        place = math.nan
    if not math.isfinite(place) or "\x00" in campaign:
        raise InvalidOrder("after", "no place in the queue")
    return place, campaign
