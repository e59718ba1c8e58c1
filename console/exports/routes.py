"""Exports by page and by API, and the log of them."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response, StreamingResponse

from console.cases.api import Words
from console.cases.view import alert_of
from console.cases.wanted import Wanted
from console.decisions.errors import InvalidOrder
from console.decisions.filters import Filters
from console.exports import cases, log
from console.exports.cases import CONTENT_TYPES, CasesFormat
from console.exports.judging import judgement_of
from console.web.deps import Permission, Principal, clock, database, needs, render
from console.web.i18n import language_of
from streams.exports.formats import FORMS, CaseFormat, TooLarge, file_name, write

router = APIRouter()
Exports = Annotated[Principal, Depends(needs(Permission.EXPORT_CASES))]
SeesLog = Annotated[Principal, Depends(needs(Permission.SEE_EXPORTS))]
Before = Annotated[int | None, Query(ge=1, lt=2**31)]


def _file(types: list[str], what: str) -> dict[int | str, dict[str, Any]]:
    """Say in the description of the API what comes back."""
    plain: dict[str, dict[str, Any]] = {each.partition(";")[0]: {} for each in types}
    header = {"description": "attachment; filename=…", "schema": {"type": "string"}}
    return {200: {"description": what, "content": plain, "headers": {"content-disposition": header}}}


ONE = _file([form.content_type for form in FORMS.values()], "the case as a file")
MANY = _file(list(CONTENT_TYPES.values()), "the cases as a file")


@router.get("/cases/{campaign}/export")
def case_export(
    request: Request, who: Exports, campaign: str, form: Annotated[CaseFormat, Query(alias="format")] = CaseFormat.JSON
) -> Response:
    """One case as a file."""
    return _one(request, who, campaign, form, "page")


@router.get("/api/v1/cases/{campaign}/export", response_class=Response, responses=ONE)
def case_export_api(
    request: Request, who: Exports, campaign: str, form: Annotated[CaseFormat, Query(alias="format")] = CaseFormat.JSON
) -> Response:
    """One case as a file: docs/exports.md tells every format."""
    return _one(request, who, campaign, form, "api")


@router.get("/export")
def cases_export(
    request: Request,
    who: Exports,
    wanted: Annotated[Wanted, Depends()],
    form: Annotated[CasesFormat, Query(alias="format")] = CasesFormat.CSV,
) -> Response:
    """The cases of the queue with these filters as a file."""
    return _many(request, who, wanted.filters(who, clock(request), language_of(request)), wanted.words, form, "page")


@router.get("/api/v1/export", response_class=Response, responses=MANY)
def cases_export_api(
    request: Request,
    who: Exports,
    words: Annotated[Words, Depends()],
    form: Annotated[CasesFormat, Query(alias="format")] = CasesFormat.JSONL,
) -> Response:
    """Cases as a file, in the order of their ids, by the filters of `/api/v1/cases`; 422 for more than it may hold."""
    return _many(request, who, words.filters, msgspec.structs.asdict(words.filters), form, "api")


@router.get("/exports")
def log_page(request: Request, _who: SeesLog, before: Before = None) -> Response:
    """Who exported what."""
    rows = log.newest(database(request), before)
    return render(request, "exports/log.html", rows=rows, before=before)


def _one(request: Request, who: Principal, campaign: str, form: CaseFormat, way: str) -> Response:
    _no_pseudonyms(who)
    engine = database(request)
    alert = alert_of(request, campaign)
    try:
        pieces = write(alert, form, judgement_of(engine, campaign))
    except TooLarge as error:
        raise InvalidOrder("campaign", str(error)) from error
    log.note(
        engine, clock(request), who.user_id, way, form.value, campaign=alert.campaign, accounts=len(alert.accounts)
    )
    return _answer(pieces, FORMS[form].content_type, file_name(alert, form), way)


def _many(
    request: Request, who: Principal, filters: Filters, words: dict[str, Any], form: CasesFormat, way: str
) -> Response:
    _no_pseudonyms(who)
    engine, now_ms = database(request), clock(request)
    found = cases.found(engine, filters, form, now_ms)
    log.note(
        engine, now_ms, who.user_id, way, form.value, filters=words, cases=found.cases, accounts=found.accounts
    )  # fmt: skip
    pieces = cases.write(engine, filters, form, now_ms)
    return _answer(pieces, CONTENT_TYPES[form], f"shoal-cases.{form.value}", way)


def _no_pseudonyms(who: Principal) -> None:
    """Let nobody take out ids that they may not see, whatever the matrix comes to say."""
    if who.pseudonyms:
        raise HTTPException(403)


def _answer(pieces: Iterator[bytes], content_type: str, name: str, way: str) -> Response:
    """Send a file; `name` is of letters, digits, dots and hyphens."""
    if way == "page" and content_type.startswith("text/csv"):
        # Excel takes CSV for the code page of its machine, and every Chinese text for rubbish, unless this comes first
        pieces = chain([BOM_UTF8], pieces)
    headers = {"content-type": content_type, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, headers=headers)
