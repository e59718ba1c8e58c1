"""Appeals, and where they stand."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, func, select, tuple_

from console.appeals.entries import Appeal
from console.appeals.outcome import answers
from console.appeals.tables import appeals
from console.appeals.waiting import WAITING
from console.decisions.errors import InvalidOrder
from console.decisions.fold import fold
from console.decisions.log import bodies_of
from streams.store.engine import reading

PAGE_MAX = 200
OF_CASE_MAX = 50
CURSOR_CHARACTERS_MAX = 64


class AppealPage(NamedTuple):
    """Some appeals, and where the next page begins; None on the last one."""

    rows: list[Appeal]
    next: str | None


def appeal_of(engine: Engine, appeal_id: str) -> Appeal | None:
    """One appeal; None where there is none of this id."""
    with reading(engine) as connection:
        return appeal_in(connection, appeal_id)


def appeal_in(connection: Connection, appeal_id: str) -> Appeal | None:
    """`appeal_of` inside a transaction."""
    found = _read(connection, select(appeals).where(appeals.c.appeal_id == appeal_id))
    return found[0] if found else None


def appeals_page(engine: Engine, waiting: bool | None = None, after: str | None = None, limit: int = 50) -> AppealPage:
    """Appeals from where `after` (a `next`) says, up to `limit` (1 to `PAGE_MAX`).

    Newest first; those that wait (`waiting`) oldest first, as they are to be worked on. Raises `InvalidOrder` for an
    `after` that is none.
    """
    if not 1 <= limit <= PAGE_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {PAGE_MAX}")
    place = (appeals.c.received_at_ms, appeals.c.appeal_id)
    query = select(appeals)
    if waiting is not None:
        query = query.where(WAITING if waiting else ~WAITING)
    if after is not None:
        begin = tuple_(*_cursor(after))
        query = query.where(tuple_(*place) > begin if waiting else tuple_(*place) < begin)
    order = place if waiting else tuple(column.desc() for column in place)
    with reading(engine) as connection:
        found = _read(connection, query.order_by(*order).limit(limit + 1))
    rows = found[:limit]
    more = len(found) > limit
    return AppealPage(rows, f"{rows[-1].received_at_ms}_{rows[-1].appeal_id}" if more else None)


class OfCase(NamedTuple):
    """Appeals in one case."""

    waiting: list[Appeal]
    """Oldest first, at most `OF_CASE_MAX`."""
    waiting_total: int
    answered: list[Appeal]
    """Newest first, at most `OF_CASE_MAX`."""


def appeals_of(engine: Engine, campaign: str) -> OfCase:
    """Appeals in one case."""
    own = appeals.c.campaign == campaign
    waiting = select(appeals).where(own & WAITING).order_by(appeals.c.reopened).limit(OF_CASE_MAX)
    answered = select(appeals).where(own & ~WAITING).order_by(appeals.c.reopened.desc()).limit(OF_CASE_MAX)
    count = select(func.count()).select_from(appeals).where(own & WAITING)
    with reading(engine) as connection:
        total = int(connection.execute(count).scalar_one())
        return OfCase(_read(connection, waiting), total, _read(connection, answered))


def barred_from(engine: Engine, campaign: str) -> frozenset[str]:
    """People who may not decide on this case, since they decided before it was reopened."""
    with reading(engine) as connection:
        return fold(bodies_of(connection, campaign)).barred


def waiting_total(engine: Engine) -> int:
    """How many appeals wait."""
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(appeals).where(WAITING)).scalar_one())


def _read(connection: Connection, query: Select[Any]) -> list[Appeal]:
    rows = connection.execute(query).all()
    return [
        Appeal(
            row.appeal_id, row.reference, row.campaign, row.account, row.statement, row.filed_at_ms,
            row.received_at_ms, answer.outcome, answer.answered_at_ms,
        )
        for row, answer in zip(rows, answers(connection, rows), strict=True)
    ]  # fmt: skip


def _cursor(after: str) -> tuple[int, str]:
    number, _, appeal_id = after.partition("_")
    good = len(after) <= CURSOR_CHARACTERS_MAX and number.isascii() and number.isdecimal() and len(number) <= 18
    if not good or "\x00" in appeal_id:
        raise InvalidOrder("after", "no place in the list")
    return int(number), appeal_id
