"""What is in the store of live cases and shadows, for a comparison."""

from typing import Any, Final

from sqlalchemy import Engine, case, func, select

from console.decisions.tables import case_status
from console.shadow.entries import Side
from streams.store.engine import reading, writing
from streams.store.shadow_tables import shadow_alerts
from streams.store.tables import alerts

CASES_MAX: Final = 1_000
"""Newest called cases of each side that are compared."""
CALLED: Final = ("opened", "updated", "closed")


def shadows(engine: Engine) -> list[dict[str, Any]]:
    """Every shadow: name, newest event time, cases, cases that it would have raised; newest first."""
    table = shadow_alerts
    called = func.sum(case((table.c.called, 1), else_=0))
    query = select(table.c.shadow, func.max(table.c.at_ms), func.count(), called).group_by(table.c.shadow)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(func.max(table.c.at_ms).desc(), table.c.shadow).limit(CASES_MAX))
        names = ("shadow", "at_ms", "cases", "called")
        return [dict(zip(names, row, strict=True)) for row in rows]


def forget(engine: Engine, shadow: str) -> int:
    """Remove everything of a shadow; return how many cases that were."""
    with writing(engine) as connection:
        done = connection.execute(shadow_alerts.delete().where(shadow_alerts.c.shadow == shadow))
        return int(done.rowcount)


def state(connection: Any, shadow: str) -> tuple[Any, ...]:
    """What a comparison follows from: it is another once a case or a decision is."""
    own = shadow_alerts.c.shadow == shadow
    queries = (
        select(func.count(), func.sum(alerts.c.revision), func.max(alerts.c.at_ms)),
        select(func.count(), func.sum(shadow_alerts.c.revision), func.max(shadow_alerts.c.at_ms)).where(own),
        select(func.max(case_status.c.last_number)),
    )
    return tuple(value for query in queries for value in connection.execute(query).one())


def seen(connection: Any, shadow: str) -> tuple[int, int, str] | None:
    """Event time that both sides have seen (from, until), and the shadow's configuration; None without a shadow."""
    table = shadow_alerts
    own = select(func.min(table.c.first_action_ms), func.max(table.c.at_ms)).where(table.c.shadow == shadow)
    theirs = connection.execute(own).one()
    mine = connection.execute(select(func.min(alerts.c.first_action_ms), func.max(alerts.c.at_ms))).one()
    if theirs[0] is None:
        return None
    newest = select(table.c.configuration).where(table.c.shadow == shadow).order_by(table.c.at_ms.desc()).limit(1)
    configuration = connection.execute(newest).scalar_one()
    if mine[0] is None:
        return theirs[0], theirs[1], configuration
    return max(mine[0], theirs[0]), min(mine[1], theirs[1]), configuration


_SIDE: Final = tuple(name for name in Side.__struct_fields__ if name != "status")


def live_cases(connection: Any, from_ms: int, until_ms: int) -> tuple[list[Side], list[tuple[str, int]]]:
    """Live cases that were raised or decided; and those that are listed now, with the revision decided on."""
    status = func.coalesce(case_status.c.status, "open")
    raised = alerts.c.state.in_(CALLED) | status.in_(("confirmed", "dismissed", "pending"))
    within = alerts.c.last_action_ms.between(from_ms, until_ms)
    query = (
        select(*(alerts.c[name] for name in _SIDE), status, case_status.c.decided_revision)
        .select_from(alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign))
        .where(raised & within)
        .order_by(alerts.c.last_action_ms.desc(), alerts.c.campaign)
        .limit(CASES_MAX + 1)
    )
    rows = connection.execute(query).all()
    listed = [(row.campaign, row.decided_revision) for row in rows if row.state not in CALLED]
    return [Side(*row[:-1]) for row in rows], listed


def shadow_cases(connection: Any, shadow: str, from_ms: int, until_ms: int) -> list[Side]:
    """Cases that a shadow would have raised, newest first, at most one over `CASES_MAX`."""
    table = shadow_alerts
    own = (table.c.shadow == shadow) & table.c.called & table.c.last_action_ms.between(from_ms, until_ms)
    query = select(*(table.c[name] for name in _SIDE)).where(own)
    rows = connection.execute(query.order_by(table.c.last_action_ms.desc(), table.c.campaign).limit(CASES_MAX + 1))
    return [Side(*row) for row in rows]
