"""Log-in by password, log-out, language and theme."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.security import sessions
from console.security.oidc.refused import Why
from console.security.oidc.setting import provider_name
from console.security.roles import Role
from console.security.users import check_login
from console.web.deps import (
    NotLoggedIn,
    Permission,
    Principal,
    clock,
    database,
    needs,
    own_origin,
    principal,
    session_cookie,
    settings_of,
)
from console.web.i18n import COOKIE, LANGUAGES
from console.web.late import KEPT_CHARACTERS_MAX, Kept, form_page, kept_form, kept_page, unpack
from console.web.render import THEME_COOKIE, THEMES, render

router = APIRouter()
YEAR_S = 31_536_000
PATH_CHARACTERS_MAX = 1_000
Text = Annotated[str, Form(max_length=256)]
Path = Annotated[str, Form(max_length=PATH_CHARACTERS_MAX)]
Late = Annotated[str, Form(max_length=KEPT_CHARACTERS_MAX)]


@router.get("/login")
def login_page(request: Request, next: str = "/", ended: bool = False) -> Response:  # noqa: A002  # the name in the address
    """Ask who is there."""
    try:
        principal(request)
    except NotLoggedIn:
        return entrance_page(request, next, ended=ended)
    return RedirectResponse(own_path(next), 303)


@router.post("/login")
def login(request: Request, user: Text = "", password: Text = "", next: Path = "/", kept: Late = "") -> Response:  # noqa: A002  # as above
    """Begin a session; what was typed when the one before it ended is shown again."""
    settings, now_ms = settings_of(request), clock(request)
    count_attempt(request)
    name = user.strip().lower()
    roles = frozenset(Role) if settings.oidc_passwords else frozenset({Role.ADMIN})
    who = check_login(database(request), name, password, now_ms, settings.failures_max, roles)
    if who is None:
        return entrance_page(request, next, 422, failed=True, kept=unpack(kept))
    return begin_session(request, who.user_id, next, sessions.PASSWORD, unpack(kept))


@router.post("/logout")
def logout(
    request: Request, who: Annotated[Principal, Depends(needs(Permission.OWN_SESSION))], everywhere: Text = ""
) -> Response:
    """End this session, or all of this user; who came by a provider is told how to log out there."""
    cookie = session_cookie(settings_of(request))
    session = request.cookies.get(cookie, "")
    by_provider = sessions.how_begun(database(request), session) == sessions.PROVIDER
    if everywhere:
        sessions.end_all(database(request), who.user_id)
    else:
        sessions.end(database(request), session)
    answer = _by_provider_page(request) if by_provider else None
    answer = answer or RedirectResponse("/login", 303)
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


def entrance_page(
    request: Request,
    next_path: str = "/",
    status: int = 200,
    failed: bool = False,
    why: Why | None = None,
    ended: bool = False,
    kept: Kept | None = None,
) -> Response:
    """Answer with the log-in page, and with why the last attempt came to nothing, or that the session is over."""
    settings = settings_of(request)
    return render(
        request,
        "web/login.html",
        status,
        next=own_path(next_path),
        failed=failed,
        why=why,
        ended=ended,
        kept=kept,
        provider=provider_name(settings),
        passwords=settings.oidc_passwords,
    )


async def ended_page(request: Request) -> Response:
    """Ask who is there, say that the session is over, and keep what was typed for afterwards."""
    if "hx-request" in request.headers:
        return Response(status_code=403)  # the script says it; a log-in page has no place inside another
    page = form_page(request.url.path)
    kept = await kept_form(request)
    if not kept.packed():
        return RedirectResponse(f"/login?{urlencode({'next': page, 'ended': 'true'})}", 303)
    return entrance_page(request, page, 403, ended=True, kept=kept)


def count_attempt(request: Request) -> None:
    """Count one attempt to log in from this address; 429 beyond the limit."""
    address = request.client.host if request.client else ""
    if not request.app.state.logins.allows(address, clock(request)):
        raise HTTPException(429)


def begin_session(request: Request, user_id: str, next_path: str, how: str, kept: Kept | None = None) -> Response:
    """End the session that this browser had, begin one, and lead on, or show what was `kept` of a form."""
    settings = settings_of(request)
    cookie = session_cookie(settings)
    old = request.cookies.get(cookie)
    if old:
        sessions.end(database(request), old)
    session = sessions.begin(database(request), user_id, clock(request), how)
    answer: Response = RedirectResponse(own_path(next_path), 303)
    if kept is not None:
        request.state.form_token = sessions.form_token(session)
        answer = kept_page(request, kept)
    answer.set_cookie(cookie, session, httponly=True, samesite="lax", secure=settings.https, path="/")
    return answer


def own_path(path: str) -> str:
    """Return `path` if it leads to this console, else the first page: a log-in must not send people elsewhere."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path[:PATH_CHARACTERS_MAX] if own else "/"


def _by_provider_page(request: Request) -> Response | None:
    """Offer to log out at the provider: a link, since the policy of pages lets no form lead elsewhere."""
    provider = request.app.state.provider
    address = provider and provider.log_out_address(f"{own_origin(request)}/login", clock(request))
    if not address:
        return None
    request.state.principal = None
    return render(request, "web/logged_out.html", address=address, provider=provider_name(settings_of(request)))
