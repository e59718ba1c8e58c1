"""Everything that the page of a case shows, and what a moderator has typed on it so far."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import Form, HTTPException, Request
from msgspec import Struct
from starlette.responses import Response

from console.appeals.read import appeals_of, barred_from
from console.cases import bars
from console.cases.accounts import FIND_CHARACTERS_MAX, account_page, with_cases
from console.cases.diff import diff
from console.cases.lockstep import lockstep, shape
from console.cases.neighbours import neighbours
from console.cases.shown import shown_history, shown_notes
from console.decisions import claims, presence, queue
from console.decisions.check import Rules
from console.decisions.entries import DISMISS_REASONS, LEFT_OUT_MAX, Action
from console.decisions.errors import NotDecided, Stale
from console.decisions.filters import Filters
from console.decisions.preview import preview
from console.decisions.queue import QueueRow
from console.decisions.read import status_of
from console.security.pseudonyms import hide_accounts
from console.security.roles import Permission, may
from console.security.users import list_users
from console.web.deps import Principal, clock, database, render, settings_of
from console.web.i18n import language_of
from models.alerts import Alert, Outcome
from streams.store.accounts import cases_of
from streams.store.sql import SqlStore

TARGETS_MAX: Final = 100
"""Targets that a page lists; what is beyond is counted."""
PAGES_MAX: Final = 10_000


class Typed(Struct, frozen=True):
    """What stands in the form of a decision; it is kept while accounts are paged and when an order is refused."""

    text: str = ""
    reason: str = ""
    left_out: tuple[str, ...] = ()
    to: str = ""
    """`user:NAME` or `role:NAME` to hand the case over to."""
    find: str = ""
    page: int = 1


def typed_form(
    text: Annotated[str, Form(max_length=8_000)] = "",
    reason: Annotated[str, Form(max_length=16)] = "",
    left_out: Annotated[list[str], Form(max_length=LEFT_OUT_MAX)] = [],  # noqa: B006  # FastAPI copies it
    to: Annotated[str, Form(max_length=200)] = "",
    find: Annotated[str, Form(max_length=FIND_CHARACTERS_MAX)] = "",
    page: Annotated[int, Form(ge=1, le=PAGES_MAX)] = 1,
) -> Typed:
    """Read `Typed` from a form."""
    return Typed(text.strip(), reason, tuple(dict.fromkeys(left_out)), to, find, page)


def alert_of(request: Request, campaign: str) -> Alert:
    """Return the newest state of a case; 404 without one."""
    alert = SqlStore(database(request)).get(campaign)
    if alert is None:
        raise HTTPException(404)
    return alert


def shown_alert(request: Request, who: Principal, alert: Alert) -> Alert:
    """Return the alert as this person may see it."""
    return hide_accounts(request.app.state.pseudonym_key, alert) if who.pseudonyms else alert


def case_view(
    request: Request,
    who: Principal,
    campaign: str,
    typed: Typed | None = None,
    refused: NotDecided | None = None,
    done: int = 0,
) -> Response:
    """Answer with the page of a case; `refused` or what was `done` is told on it, and what was typed is kept."""
    engine, now_ms = database(request), clock(request)
    real = alert_of(request, campaign)
    alert = shown_alert(request, who, real)
    typed = typed or Typed()
    of_case = frozenset(alert.accounts)
    typed = msgspec.structs.replace(typed, left_out=tuple(name for name in typed.left_out if name in of_case))
    others = neighbours(engine, campaign, real.operator)
    rows = account_page(alert, typed.find, typed.page)
    raised_in = cases_of(engine, [real.accounts[row.at] for row in rows.rows])
    rows = with_cases(rows, real.accounts, raised_in, campaign)
    on_page = {row.account for row in rows.rows}
    entries = shown_history(engine, who, campaign)
    newest = entries[-1] if entries and (entries[-1].number, entries[-1].by) == (done, who.user_id) else None
    code = 200 if refused is None else 409 if not hasattr(refused, "field") else 422
    return render(
        request,
        "cases/case.html",
        code,
        alert=alert,
        typed=typed,
        refused=refused,
        meanwhile=refused.events if isinstance(refused, Stale) else [],
        rows=rows,
        elsewhere=[name for name in typed.left_out if name not in on_page],
        neighbours=others,
        row=queue.row(engine, campaign, now_ms),
        status=status_of(engine, campaign),
        history=entries,
        done=newest,
        following=_following(request, who, campaign) if newest else None,
        samples={family.family: family.texts[0] for family in alert.families if family.texts},
        appeals=appeals_of(engine, campaign),
        barred=barred_from(engine, campaign),
        notes=shown_notes(engine, who, campaign),
        claim=claims.of(engine, campaign, now_ms),
        others=presence.seen(engine, campaign, who.user_id, now_ms),
        reach=preview(alert, typed.left_out),
        two_persons=_rules(request).persons_needed(Action.CONFIRM, alert.accounts_total) > 1,
        reasons=DISMISS_REASONS,
        receivers=_receivers(request, who),
        targets_max=TARGETS_MAX,
        **_pictures(alert, language_of(request)),
    )


def _following(request: Request, who: Principal, campaign: str) -> QueueRow | None:
    """The most urgent case that waits and that nobody else holds."""
    filters = Filters(status="open", outcome=Outcome.INAUTHENTIC.value, joined=False)
    rows = queue.page(database(request), filters, clock(request)).rows
    free = (row for row in rows if row.campaign != campaign and row.claimed_by in (None, who.user_id))
    return next(free, None)


def _pictures(alert: Alert, language: str) -> dict[str, Any]:
    return {
        "synchrony": bars.synchrony(alert),
        "inauthenticity": bars.inauthenticity(alert),
        "lockstep": lockstep(alert, language) if alert.links else None,
        "shape": shape,
        "diff": diff,
    }


def _rules(request: Request) -> Rules:
    return Rules(settings_of(request).two_persons_from)


def _receivers(request: Request, who: Principal) -> list[str]:
    """People other than `who` who may decide."""
    if not may(who.role, Permission.DECIDE):
        return []
    people = [user for user in list_users(database(request)) if may(user.role, Permission.DECIDE)]
    return [user.user_id for user in people if user.user_id != who.user_id and not user.disabled]
