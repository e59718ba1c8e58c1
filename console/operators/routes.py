"""Pages of operators and the watch list, and the same as JSON."""

from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import Response

from console.operators.read import OperatorCase, OperatorPage, Watched, operator, operators, watch_list
from console.security.pseudonyms import FOLLOW, pseudonym
from console.web.deps import Permission, Principal, database, needs, render

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]
Name = Annotated[str, Path(max_length=64)]
LISTED_MAX = 200
SHOWN_MAX = 120
"""Accounts that the page of an operator shows; the JSON has more."""
Line = TypeVar("Line", OperatorCase, Watched)
BAR_PX = 14
HEIGHT_PX = 64


@router.get("/operators")
def listing(request: Request, who: Sees) -> Response:
    """Operators with the newest action first, and the watch list."""
    engine = database(request)
    watched = watch_list(engine, LISTED_MAX)
    if who.pseudonyms:
        watched = [_without_words(line) for line in watched]
    return render(request, "operators/list.html", operators=operators(engine, LISTED_MAX), watched=watched)


@router.get("/operators/{name}")
def page(request: Request, who: Sees, name: Name) -> Response:
    """One operator: weeks, cases, accounts that came back."""
    found = _operator(request, who, name)
    return render(
        request,
        "operators/page.html",
        page=found,
        bars=_bars(found),
        width=BAR_PX * len(found.weeks),
        shown_max=SHOWN_MAX,
    )


@router.get("/api/v1/operators")
def listing_json(
    request: Request, _who: Sees, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> list[dict[str, Any]]:
    """Operators as JSON."""
    return [msgspec.structs.asdict(row) for row in operators(database(request), limit)]


@router.get("/api/v1/operators/{name}")
def page_json(request: Request, who: Sees, name: Name) -> dict[str, Any]:
    """One operator as JSON; viewers get pseudonyms where the console is set so."""
    plain: dict[str, Any] = msgspec.to_builtins(_operator(request, who, name))
    return plain


def _operator(request: Request, who: Principal, name: str) -> OperatorPage:
    found = operator(database(request), name)
    if found is None:
        raise HTTPException(404)
    return _hidden(request.app.state.pseudonym_key, found) if who.pseudonyms else found


def _hidden(key: bytes, found: OperatorPage) -> OperatorPage:
    """The same without account ids; those of followed accounts stand in headlines, so these go."""
    return msgspec.structs.replace(
        found,
        returned=[msgspec.structs.replace(each, account=pseudonym(key, each.account)) for each in found.returned],
        cases=[_without_headline(each) for each in found.cases],
        watched=[_without_words(each) for each in found.watched],
    )


def _without_headline(line: Line) -> Line:
    if FOLLOW not in line.layers.split(","):
        return line
    return msgspec.structs.replace(line, headline=f"{line.accounts_total:,} accounts")


def _without_words(line: Watched) -> Watched:
    """The same without what a colleague wrote, which may name accounts."""
    return msgspec.structs.replace(_without_headline(line), why="")


def _bars(found: OperatorPage) -> list[dict[str, Any]]:
    """One bar a week: place and height in pixels, the highest `HEIGHT_PX`."""
    most = max(accounts for _, _, accounts in found.weeks) or 1
    bars = []
    for at, (week, cases, accounts) in enumerate(found.weeks):
        height = -(-HEIGHT_PX * accounts // most)
        bars.append(
            {"week": week, "cases": cases, "accounts": accounts, "x": at * BAR_PX, "y": HEIGHT_PX - height, "h": height}
        )
    return bars
