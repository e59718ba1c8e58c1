"""Filters of the queue, as conditions of a query."""

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from console.appeals.waiting import waiting_cases
from console.decisions.tables import case_status, claims
from console.web.sought import Literals, pieces
from streams.store.tables import account_cases, alerts

TEXT_CHARACTERS_MAX = 200
WORDS_MAX = 40
"""Different words of a search; a headline has fewer."""
NOBODY = "-"
"""Value of `claimed_by` and `assigned_to` for cases that nobody holds."""


class Filters(Struct, frozen=True):
    """Which cases; None for any. Unknown words find nothing."""

    state: str | None = None
    outcome: str | None = None
    severity: str | None = None
    status: str | None = None
    """`open`, `pending`, `confirmed`, `dismissed` or `watched`."""
    claimed_by: str | None = None
    """A user, or `NOBODY`."""
    assigned_to: str | None = None
    """A user or a role that the case was handed over to, or `NOBODY`."""
    joined: bool | None = None
    """Whether the case was closed because it became part of another one, which tells everything."""
    kind: str | None = None
    operator: str | None = None
    account: str | None = None
    """An account that was raised in the case."""
    appealed: bool | None = None
    """Whether an appeal waits for an answer."""
    opened_after_ms: int | None = None
    """First action at or after this moment."""
    acted_after_ms: int | None = None
    """Last action at or after this moment."""
    text: str | None = None
    """Words in the headline, or the beginning of the case's id."""
    language: str | None = None
    """The words may also be those of the headline in this language of the pages."""
    names_hidden: bool | None = None
    """Headlines that name an account are not searched: for who sees pseudonyms."""


STATUS: ColumnElement[str] = func.coalesce(case_status.c.status, "open")
# `detector.casebook` closes them with these words
JOINED: ColumnElement[bool] = (alerts.c.state == "closed") & alerts.c.headline.like("%(closed: joined campaign %)")


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the filters as conditions on alerts ⟕ case_status ⟕ claims (unexpired)."""
    found = [
        column == value
        for column, value in (
            (alerts.c.state, filters.state),
            (alerts.c.outcome, filters.outcome),
            (alerts.c.severity, filters.severity),
            (alerts.c.kind, filters.kind),
            (alerts.c.operator, filters.operator),
            (STATUS, filters.status),
        )
        if value is not None
    ]
    if filters.joined is not None:
        found.append(JOINED if filters.joined else not_(JOINED))
    if filters.opened_after_ms is not None:
        found.append(alerts.c.first_action_ms >= filters.opened_after_ms)
    if filters.acted_after_ms is not None:
        found.append(alerts.c.last_action_ms >= filters.acted_after_ms)
    if filters.account is not None:
        raised = select(account_cases.c.campaign).where(account_cases.c.account == filters.account.replace("\x00", ""))
        found.append(alerts.c.campaign.in_(raised))
    return [*found, *_people(filters), *_appealed(filters.appealed), *_text(filters)]


def _people(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.claimed_by is not None:
        found.append(_is(claims.c.claimed_by, filters.claimed_by))
    if filters.assigned_to == NOBODY:
        found.append(case_status.c.assigned_user.is_(None) & case_status.c.assigned_role.is_(None))
    elif filters.assigned_to is not None:
        user, role = case_status.c.assigned_user, case_status.c.assigned_role
        found.append((user == filters.assigned_to) | (role == filters.assigned_to))
    return found


def _appealed(wanted: bool | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    condition = alerts.c.campaign.in_(waiting_cases())
    return [condition if wanted else not_(condition)]


def _is(column: Any, user: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.is_(None) if user == NOBODY else column == user
    return condition


def _text(filters: Filters) -> list[ColumnElement[bool]]:
    typed = (filters.text or "").replace("\x00", "")[:TEXT_CHARACTERS_MAX].split()
    words = list(dict.fromkeys(typed))[:WORDS_MAX]
    # where accounts are followed, the headline names the one that is
    searched = not_(alerts.c.layers.contains("follow")) if filters.names_hidden else true()
    return [
        ((_has(word) | _means(word, filters.language or "en")) & searched)
        | alerts.c.campaign.istartswith(word, autoescape=True)
        for word in words
    ]


def _has(text: str) -> ColumnElement[bool]:
    return alerts.c.headline.icontains(text, autoescape=True)


def _means(word: str, language: str) -> ColumnElement[bool]:
    """Whether the headline has, in the language of the page, every piece of `word`."""
    found = [or_(_has(piece.text), *(_all(each) for each in piece.means)) for piece in pieces(word, language)]
    return and_(*found) if found else false()


def _all(literals: Literals) -> ColumnElement[bool]:
    return and_(*(alerts.c.headline.contains(each, autoescape=True) for each in literals))
