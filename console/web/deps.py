"""What routes ask for: the database, who is asking, and whether they may."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from msgspec import Struct
from sqlalchemy import Engine

from console.security.roles import Permission, Role, may
from console.security.sessions import find, form_token, is_form_token
from console.security.tokens import find_token
from console.settings import ConsoleSettings
from console.web.render import render

__all__ = ["Permission", "Principal", "clock", "database", "needs", "principal", "render", "settings_of"]
API = "/api/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_FIELDS_MAX = 6_000
"""A decision may leave out 5,000 accounts."""


class Principal(Struct, frozen=True):
    """Who is asking."""

    user_id: str
    name: str
    role: Role
    pseudonyms: bool
    """Sees pseudonyms instead of account ids."""
    scopes: frozenset[Permission] | None = None
    """What the token is for by which a program asks; None for a person in a browser."""


class NotLoggedIn(Exception):
    """Nobody is logged in; answered with the way to the log-in page."""


class FormOfBefore(HTTPException):
    """A form of another session than this one: somebody logged in again while it was open. Answered with 403."""

    def __init__(self) -> None:
        super().__init__(403)


def settings_of(request: Request) -> ConsoleSettings:
    """Settings of this console."""
    found: ConsoleSettings = request.app.state.settings
    return found


def database(request: Request) -> Engine:
    """The database."""
    found: Engine = request.app.state.engine
    return found


def clock(request: Request) -> int:
    """Now, in epoch ms."""
    found: Callable[[], int] = request.app.state.clock
    return found()


def session_cookie(settings: ConsoleSettings) -> str:
    """Name of the cookie; `__Host-` binds it to this host, where browsers come by https."""
    return "__Host-shoal" if settings.https else "shoal"


def principal(request: Request) -> Principal:
    """Who is asking. Raises `NotLoggedIn`."""
    settings = settings_of(request)
    if _by_token(request):
        return _bearer(request)
    session = request.cookies.get(session_cookie(settings), "")
    user = None
    if session:
        user = find(database(request), session, clock(request), settings.session_idle_ms, settings.session_ms)
    if user is None:
        raise NotLoggedIn
    pseudonyms = settings.pseudonyms_for_viewers and user.role is Role.VIEWER
    found = Principal(user.user_id, user.user_id, user.role, pseudonyms)
    request.state.principal = found
    request.state.form_token = form_token(session)
    return found


def _by_token(request: Request) -> bool:
    """Whether a program asks: tokens are for the API only, and where there is one, cookies do not count."""
    return request.url.path.startswith(API) and "authorization" in request.headers


def _bearer(request: Request) -> Principal:
    scheme, _, token = request.headers["authorization"].partition(" ")
    found = find_token(database(request), token.strip(), clock(request)) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotLoggedIn
    pseudonyms = settings_of(request).pseudonyms_for_viewers and found.role is Role.VIEWER
    return Principal(found.user_id, found.user_id, found.role, pseudonyms, found.scopes)


class needs:  # noqa: N801  # reads as a word where routes are declared: Depends(needs(Permission.DECIDE))
    """A dependency that lets through who has `permission`, and checks the token of whatever changes something."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request, who: Annotated[Principal, Depends(principal)]) -> Principal:
        """Return who is asking, or answer 403."""
        within = who.scopes is None or self.permission in who.scopes
        if not within or not may(who.role, self.permission):
            raise HTTPException(403)
        if request.method not in SAFE and who.scopes is None:
            await _check_token(request)
        return who


def same_origin(request: Request) -> None:
    """Refuse what another site makes a browser send; for every route that changes something."""
    if request.method in SAFE or _by_token(request):
        return
    if request.headers.get("origin") != own_origin(request):
        raise HTTPException(403)


def own_origin(request: Request) -> str:
    """Where browsers find this console: the gate has checked the host name."""
    # behind a proxy that ends TLS and is not trusted with more, requests come by http
    scheme = "https" if settings_of(request).https else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}"


def login_path(request: Request) -> str:
    """The log-in page, and back to here afterwards; for what is only read."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/login?next={quote(here, safe='/')}"


async def _check_token(request: Request) -> None:
    token = request.headers.get("x-form-token", "")
    if not token:
        form = await request.form(max_files=0, max_fields=FORM_FIELDS_MAX)
        token = str(form.get("form_token", ""))
    session = request.cookies.get(session_cookie(settings_of(request)), "")
    if not is_form_token(session, token):
        raise FormOfBefore
