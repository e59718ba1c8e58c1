"""The page of appeals."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from console.appeals.read import appeals_page, waiting_total
from console.web.deps import Permission, Principal, clock, database, needs, render

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_APPEALS))]


@router.get("/appeals")
def appeals(
    request: Request,
    _who: Sees,
    status: Literal["waiting", "answered", "any"] = "waiting",
    after: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Appeals that wait, oldest first; or those answered, newest first."""
    engine = database(request)
    waiting = None if status == "any" else status == "waiting"
    page = appeals_page(engine, waiting, after or None)
    return render(
        request, "appeals/list.html", page=page, status=status, waiting=waiting_total(engine), now_ms=clock(request)
    )
