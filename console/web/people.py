"""Users: listed, made and changed by admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from console.security import users
from console.security.oidc.setting import provider_name
from console.security.passwords import WeakPassword, random_password
from console.security.roles import Role
from console.web.deps import Permission, clock, database, needs, settings_of
from console.web.render import render

router = APIRouter(prefix="/users")
UserId = Annotated[str, Form(max_length=64)]


@router.get("", dependencies=[Depends(needs(Permission.SEE_USERS))])
def listing(request: Request) -> Response:
    """Everybody."""
    return _page(request)


@router.post("/add", dependencies=[Depends(needs(Permission.MANAGE_USERS))])
def add(request: Request, user_id: UserId, role: Annotated[Role, Form()]) -> Response:
    """Make a user and show the password, once."""
    password = random_password()
    try:
        users.add_user(database(request), user_id.strip().lower(), role, password, clock(request))
    except (users.UserRefused, WeakPassword) as refused:
        return _page(request, 422, problem=str(refused))
    return _page(request, made=user_id.strip().lower(), password=password)


@router.post("/password", dependencies=[Depends(needs(Permission.MANAGE_USERS))])
def new_password(request: Request, user_id: UserId) -> Response:
    """Give somebody another password and show it, once; their sessions end, and a lock does."""
    password = random_password()
    try:
        if not users.has_password(database(request), user_id):
            raise users.UserRefused("this account has no password here")
        users.set_password(database(request), user_id, password)
    except (users.UserRefused, WeakPassword) as refused:
        return _page(request, 422, problem=str(refused))
    return _page(request, made=user_id, password=password)


@router.post("/change", dependencies=[Depends(needs(Permission.MANAGE_USERS))])
def change(
    request: Request, user_id: UserId, role: Annotated[Role, Form()], disabled: Annotated[bool, Form()] = False
) -> Response:
    """Change a role, shut somebody out or let them in."""
    try:
        users.set_role(database(request), user_id, role)
        users.set_disabled(database(request), user_id, disabled)
    except users.UserRefused as refused:
        return _page(request, 422, problem=str(refused))
    return RedirectResponse("/users", 303)


def _page(request: Request, status: int = 200, problem: str = "", made: str = "", password: str = "") -> Response:
    found = users.list_users(database(request))
    return render(
        request,
        "web/users.html",
        status,
        users=found,
        roles=list(Role),
        problem=problem,
        made=made,
        password=password,
        provider=provider_name(settings_of(request)),
    )
