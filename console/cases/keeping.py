"""Keep a search of the queue under a name, or no longer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from console.cases.searches import NAME_CHARACTERS_MAX, QUERY_CHARACTERS_MAX, remove, save
from console.web.deps import Permission, Principal, clock, database, needs

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]


@router.post("/searches/save")
def save_page(
    request: Request,
    who: Sees,
    name: Annotated[str, Form(max_length=2 * NAME_CHARACTERS_MAX)],
    query: Annotated[str, Form(max_length=4 * QUERY_CHARACTERS_MAX)] = "",
) -> Response:
    """Keep the search that is on the page."""
    search = save(database(request), who.user_id, name, query, clock(request))
    return RedirectResponse(f"/?{search.query}", 303)


@router.post("/searches/remove")
def remove_page(
    request: Request, who: Sees, name: Annotated[str, Form(max_length=2 * NAME_CHARACTERS_MAX)]
) -> Response:
    """Forget a kept search."""
    remove(database(request), who.user_id, name)
    return RedirectResponse("/", 303)
