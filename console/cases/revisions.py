"""What changed from one revision of a case to the next."""

from typing import Final

from msgspec import Struct
from sqlalchemy import Engine, select

from models.alerts import Alert
from models.codec import decode_alert
from streams.store.engine import reading
from streams.store.tables import alert_revisions

REVISIONS_MAX: Final = 30
"""Newest revisions that a page reads."""


class Change(Struct, frozen=True):
    """One revision against the one before it; the first one read is against nothing."""

    revision: int
    at_ms: int
    state: str
    severity: str
    outcome: str
    headline: str
    accounts: int
    points: float
    layers: tuple[str, ...]
    came: int = 0
    """Accounts that came."""
    left: int = 0
    targets_came: int = 0
    points_more: float = 0.0
    severity_before: str | None = None
    """Only where it changed."""
    outcome_before: str | None = None


def change(alert: Alert, before: Alert | None) -> Change:
    """Compare two revisions of one case."""
    layers = tuple(sorted({target.layer for target in alert.targets}))
    plain = (
        alert.revision, alert.at_ms, alert.state.value, alert.severity.value, alert.outcome.value, alert.headline,
        alert.accounts_total, alert.points, layers,
    )  # fmt: skip
    if before is None:
        return Change(*plain)
    now, then = set(alert.accounts), set(before.accounts)
    known = {(target.layer, target.target) for target in before.targets}
    return Change(
        *plain,
        came=len(now - then),
        left=len(then - now),
        targets_came=sum((target.layer, target.target) not in known for target in alert.targets),
        points_more=alert.points - before.points,
        severity_before=before.severity.value if before.severity is not alert.severity else None,
        outcome_before=before.outcome.value if before.outcome is not alert.outcome else None,
    )


def changes(engine: Engine, campaign: str) -> list[Change]:
    """Return the revisions of a case, newest first, at most `REVISIONS_MAX`."""
    table = alert_revisions
    query = select(table.c.body).where(table.c.campaign == campaign).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        bodies = [body for (body,) in connection.execute(query.limit(REVISIONS_MAX + 1))]
    found = [decode_alert(body) for body in bodies]
    before: list[Alert | None] = [*found[1:], None][: len(found)]
    return [change(alert, earlier) for alert, earlier in zip(found, before, strict=True)][:REVISIONS_MAX]
