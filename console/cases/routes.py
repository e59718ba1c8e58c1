"""Pages of cases."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.cases import bars
from console.cases.diff import diff
from console.cases.graph import graph
from console.cases.lockstep import lockstep, shape
from console.decisions import claims, notes, presence, queue
from console.decisions.check import Rules
from console.decisions.decide import decide
from console.decisions.entries import DISMISS_REASONS, LEFT_OUT_MAX, Action, Order
from console.decisions.filters import Filters
from console.decisions.outbox import waiting
from console.decisions.preview import preview
from console.decisions.read import history, status_of
from console.security.pseudonyms import hide_accounts
from console.web.deps import Permission, Principal, clock, database, needs, render, settings_of
from models.alerts import Alert, Outcome
from models.ids import CampaignId
from streams.store.sql import SqlStore

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]
Decides = Annotated[Principal, Depends(needs(Permission.DECIDE))]
Word = Annotated[str, Query(max_length=200)]
Long = Annotated[str, Form(max_length=8_000)]
LeftOut = Annotated[list[str], Form(max_length=LEFT_OUT_MAX)]
ANY = "any"
NAMES_MAX = 500
"""Accounts and targets that a page lists; what is beyond is counted."""
OFFERED = (Action.CONFIRM, Action.DISMISS, Action.WATCH, Action.UNDO)


@router.get("/")
def queue_page(
    request: Request,
    _who: Sees,
    status: Word = "open",
    severity: Word = ANY,
    outcome: Word = Outcome.INAUTHENTIC.value,
    text: Word = "",
    joined: bool = False,
    after: Word = "",
) -> Response:
    """Cases, the most urgent first: those that need a person, unless other words are chosen. `any` is for all."""
    engine, now_ms = database(request), clock(request)
    wanted = {"status": status, "severity": severity, "outcome": outcome, "text": text}
    both = None if joined else False
    filters = Filters(
        status=_word(status), severity=_word(severity), outcome=_word(outcome), text=text or None, joined=both
    )
    return render(
        request,
        "cases/queue.html",
        page=queue.page(engine, filters, now_ms, after or None),
        counts=queue.counts(engine, Filters(outcome=filters.outcome, joined=both), now_ms),
        outcomes=queue.counts(engine, Filters(status=filters.status, joined=both), now_ms).by_outcome,
        wanted=wanted | ({"joined": "true"} if joined else {}),
        unsent=waiting(engine),
    )


@router.get("/cases/{campaign}")
def case_page(request: Request, who: Sees, campaign: str) -> Response:
    """One case with everything that justifies it."""
    engine, now_ms = database(request), clock(request)
    alert = _alert(request, campaign)
    if who.pseudonyms:
        alert = hide_accounts(request.app.state.pseudonym_key, alert)
    actions = Counter(link[0] for link in alert.links)
    return render(
        request,
        "cases/case.html",
        alert=alert,
        row=queue.row(engine, campaign, now_ms),
        status=status_of(engine, campaign),
        history=history(engine, campaign),
        notes=notes.of(engine, campaign),
        claim=claims.of(engine, campaign, now_ms),
        others=presence.seen(engine, campaign, who.user_id, now_ms),
        synchrony=bars.synchrony(alert),
        inauthenticity=bars.inauthenticity(alert),
        lockstep=lockstep(alert) if alert.links else None,
        graph=graph(alert) if alert.links else None,
        shape=shape,
        diff=diff,
        actions=actions,
        reach=preview(alert),
        reasons=DISMISS_REASONS,
        names_max=NAMES_MAX,
    )


@router.post("/cases/{campaign}/preview")
def preview_page(request: Request, _who: Decides, campaign: str, left_out: LeftOut = []) -> Response:  # noqa: B006  # FastAPI copies it
    """What a decision would touch without the accounts left out."""
    return render(request, "cases/preview.html", reach=preview(_alert(request, campaign), left_out))


@router.post("/cases/{campaign}/decide")
def decide_page(
    request: Request,
    who: Decides,
    campaign: str,
    action: Annotated[Action, Form()],
    revision: Annotated[int, Form(ge=1)],
    seen: Annotated[int, Form(ge=0)],
    reason: Annotated[str, Form(max_length=16)] = "",
    text: Long = "",
    left_out: LeftOut = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Decide, or take the newest decision back."""
    if action not in OFFERED:
        raise HTTPException(422)
    judged = action is not Action.UNDO
    order = Order(
        CampaignId(campaign), action, who.user_id, revision, seen,
        reason=reason if action is Action.DISMISS else "",
        text=text.strip(),
        accounts_left_out=tuple(left_out) if judged else (),
    )  # fmt: skip
    decide(database(request), order, clock(request), Rules(settings_of(request).two_persons_from))
    return RedirectResponse(f"/cases/{campaign}", 303)


@router.post("/cases/{campaign}/notes")
def note_page(request: Request, who: Decides, campaign: str, text: Long) -> Response:
    """Write a note."""
    _alert(request, campaign)
    notes.add(database(request), campaign, who.user_id, text, clock(request))
    return RedirectResponse(f"/cases/{campaign}#notes", 303)


@router.post("/cases/{campaign}/claim")
def claim_page(request: Request, who: Decides, campaign: str, release: Annotated[bool, Form()] = False) -> Response:
    """Hold the case for half an hour, or let go of it."""
    _alert(request, campaign)
    if release:
        claims.release(database(request), campaign, who.user_id)
    else:
        claims.claim(database(request), campaign, who.user_id, clock(request))
    return RedirectResponse(f"/cases/{campaign}", 303)


def _word(chosen: str) -> str | None:
    return None if chosen in ("", ANY) else chosen


def _alert(request: Request, campaign: str) -> Alert:
    alert = SqlStore(database(request)).get(campaign)
    if alert is None:
        raise HTTPException(404)
    return alert
