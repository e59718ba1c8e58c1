"""Cases as JSON, by the same functions as the pages."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from console.cases.shown import shown_history
from console.cases.view import alert_of, shown_alert
from console.decisions import queue
from console.decisions.check import Rules
from console.decisions.decide import decide
from console.decisions.entries import LEFT_OUT_MAX, TEXT_CHARACTERS_MAX, Action, Order
from console.decisions.errors import InvalidOrder
from console.decisions.filters import Filters
from console.decisions.read import status_of
from console.security.pseudonyms import FOLLOW
from console.web.deps import Permission, Principal, clock, database, needs, settings_of
from models.alerts import Outcome, Severity
from models.ids import AccountId, CampaignId

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]
Decides = Annotated[Principal, Depends(needs(Permission.DECIDE))]
Word = Annotated[str | None, Query(max_length=200)]
Status = Literal["open", "pending", "confirmed", "dismissed", "watched"]
PARAMETERS = frozenset({"after", "format", "limit", "operator", "outcome", "severity", "status", "text"})
"""What the lists of cases and their exports take."""


class Decision(BaseModel):
    """An order as a program sends it; see `console.decisions.entries.Order`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action
    revision: int = Field(ge=1, lt=2**31, description="revision of the case that was looked at")
    seen: int = Field(ge=0, lt=2**63, description="`status.last_number` that was looked at; 0 if nobody had decided")
    reason: str = Field(default="", max_length=16)
    text: str = Field(default="", max_length=TEXT_CHARACTERS_MAX)
    accounts_left_out: list[Annotated[str, Field(max_length=512)]] = Field(default=[], max_length=LEFT_OUT_MAX)
    to_user: str | None = Field(default=None, max_length=128)
    to_role: str | None = Field(default=None, max_length=128)


class Words:
    """Filters of the API; a word that is not given lets everything through.

    A word that is none, and a parameter that is none, are refused: a slip of the pen must neither find nothing
    nor let everything through.
    """

    def __init__(
        self,
        request: Request,
        status: Status | None = None,
        severity: Severity | None = None,
        outcome: Outcome | None = None,
        operator: Word = None,
        text: Word = None,
    ) -> None:
        unknown = sorted(set(request.query_params) - PARAMETERS)
        if unknown:
            raise HTTPException(422, f"{unknown[0][:64]}: no such parameter; there are {', '.join(sorted(PARAMETERS))}")
        self.filters = Filters(status=status, severity=severity, outcome=outcome, operator=operator, text=text)


@router.get("/api/v1/cases")
def cases_json(
    request: Request,
    who: Sees,
    words: Annotated[Words, Depends()],
    after: Word = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Cases, the most urgent first; `next` is the `after` of the next page, null on the last one."""
    filters = msgspec.structs.replace(words.filters, names_hidden=True) if who.pseudonyms else words.filters
    page = queue.page(database(request), filters, clock(request), after, limit)
    rows = [msgspec.to_builtins(row) for row in page.rows]
    for row in rows:
        if who.pseudonyms and FOLLOW in row["layers"]:
            # such a headline names the account that was followed
            row["headline"] = f"{row['accounts_total']:,} accounts"
    return {"cases": rows, "next": page.next}


@router.get("/api/v1/cases/{campaign}")
def case_json(request: Request, who: Sees, campaign: str) -> dict[str, Any]:
    """One case: the alert, what was decided, and the log of it."""
    engine = database(request)
    alert = shown_alert(request, who, alert_of(request, campaign))
    log = shown_history(engine, who, campaign)
    plain: dict[str, Any] = msgspec.to_builtins(
        {"alert": alert, "status": status_of(engine, campaign), "decisions": log}
    )
    return plain


@router.post("/api/v1/cases/{campaign}/decisions", status_code=201)
def decide_json(request: Request, who: Decides, campaign: str, decision: Decision) -> dict[str, Any]:
    """Decide on a case, under the rules of the pages. 409 tells that somebody was faster; nothing is written then."""
    if decision.action is Action.REOPEN:
        raise InvalidOrder("action", "cases are reopened by appeals")
    order = Order(
        CampaignId(campaign), decision.action, who.user_id, decision.revision, decision.seen, decision.reason,
        decision.text.strip(), tuple(map(AccountId, decision.accounts_left_out)), decision.to_user, decision.to_role,
    )  # fmt: skip
    rules = Rules(settings_of(request).two_persons_from)
    decided = decide(database(request), order, clock(request), rules)
    return {"number": decided.number, "status": msgspec.to_builtins(decided.status)}
