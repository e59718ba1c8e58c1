"""Several cases at once: claim, confirm, dismiss, watch; shown first, done when asked again."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import Response

from console.decisions import claims, queue
from console.decisions.check import Rules
from console.decisions.decide import ORDERS_MAX, decide_many
from console.decisions.entries import DISMISS_REASONS, Action, Order
from console.decisions.errors import NotDecided
from console.decisions.queue import QueueRow
from console.web.deps import Permission, Principal, clock, database, needs, render, settings_of
from models.ids import CampaignId

router = APIRouter()
Decides = Annotated[Principal, Depends(needs(Permission.DECIDE))]
CLAIM = "claim"
OFFERED = (CLAIM, Action.CONFIRM.value, Action.DISMISS.value, Action.WATCH.value)
CHOICE_CHARACTERS_MAX = 128


class Choice(NamedTuple):
    """One case as it stood in the list that it was chosen from."""

    campaign: str
    revision: int
    seen: int

    def __str__(self) -> str:
        return f"{self.revision}.{self.seen}.{self.campaign}"


class Result(NamedTuple):
    """What came of one case."""

    row: QueueRow
    refused: str
    """Empty where it was done."""


def read_choice(text: str) -> Choice | None:
    """Read `str(Choice)`; None for what is none."""
    revision, _, rest = text.partition(".")
    seen, _, campaign = rest.partition(".")
    if len(text) > CHOICE_CHARACTERS_MAX or not campaign:
        return None
    if not (revision.isascii() and revision.isdecimal() and seen.isascii() and seen.isdecimal()):
        return None
    return Choice(campaign, int(revision), int(seen))


@router.post("/bulk")
def bulk_page(
    request: Request,
    who: Decides,
    action: Annotated[str, Form(max_length=16)],
    case: Annotated[list[str], Form(max_length=ORDERS_MAX)] = [],  # noqa: B006  # FastAPI copies it
    reason: Annotated[str, Form(max_length=16)] = "",
    text: Annotated[str, Form(max_length=2_000)] = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Show what would be touched, or with `sure` do it and say what came of each case."""
    choices = [read_choice(each) for each in dict.fromkeys(case)]
    chosen = [choice for choice in choices if choice is not None]
    if action not in OFFERED or len(chosen) < len(choices):
        raise HTTPException(422)
    rows = _rows(request, chosen)
    results: list[Result] = []
    if (sure or action == CLAIM) and rows:
        orders = [] if action == CLAIM else _orders(who, chosen, Action(action), reason, text.strip())
        done = _decide(request, orders) if orders else _claim(request, who, rows)
        rows = _rows(request, chosen)  # as they are now
        results = [Result(row, refused) for row, refused in zip(rows, done, strict=True)]
    return render(
        request, "cases/bulk.html", rows=rows, chosen=[str(each) for each in chosen], action=action, reason=reason,
        text=text.strip(), reasons=DISMISS_REASONS, results=results,
    )  # fmt: skip


def _rows(request: Request, chosen: list[Choice]) -> list[QueueRow]:
    found = [queue.row(database(request), each.campaign, clock(request)) for each in chosen]
    rows = [row for row in found if row is not None]
    if len(rows) < len(found):
        raise HTTPException(404)
    return rows


def _claim(request: Request, who: Principal, rows: list[QueueRow]) -> list[str]:
    said = []
    for row in rows:
        try:
            claims.claim(database(request), row.campaign, who.user_id, clock(request))
            said.append("")
        except NotDecided as refused:
            said.append(str(refused))
    return said


def _orders(who: Principal, chosen: list[Choice], action: Action, reason: str, text: str) -> list[Order]:
    """Orders on the state that was chosen from, so that what changed meanwhile is refused, not overrun."""
    reason = reason if action is Action.DISMISS else ""
    return [
        Order(CampaignId(each.campaign), action, who.user_id, each.revision, each.seen, reason=reason, text=text)
        for each in chosen
    ]


def _decide(request: Request, orders: list[Order]) -> list[str]:
    rules = Rules(settings_of(request).two_persons_from)
    results = decide_many(database(request), orders, clock(request), rules)
    return [str(result) if isinstance(result, NotDecided) else "" for result in results]
