"""Cases on which an appeal waits, as a condition of a query."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from console.appeals.tables import appeals
from console.decisions.tables import case_status

_OTHER = appeals.alias("other")
# An appeal waits while its case is undecided, unless a later appeal contested the decision that answered it.
NEWEST = select(func.max(_OTHER.c.contested)).where(_OTHER.c.campaign == appeals.c.campaign).scalar_subquery()
WAITING: ColumnElement[bool] = (
    appeals.c.kept_outcome.is_(None)
    & (appeals.c.contested == NEWEST)
    & select(case_status.c.campaign)
    .where((case_status.c.campaign == appeals.c.campaign) & case_status.c.status.in_(("open", "pending")))
    .correlate(appeals)
    .exists()
)
"""On rows of `appeals`; the same as `Outcome.WAITING` of `console.appeals.outcome`."""


def waiting_cases() -> Select[Any]:
    """Select the campaigns with an appeal that waits."""
    return select(appeals.c.campaign).where(WAITING)
