"""Tokens of the API: made and revoked by admins; and the description of the API."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.security import tokens
from console.security.users import UserRefused
from console.web.deps import API, Permission, Principal, clock, database, needs
from console.web.openapi import described
from console.web.render import render

router = APIRouter()
Manages = Annotated[Principal, Depends(needs(Permission.MANAGE_USERS))]


@router.get("/tokens", dependencies=[Depends(needs(Permission.SEE_USERS))])
def listing(request: Request) -> Response:
    """Every token."""
    return _page(request)


@router.post("/tokens/add")
def add(
    request: Request,
    who: Manages,
    name: Annotated[str, Form(max_length=64)],
    scopes: Annotated[list[Permission], Form(max_length=len(Permission))] = [],  # noqa: B006  # FastAPI copies it
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Make a token for the admin who asks, and show it, once."""
    try:
        token = tokens.make_token(database(request), name.strip(), who.user_id, set(scopes), days, clock(request))
    except UserRefused as refused:
        return _page(request, 422, problem=str(refused))
    return _page(request, made=token)


@router.post("/tokens/revoke")
def revoke(request: Request, _who: Manages, token_id: Annotated[str, Form(max_length=16)]) -> Response:
    """End a token."""
    tokens.revoke_token(database(request), token_id, clock(request))
    return RedirectResponse("/tokens", 303)


@router.get(f"{API}v1/openapi.json", dependencies=[Depends(needs(Permission.SEE_CASES))], include_in_schema=False)
def openapi(request: Request) -> Response:
    """Describe the API: only to those who are logged in."""
    return JSONResponse(described(request.app.openapi()))


def _page(request: Request, status: int = 200, problem: str = "", made: str = "") -> Response:
    found = tokens.list_tokens(database(request))
    return render(
        request,
        "web/tokens.html",
        status,
        tokens=found,
        scopes=sorted(tokens.SCOPES),
        problem=problem,
        made=made,
        now_ms=clock(request),
    )
