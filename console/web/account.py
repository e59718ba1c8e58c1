"""One's own account: password and sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from console.security import sessions
from console.security.oidc.setting import provider_name
from console.security.passwords import CHARACTERS_MAX, WeakPassword
from console.security.users import UserRefused, change_password, has_password
from console.web.deps import Permission, Principal, clock, database, needs, session_cookie, settings_of
from console.web.entrance import begin_session
from console.web.render import render

router = APIRouter(prefix="/account")
Own = Annotated[Principal, Depends(needs(Permission.OWN_SESSION))]
Secret = Annotated[str, Form(max_length=CHARACTERS_MAX)]


@router.get("")
def account(request: Request, who: Own, changed: bool = False) -> Response:
    """Who one is, and where one is logged in."""
    return _page(request, who, changed=changed)


@router.post("/password")
def password(request: Request, who: Own, old: Secret = "", new: Secret = "", again: Secret = "") -> Response:
    """Change one's password; other sessions end, and this one is begun anew."""
    try:
        if not has_password(database(request), who.user_id):
            raise UserRefused("this account has no password here")
        if new != again:
            raise UserRefused("the new password was not typed alike twice")
        failures_max = settings_of(request).failures_max
        change_password(database(request), who.user_id, old, new, clock(request), failures_max)
    except (UserRefused, WeakPassword) as refused:
        return _page(request, who, 422, str(refused))
    return begin_session(request, who.user_id, "/account?changed=true", sessions.PASSWORD)


@router.post("/end")
def end(request: Request, who: Own, session: Annotated[str, Form(max_length=64)] = "") -> Response:
    """End one of one's sessions, or with `others` all but this."""
    if session == "others":
        sessions.end_others(database(request), who.user_id, _session(request))
    else:
        sessions.end_named(database(request), who.user_id, session)
    return RedirectResponse("/account", 303)


def _page(request: Request, who: Principal, status: int = 200, problem: str = "", changed: bool = False) -> Response:
    settings = settings_of(request)
    found = sessions.list_sessions(
        database(request),
        who.user_id,
        _session(request),
        clock(request),
        settings.session_idle_ms,
        settings.session_ms,
    )
    return render(
        request,
        "web/account.html",
        status,
        sessions=found,
        has_password=has_password(database(request), who.user_id),
        provider=provider_name(settings),
        problem=problem,
        changed=changed,
    )


def _session(request: Request) -> str:
    return request.cookies.get(session_cookie(settings_of(request)), "")
