"""What was decided: of one case, and over all in order."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from console.decisions.entries import JUDGEMENTS, CaseStatus, LogEntry
from console.decisions.fold import fold
from console.decisions.log import bodies_of, entries, mark_standing, with_details
from console.decisions.tables import case_status, decisions
from models.ids import AccountId
from streams.store.engine import reading

LOG_PAGE_MAX = 5_000
CASE_LOG_MAX = 1_000


def status_of(engine: Engine, campaign: str) -> CaseStatus:
    """State of a case; `open` for one that nobody decided on."""
    with reading(engine) as connection:
        return status_in(connection, campaign)


def status_in(connection: Connection, campaign: str) -> CaseStatus:
    """`status_of` inside a transaction."""
    row = connection.execute(select(case_status).where(case_status.c.campaign == campaign)).first()
    return CaseStatus(**dict(row._mapping)) if row else CaseStatus(campaign)  # noqa: SLF001  # SQLAlchemy's public name


def history(engine: Engine, campaign: str) -> list[LogEntry]:
    """Every decision on a case, oldest first; says which stand. At most `CASE_LOG_MAX`, the newest."""
    with reading(engine) as connection:
        standing = frozenset(body.number for body in fold(bodies_of(connection, campaign)).standing)
        query = with_details().where(decisions.c.campaign == campaign)
        return mark_standing(entries(connection, query)[-CASE_LOG_MAX:], standing)


def left_out(log: Sequence[LogEntry]) -> tuple[AccountId, ...]:
    """Return the accounts that the newest judgement in `log` (a `history`) that stands leaves out."""
    standing = [entry for entry in log if entry.standing and entry.action in JUDGEMENTS]
    return standing[-1].accounts_left_out if standing else ()


def log_page(engine: Engine, after: int = 0, limit: int = 1_000) -> list[LogEntry]:
    """Rows of the whole log with numbers above `after`, in order, at most `limit` (1 to `LOG_PAGE_MAX`)."""
    if not 1 <= limit <= LOG_PAGE_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {LOG_PAGE_MAX}")
    with reading(engine) as connection:
        return entries(connection, with_details().where(decisions.c.number > after).limit(limit))
