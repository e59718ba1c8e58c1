"""Cases as JSON, by the same functions as the pages."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request

from console.cases.view import alert_of, shown_alert
from console.decisions import queue
from console.decisions.filters import Filters
from console.decisions.read import history, status_of
from console.security.pseudonyms import FOLLOW
from console.web.deps import Permission, Principal, clock, database, needs

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]
Word = Annotated[str | None, Query(max_length=200)]


@router.get("/api/v1/cases")
def cases_json(
    request: Request,
    who: Sees,
    status: Word = None,
    severity: Word = None,
    outcome: Word = None,
    operator: Word = None,
    text: Word = None,
    after: Word = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Cases, the most urgent first; `next` is the `after` of the next page, null on the last one."""
    filters = Filters(status=status, severity=severity, outcome=outcome, operator=operator, text=text)
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
    log = history(engine, campaign)
    if who.pseudonyms:
        log = [msgspec.structs.replace(entry, accounts_left_out=()) for entry in log]
    plain: dict[str, Any] = msgspec.to_builtins(
        {"alert": alert, "status": status_of(engine, campaign), "decisions": log}
    )
    return plain
