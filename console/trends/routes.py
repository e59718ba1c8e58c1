"""Pages of trending lists, and the same as JSON. They read the store, so they work while the stream is down."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from console.trends.sparkline import sparkline
from console.web.deps import Permission, Principal, database, needs, render
from console.web.i18n import language_of
from console.web.sentences import translated
from models.trends import CorrectedList, TrendOutcome, TrendVerdict
from streams.store.sql import SqlStore

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]
Key = Annotated[str, Path(max_length=256)]
ListName = Annotated[str | None, Query(max_length=256, alias="list")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
SHOWN = 200


@router.get("/trends")
def lists(request: Request, _who: Sees, on_list: ListName = None, outcome: TrendOutcome | None = None) -> Response:
    """Every list with both places; without a list, topics by what was said of them last."""
    store = SqlStore(database(request))
    known = store.corrected_lists()
    chosen = next((each for each in known if each.name == on_list), None)
    if on_list and chosen is None:
        raise HTTPException(404)
    verdicts = store.trends(outcome, on_list or None, SHOWN)
    return render(
        request,
        "trends/list.html",
        lists=known,
        chosen=chosen,
        outcome=outcome,
        outcomes=list(TrendOutcome),
        verdicts=verdicts,
        sparks={verdict.key: _spark(request, verdict) for verdict in verdicts},
    )


@router.get("/trends/{key:path}")
def topic(request: Request, _who: Sees, key: Key) -> Response:
    """One topic: what was said, why, its places, its last hour."""
    verdict = SqlStore(database(request)).trend(key)
    if verdict is None:
        raise HTTPException(404)
    return render(
        request, "trends/topic.html", verdict=verdict, spark=_spark(request, verdict),
        figures=sorted(verdict.figures.items()),
    )  # fmt: skip


def _spark(request: Request, verdict: TrendVerdict) -> Markup:
    return sparkline(verdict.series, translated(verdict.headline, language_of(request)))


@router.get("/api/v1/trends")
def lists_json(
    request: Request, _who: Sees, on_list: ListName = None, outcome: TrendOutcome | None = None, limit: Limit = 100
) -> dict[str, Any]:
    """Newest verdicts with their series, latest first, and the lists there are."""
    store = SqlStore(database(request))
    names = [{"name": each.name, "at_ms": each.at_ms, "lines": len(each.lines)} for each in store.corrected_lists()]
    return {"topics": [_plain(verdict) for verdict in store.trends(outcome, on_list, limit)], "lists": names}


@router.get("/api/v1/trends/lists/{name:path}")
def corrected_json(request: Request, _who: Sees, name: Key) -> dict[str, Any]:
    """A list with the places without the accounts in question."""
    found = SqlStore(database(request)).corrected_list(name)
    if found is None:
        raise HTTPException(404)
    return _plain(found)


def _plain(told: TrendVerdict | CorrectedList) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return plain
