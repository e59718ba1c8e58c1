"""Log-in with the provider: to it, and back."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.security.oidc.attempt import KEPT_S, Attempt, new_attempt, seal, unseal
from console.security.oidc.people import sign_on
from console.security.oidc.provider import Provider
from console.security.oidc.refused import SignOnRefused, Why
from console.security.oidc.roles import claim, role_by_claims
from console.security.sessions import PROVIDER
from console.security.users import User
from console.web.deps import clock, database, own_origin, settings_of
from console.web.entrance import begin_session, count_attempt, entrance_page, own_path

router = APIRouter()
log = structlog.get_logger()
BACK: Final = "/login/callback"
STATUS: Final = {Why.DOWN: 503, Why.SETTINGS: 503, Why.OVER: 400}
DENIALS: Final = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
AWAY: Final = frozenset({"server_error", "temporarily_unavailable"})
Code = Annotated[str, Query(max_length=4_000)]
Word = Annotated[str, Query(max_length=1_000)]


@router.get("/login/provider")
def to_provider(request: Request, next: Word = "/") -> Response:  # noqa: A002  # the name in the address
    """Send the browser to the provider."""
    provider = _provider(request)
    count_attempt(request)
    attempt = new_attempt(own_path(next))
    try:
        address = provider.way_out(attempt, own_origin(request) + BACK, clock(request))
    except SignOnRefused as refused:
        return _refused(request, refused, attempt.next)
    answer = RedirectResponse(address, 303)
    sealed = seal(attempt, request.app.state.pseudonym_key, clock(request))
    secure = settings_of(request).https
    answer.set_cookie(_cookie(request), sealed, KEPT_S, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


@router.get(BACK)
def back(request: Request, code: Code = "", state: Word = "", iss: Word | None = None, error: Word = "") -> Response:
    """Begin a session for who comes back from the provider."""
    provider = _provider(request)
    count_attempt(request)
    next_path = "/"
    try:
        attempt = unseal(
            request.cookies.get(_cookie(request), ""), state, request.app.state.pseudonym_key, clock(request)
        )
        next_path = attempt.next
        answer = begin_session(request, _who(request, provider, attempt, code, iss, error).user_id, next_path, PROVIDER)
    except SignOnRefused as refused:
        answer = _refused(request, refused, next_path)
    answer.delete_cookie(_cookie(request), path="/", secure=settings_of(request).https, httponly=True, samesite="lax")
    return answer


def _who(request: Request, provider: Provider, attempt: Attempt, code: str, iss: str | None, error: str) -> User:
    settings = settings_of(request)
    if error or not code:
        why = Why.DENIED if error in DENIALS else Why.DOWN if error in AWAY else Why.SETTINGS
        raise SignOnRefused(why, "answer of the provider")
    claims = provider.who_came(attempt, code, iss, own_origin(request) + BACK, clock(request))
    role = role_by_claims(claims, settings.oidc_roles_claim, settings.oidc_roles, settings.oidc_default_role)
    name = claim(claims, settings.oidc_name_claim)
    return sign_on(database(request), provider.issuer, str(claims["sub"]), name, role, clock(request))


def _refused(request: Request, refused: SignOnRefused, next_path: str) -> Response:
    log.warning("sign_on_refused", why=refused.why.value, what=refused.what)
    return entrance_page(request, next_path, STATUS.get(refused.why, 403), why=refused.why)


def _provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise HTTPException(404)
    return found


def _cookie(request: Request) -> str:
    return "__Host-shoal-sign-on" if settings_of(request).https else "shoal-sign-on"
