"""Deciding on a case: preview, decide, hand over, take back, notes, claims."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.cases.view import Typed, alert_of, case_view, typed_form
from console.decisions import claims, notes
from console.decisions.check import Rules
from console.decisions.decide import decide
from console.decisions.entries import JUDGEMENTS, Action, Order
from console.decisions.errors import InvalidOrder, NoSuchCase, NotDecided
from console.decisions.preview import preview
from console.security.roles import Role
from console.security.users import list_users
from console.web.deps import Permission, Principal, clock, database, needs, render, settings_of
from models.ids import AccountId, CampaignId

router = APIRouter()
Decides = Annotated[Principal, Depends(needs(Permission.DECIDE))]
Form_ = Annotated[Typed, Depends(typed_form)]
OFFERED = (Action.CONFIRM, Action.DISMISS, Action.WATCH, Action.HAND_OVER, Action.UNDO)


@router.post("/cases/{campaign}/look")
def look_page(request: Request, who: Decides, campaign: str, typed: Form_) -> Response:
    """Show another page of accounts and keep what was typed and chosen."""
    return case_view(request, who, campaign, typed)


@router.post("/cases/{campaign}/preview")
def preview_page(request: Request, _who: Decides, campaign: str, typed: Form_) -> Response:
    """What a decision would touch without the accounts left out."""
    return render(request, "cases/preview.html", reach=preview(alert_of(request, campaign), typed.left_out))


@router.post("/cases/{campaign}/decide")
def decide_page(
    request: Request,
    who: Decides,
    campaign: str,
    typed: Form_,
    action: Annotated[Action, Form()],
    revision: Annotated[int, Form(ge=1)],
    seen: Annotated[int, Form(ge=0)],
) -> Response:
    """Decide, hand over, or take the newest decision back. What is refused is told on the case's page."""
    if action not in OFFERED:
        raise HTTPException(422)
    try:
        order = _order(request, who, campaign, typed, action, revision, seen)
        done = decide(database(request), order, clock(request), Rules(settings_of(request).two_persons_from))
    except NoSuchCase:
        raise
    except NotDecided as refused:
        return case_view(request, who, campaign, typed, refused)
    return RedirectResponse(f"/cases/{campaign}?done={done.number}", 303)


@router.post("/cases/{campaign}/notes")
def note_page(request: Request, who: Decides, campaign: str, typed: Form_) -> Response:
    """Write a note."""
    alert_of(request, campaign)
    notes.add(database(request), campaign, who.user_id, typed.text, clock(request))
    return RedirectResponse(f"/cases/{campaign}#notes", 303)


@router.post("/cases/{campaign}/claim")
def claim_page(request: Request, who: Decides, campaign: str, release: Annotated[bool, Form()] = False) -> Response:
    """Hold the case for half an hour, or let go of it."""
    alert_of(request, campaign)
    if release:
        claims.release(database(request), campaign, who.user_id)
    else:
        claims.claim(database(request), campaign, who.user_id, clock(request))
    return RedirectResponse(f"/cases/{campaign}", 303)


def _order(
    request: Request, who: Principal, campaign: str, typed: Typed, action: Action, revision: int, seen: int
) -> Order:
    to_user, to_role = _receiver(request, typed.to) if action is Action.HAND_OVER else (None, None)
    return Order(
        CampaignId(campaign), action, who.user_id, revision, seen,
        reason=typed.reason if action is Action.DISMISS else "",
        text=typed.text,
        accounts_left_out=tuple(map(AccountId, typed.left_out)) if action in JUDGEMENTS else (),
        to_user=to_user,
        to_role=to_role,
    )  # fmt: skip


def _receiver(request: Request, to: str) -> tuple[str | None, str | None]:
    """Return (user, role). Raises `InvalidOrder` for somebody who is not there."""
    kind, _, name = to.partition(":")
    if kind == "role" and name in {Role.MODERATOR.value, Role.LEAD.value, Role.ADMIN.value}:
        return None, name
    if kind == "user" and any(user.user_id == name and not user.disabled for user in list_users(database(request))):
        return name, None
    raise InvalidOrder("to", "choose who takes the case over")
