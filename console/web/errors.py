"""Pages that say what went wrong and what to do."""

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.decisions.errors import InvalidOrder, NoSuchCase, NotDecided
from console.web.deps import API, SAFE, FormOfBefore, NotLoggedIn, login_path
from console.web.entrance import ended_page
from console.web.late import kept_form, kept_page
from console.web.render import render
from streams.store.protocol import StoreUnavailable

KNOWN = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


TOO_LATE = "this took too long and may still be done: look before you send it again"
NOBODY = "send a token: Authorization: Bearer …"
ENDED = "this token is not known, has ended, or its user may not log in any more"
NOTHING_HERE = "there is nothing by that name"


def error_page(request: Request, status: int, detail: str = "", late: bool = False) -> Response:
    """Return the page for `status`, with a sentence that says more; for programs as problem+json (RFC 9457).

    `late`: the answer did not begin in time, and nobody knows whether anything was written.
    """
    if request.url.path.startswith(API):
        return problem(status, TOO_LATE if late else detail)
    known = status if status in KNOWN else (500 if status >= 500 else 400)
    return render(request, "web/error.html", status, status=known, detail=detail, late=late)


def problem(status: int, detail: str = "") -> Response:
    """Return what programs are told."""
    body = {"type": "about:blank", "status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    headers = {"www-authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _said(error: HTTPException) -> str:
    """What a program is told: our own words, or else those of the status where they say enough."""
    if error.detail != HTTPStatus(error.status_code).phrase:
        return error.detail
    return NOTHING_HERE if error.status_code == HTTPStatus.NOT_FOUND else ""


def add_error_pages(app: FastAPI) -> None:
    """Answer every error with a page."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return error_page(request, error.status_code, _said(error) if request.url.path.startswith(API) else "")

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:] or first["loc"])
        # the value itself is not said again: it may be anybody's
        detail = f"{where}: {first['msg']}" if request.url.path.startswith(API) else ""
        return error_page(request, 422, detail)

    @app.exception_handler(NotLoggedIn)
    async def _nobody(request: Request, _error: NotLoggedIn) -> Response:
        if request.url.path.startswith(API):
            return problem(401, NOBODY if "authorization" not in request.headers else ENDED)
        if request.method not in SAFE or "hx-request" in request.headers:
            return await ended_page(request)
        return RedirectResponse(login_path(request), 303)

    @app.exception_handler(FormOfBefore)
    async def _before(request: Request, _error: FormOfBefore) -> Response:
        kept = await kept_form(request)
        return kept_page(request, kept, 403) if kept.packed() else error_page(request, 403)

    @app.exception_handler(StoreUnavailable)
    def _store(request: Request, _error: StoreUnavailable) -> Response:
        return error_page(request, 503)

    @app.exception_handler(NotDecided)
    def _refused(request: Request, error: NotDecided) -> Response:
        status = {InvalidOrder: 422, NoSuchCase: 404}.get(type(error), 409)
        return error_page(request, status, str(error))

    @app.exception_handler(Exception)
    def _fault(request: Request, _error: Exception) -> Response:
        return error_page(request, 500)
