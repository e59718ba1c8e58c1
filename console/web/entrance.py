"""Log-in, log-out, language and theme."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.security import sessions
from console.security.users import check_login
from console.web.deps import (
    NotLoggedIn,
    Permission,
    Principal,
    clock,
    database,
    needs,
    principal,
    session_cookie,
    settings_of,
)
from console.web.i18n import COOKIE, LANGUAGES
from console.web.render import THEME_COOKIE, THEMES, render

router = APIRouter()
YEAR_S = 31_536_000
PATH_CHARACTERS_MAX = 1_000
Text = Annotated[str, Form(max_length=256)]
Path = Annotated[str, Form(max_length=PATH_CHARACTERS_MAX)]


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name in the address
    """Ask who is there."""
    try:
        principal(request)
    except NotLoggedIn:
        return render(request, "web/login.html", next=own_path(next), failed=False)
    return RedirectResponse(own_path(next), 303)


@router.post("/login")
def login(request: Request, user: Text = "", password: Text = "", next: Path = "/") -> Response:  # noqa: A002  # as above
    """Begin a session."""
    settings, now_ms = settings_of(request), clock(request)
    address = request.client.host if request.client else ""
    if not request.app.state.logins.allows(address, now_ms):
        raise HTTPException(429)
    name = user.strip().lower()
    who = check_login(database(request), name, password, now_ms, settings.failures_max)
    if who is None:
        return render(request, "web/login.html", 422, next=own_path(next), failed=True)
    cookie = session_cookie(settings)
    old = request.cookies.get(cookie)
    if old:
        sessions.end(database(request), old)
    answer = RedirectResponse(own_path(next), 303)
    session = sessions.begin(database(request), who.user_id, now_ms)
    answer.set_cookie(cookie, session, httponly=True, samesite="lax", secure=settings.https, path="/")
    return answer


@router.post("/logout")
def logout(
    request: Request, who: Annotated[Principal, Depends(needs(Permission.OWN_SESSION))], everywhere: Text = ""
) -> Response:
    """End this session, or all of this user."""
    cookie = session_cookie(settings_of(request))
    if everywhere:
        sessions.end_all(database(request), who.user_id)
    else:
        sessions.end(database(request), request.cookies.get(cookie, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie, path="/", secure=settings_of(request).https, httponly=True, samesite="lax")
    return answer


@router.post("/look")
def look(request: Request, theme: Text = "", language: Text = "", next: Path = "/") -> Response:  # noqa: A002  # as above
    """Remember language and theme in this browser; nothing else changes, so nobody needs to be logged in."""
    answer = RedirectResponse(own_path(next), 303)
    secure = settings_of(request).https
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, YEAR_S, samesite="lax", httponly=True, secure=secure)
    if language in LANGUAGES:
        answer.set_cookie(COOKIE, language, YEAR_S, samesite="lax", httponly=True, secure=secure)
    return answer


def own_path(path: str) -> str:
    """Return `path` if it leads to this console, else the first page: a log-in must not send people elsewhere."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path[:PATH_CHARACTERS_MAX] if own else "/"
