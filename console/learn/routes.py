"""Pages of what decisions teach: precision, labels, the allow list."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from console.exports.log import note
from console.learn import allow
from console.learn.features import FeatureCache
from console.learn.labels import Label, as_csv, as_jsonl, extent, labels
from console.learn.precision import FEW, precision
from console.web.deps import API, Permission, Principal, clock, database, needs, render
from detector.evidence.catalogue import CATALOGUE

router = APIRouter()
DAY_MS = 86_400_000
SHOWN_MAX = 500
Learns = Annotated[Principal, Depends(needs(Permission.SEE_LEARNING))]
Allows = Annotated[Principal, Depends(needs(Permission.MANAGE_ALLOW_LIST))]
Exports = Annotated[Principal, Depends(needs(Permission.EXPORT_LABELS))]
Days = Annotated[int, Query(ge=1, le=3_660)]
PERIODS = (30, 90, 365, 3_660)


def features_of(request: Request) -> FeatureCache:
    """The evidence of decided revisions, kept by this process."""
    state = request.app.state
    if not hasattr(state, "features"):
        state.features = FeatureCache()
    found: FeatureCache = state.features
    return found


@router.get("/learn")
def precision_page(request: Request, _who: Learns, days: Days = 365) -> Response:
    """How often people agreed, by week and by what raised the case."""
    found = precision(database(request), features_of(request), clock(request) - days * DAY_MS)
    asks = {name: note.asks for name, note in CATALOGUE.items()}
    return render(request, "learn/precision.html", found=found, days=days, periods=PERIODS, few=FEW, asks=asks)


@router.get("/api/v1/precision")
def precision_json(request: Request, _who: Learns, days: Days = 365) -> dict[str, object]:
    """The same as JSON: rows by group."""
    found = precision(database(request), features_of(request), clock(request) - days * DAY_MS)
    fields = ("name", "confirmed", "dismissed", "reasons", "share", "low", "high")
    return {group: [{name: getattr(row, name) for name in fields} for row in rows] for group, rows in found.items()}


@router.get("/learn/labels.jsonl")
def labels_jsonl(request: Request, who: Exports, days: Days = 365, accounts: bool = True) -> Response:
    """Labels, one JSON object a line."""
    found = _labels(request, who, "labels.jsonl", days, accounts)
    return StreamingResponse(as_jsonl(found), media_type="application/jsonl", headers=_as_file("labels.jsonl"))


@router.get("/learn/labels.csv")
def labels_csv(request: Request, who: Exports, days: Days = 365, accounts: bool = True) -> Response:
    """Labels, one line each."""
    found = _labels(request, who, "labels.csv", days, accounts)
    return StreamingResponse(as_csv(found), media_type="text/csv; charset=utf-8", headers=_as_file("labels.csv"))


@router.get(
    "/api/v1/labels",
    response_class=Response,
    responses={200: {"description": "the labels", "content": {"application/jsonl": {}, "text/csv": {}}}},
)
def labels_api(
    request: Request,
    who: Exports,
    days: Days = 365,
    accounts: bool = True,
    form: Annotated[Literal["jsonl", "csv"], Query(alias="format")] = "jsonl",
) -> Response:
    """Labels for programs, which come with a token: one JSON object or one line of CSV each."""
    make = labels_csv if form == "csv" else labels_jsonl
    return make(request, who, days, accounts)


def _labels(request: Request, who: Principal, form: str, days: int, accounts: bool) -> Iterator[Label]:
    """Return the labels; those that name accounts go into the log of exports first."""
    engine, now_ms = database(request), clock(request)
    since_ms = now_ms - days * DAY_MS
    if accounts:
        cases, total = extent(engine, since_ms)
        way = "api" if request.url.path.startswith(API) else "page"
        note(engine, now_ms, who.user_id, way, form, filters={"days": days}, cases=cases, accounts=total)
    return labels(engine, accounts, since_ms)


def _as_file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


@router.get("/allow")
def allow_page(request: Request, _who: Learns) -> Response:
    """The allow list, and who changed it."""
    return _allow_page(request)


@router.post("/allow/add")
def allow_add(
    request: Request,
    who: Allows,
    kind: Annotated[str, Form(max_length=16)],
    value: Annotated[str, Form(max_length=allow.VALUE_CHARACTERS_MAX)],
    reason: Annotated[str, Form(max_length=allow.REASON_CHARACTERS_MAX)],
    days: Annotated[int, Form(ge=1, le=allow.DAYS_MAX)],
) -> Response:
    """Add an entry."""
    try:
        allow.add(database(request), kind, value, reason, days, who.user_id, clock(request))
    except allow.NotAllowed as refused:
        return _allow_page(request, 422, str(refused))
    return RedirectResponse("/allow", 303)


@router.post("/allow/remove")
def allow_remove(request: Request, who: Allows, entry: Annotated[str, Form(max_length=32)]) -> Response:
    """Take an entry back."""
    try:
        allow.remove(database(request), entry, who.user_id, clock(request))
    except allow.NotAllowed as refused:
        return _allow_page(request, 409, str(refused))
    return RedirectResponse("/allow", 303)


def _allow_page(request: Request, status: int = 200, problem: str = "") -> Response:
    engine, now_ms = database(request), clock(request)
    return render(
        request,
        "learn/allow.html",
        status,
        standing=allow.entries(engine, now_ms, limit=SHOWN_MAX),
        past=allow.entries(engine, now_ms, past=True, limit=50),
        changes=allow.changes(engine, 50),
        kinds=allow.KINDS,
        days_max=allow.DAYS_MAX,
        problem=problem,
    )
