"""Operators as people see them: their cases over weeks, accounts that came back, and who watches them and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, Select, case, func, select

from console.decisions.entries import Action
from console.decisions.log import parse_details
from console.decisions.tables import case_status, decision_details, decisions
from console.learn.precision import week_of
from streams.store.engine import reading
from streams.store.tables import account_cases, alert_revisions, alerts

OPERATORS_MAX: Final = 1_000
CASES_MAX: Final = 500
"""Newest cases of one operator that its page reads."""
CAME_BACK_MAX: Final = 500
WEEKS_MAX: Final = 104


class OperatorRow(Struct, frozen=True):
    """One operator in the list."""

    operator: str
    cases: int
    accounts: int
    """Accounts that its cases raised, each once; of what retention erased, at least those of its largest case."""
    first_action_ms: int
    last_action_ms: int
    confirmed: int
    dismissed: int
    watched: int


class OperatorCase(Struct, frozen=True):
    """One case of an operator."""

    campaign: str
    state: str
    kind: str
    severity: str
    headline: str
    accounts_total: int
    points: float
    first_action_ms: int
    last_action_ms: int
    layers: str
    """Layers of its targets, with commas."""
    status: str
    came_back: int = 0
    """Accounts that an earlier case of this operator had."""


class Returned(Struct, frozen=True):
    """An account that came back."""

    account: str
    cases: tuple[str, ...]
    """Oldest first."""


class Watched(Struct, frozen=True):
    """One line of the watch list."""

    campaign: str
    operator: str | None
    headline: str
    accounts_total: int
    layers: str
    last_action_ms: int
    by: str
    at_ms: int
    why: str


class OperatorPage(Struct, frozen=True):
    """Everything about one operator."""

    operator: str
    cases: list[OperatorCase]
    """Oldest first."""
    returned: list[Returned]
    """Those in most cases first."""
    returned_total: int
    weeks: list[tuple[str, int, int]]
    """Every ISO week from the first to the last: (week, cases that acted in it, accounts of those)."""
    watched: list[Watched]
    cut: bool
    """There are more than `CASES_MAX` cases; the newest are shown."""


def operators(engine: Engine, limit: int = 100) -> list[OperatorRow]:
    """Operators, those with the newest action first."""
    status = case_status.c.status
    counted = [func.sum(case((status == name, 1), else_=0)) for name in ("confirmed", "dismissed", "watched")]
    last_ms = func.max(alerts.c.last_action_ms)
    query = (
        select(
            alerts.c.operator, func.count(), func.max(alerts.c.accounts_total), func.min(alerts.c.first_action_ms),
            last_ms, *counted,
        )
        .select_from(_with_status())
        .where(alerts.c.operator.is_not(None))
        .group_by(alerts.c.operator)
        .order_by(last_ms.desc(), alerts.c.operator)
        .limit(min(limit, OPERATORS_MAX))
    )  # fmt: skip
    with reading(engine) as connection:
        rows = [OperatorRow(*row) for row in connection.execute(query)]
        raised = _accounts_of(connection, [row.operator for row in rows])
    return [msgspec.structs.replace(row, accounts=max(row.accounts, raised.get(row.operator, 0))) for row in rows]


def _accounts_of(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """How many accounts the cases of each operator raised."""
    query = (
        select(alerts.c.operator, func.count(account_cases.c.account.distinct()))
        .join(account_cases, account_cases.c.campaign == alerts.c.campaign)
        .where(alerts.c.operator.in_(names))
        .group_by(alerts.c.operator)
    )
    return {str(name): int(number) for name, number in connection.execute(query)}


def operator(engine: Engine, name: str) -> OperatorPage | None:
    """One operator; None if no case names it."""
    with reading(engine) as connection:
        rows = connection.execute(_cases_of(name)).all()
        cut, rows = len(rows) > CASES_MAX, rows[:CASES_MAX]
        bodies = {row.campaign: _accounts(connection, row.campaign, row.revision) for row in rows}
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (row.first_action_ms, row.campaign))
    first: dict[str, str] = {}
    again: dict[str, list[str]] = {}
    cases = []
    for row in rows:
        back = [account for account in bodies[row.campaign] if account in first]
        for account in back:
            again.setdefault(account, [first[account]]).append(row.campaign)
        for account in bodies[row.campaign]:
            first.setdefault(account, row.campaign)
        fields = {field: getattr(row, field) for field in OperatorCase.__struct_fields__ if field != "came_back"}
        cases.append(OperatorCase(**fields, came_back=len(back)))
    returned = [Returned(account, tuple(names)) for account, names in again.items()]
    returned.sort(key=lambda each: (-len(each.cases), each.account))
    watched = watch_list(engine, OPERATORS_MAX, name)
    return OperatorPage(name, cases, returned[:CAME_BACK_MAX], len(returned), weeks_of(cases, bodies), watched, cut)


def watch_list(engine: Engine, limit: int = 100, of: str | None = None) -> list[Watched]:
    """Cases that people put on the watch list: who, when, why; newest decision first. `of`: one operator's."""
    deciding = (
        (decisions.c.campaign == case_status.c.campaign)
        & (decisions.c.decided_at_ms == case_status.c.decided_at_ms)
        & (decisions.c.action == Action.WATCH.value)
    )
    query = (
        select(
            alerts.c.campaign, alerts.c.operator, alerts.c.headline, alerts.c.accounts_total, alerts.c.layers,
            alerts.c.last_action_ms, case_status.c.decided_by, case_status.c.decided_at_ms, decision_details.c.body,
        )
        .select_from(
            _with_status()
            .outerjoin(decisions, deciding)
            .outerjoin(decision_details, decision_details.c.number == decisions.c.number)
        )
        .where(case_status.c.status == "watched")
        .order_by(case_status.c.decided_at_ms.desc(), alerts.c.campaign)
        .limit(min(limit, OPERATORS_MAX))
    )  # fmt: skip
    if of is not None:
        query = query.where(alerts.c.operator == of)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return [Watched(*row[:-1], parse_details(row.body).text if row.body else "") for row in rows]


def weeks_of(cases: list[OperatorCase], accounts: Mapping[str, Collection[str]]) -> list[tuple[str, int, int]]:
    """Cases and accounts by ISO week, without gaps; at most the newest `WEEKS_MAX` weeks.

    `accounts`: those of each campaign. In a week each counts once; where they were erased, at least those of the
    largest case.
    """
    told: Counter[str] = Counter()
    known: defaultdict[str, set[str]] = defaultdict(set)
    least: Counter[str] = Counter()
    for each in cases:
        for week in _weeks(each.first_action_ms, each.last_action_ms):
            told[week] += 1
            known[week].update(accounts.get(each.campaign, ()))
            least[week] = max(least[week], each.accounts_total)
    first_ms = min(each.first_action_ms for each in cases)
    last_ms = max(each.last_action_ms for each in cases)
    return [(week, told[week], max(len(known[week]), least[week])) for week in _weeks(first_ms, last_ms)]


def _weeks(first_ms: int, last_ms: int) -> list[str]:
    """Every ISO week that the time touches, oldest first; at most the newest `WEEKS_MAX`."""
    day = datetime.fromtimestamp(last_ms / 1000, UTC)
    first = week_of(first_ms)
    found = [week_of(last_ms)]
    while found[-1] != first and len(found) < WEEKS_MAX:
        day -= timedelta(weeks=1)
        found.append(week_of(int(day.timestamp() * 1000)))
    return found[::-1]


def _with_status() -> Any:
    return alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign)


def _cases_of(name: str) -> Select[Any]:
    fields = [alerts.c[field] for field in OperatorCase.__struct_fields__ if field not in {"status", "came_back"}]
    status = func.coalesce(case_status.c.status, "open").label("status")
    query = select(*fields, alerts.c.revision, status).select_from(_with_status()).where(alerts.c.operator == name)
    return query.order_by(alerts.c.last_action_ms.desc(), alerts.c.campaign).limit(CASES_MAX + 1)


class _Accounts(Struct, frozen=True):
    accounts: tuple[str, ...]


_DECODER = msgspec.json.Decoder(_Accounts)


def _accounts(connection: Any, campaign: str, revision: int) -> tuple[str, ...]:
    table = alert_revisions
    own = (table.c.campaign == campaign) & (table.c.revision == revision)
    body = connection.execute(select(table.c.body).where(own)).scalar()
    return () if body is None else _DECODER.decode(body).accounts
