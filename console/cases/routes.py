"""The queue, and a case to read."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from console.cases.accounts import FIND_CHARACTERS_MAX
from console.cases.graph import graph
from console.cases.revisions import changes
from console.cases.searches import cleaned, searches_of
from console.cases.view import PAGES_MAX, Typed, alert_of, case_view, shown_alert
from console.cases.wanted import Wanted, Word
from console.decisions import presence, queue
from console.decisions.entries import DISMISS_REASONS
from console.decisions.filters import Filters
from console.decisions.outbox import waiting
from console.web.deps import Permission, Principal, clock, database, needs, render
from console.web.i18n import language_of

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_CASES))]


@router.get("/")
def queue_page(
    request: Request,
    who: Sees,
    wanted: Annotated[Wanted, Depends()],
    after: Word = "",
) -> Response:
    """Cases, the most urgent first: those that need a person, unless other words are chosen."""
    engine, now_ms = database(request), clock(request)
    filters = wanted.filters(who, now_ms, language_of(request))
    both = filters.joined
    return render(
        request,
        "cases/queue.html",
        page=queue.page(engine, filters, now_ms, after or None),
        counts=queue.counts(engine, Filters(outcome=filters.outcome, joined=both), now_ms),
        outcomes=queue.counts(engine, Filters(status=filters.status, joined=both), now_ms).by_outcome,
        wanted=wanted.words,
        reasons=DISMISS_REASONS,
        searches=searches_of(engine, who.user_id),
        here=cleaned(request.url.query),
        unsent=waiting(engine),
    )


@router.get("/cases/{campaign}")
def case_page(
    request: Request,
    who: Sees,
    campaign: str,
    find: Annotated[str, Query(max_length=FIND_CHARACTERS_MAX)] = "",
    page: Annotated[int, Query(ge=1, le=PAGES_MAX)] = 1,
    done: Annotated[int, Query(ge=0, lt=2**63)] = 0,
) -> Response:
    """One case with everything that justifies it; `find` and `page` are of its accounts.

    `done`: number of the decision that somebody comes from, which is told while it is the newest.
    """
    return case_view(request, who, campaign, Typed(find=find, page=page), done=done)


@router.get("/cases/{campaign}/others")
def others_part(
    request: Request, who: Sees, campaign: str, seen: Annotated[int, Query(ge=0, lt=2**63)] = 0
) -> Response:
    """Who else is looking, and whether somebody decided after the decision `seen`; an open page asks now and then."""
    engine, now_ms = database(request), clock(request)
    row = queue.row(engine, campaign, now_ms)
    if row is None:
        raise HTTPException(404)
    others = presence.seen(engine, campaign, who.user_id, now_ms)
    return render(request, "cases/others.html", others=others, newer=row if row.last_number > seen else None)


@router.get("/cases/{campaign}/revisions")
def revisions_page(request: Request, _who: Sees, campaign: str) -> Response:
    """How the case came to be what it is."""
    found = changes(database(request), campaign)
    if not found:
        raise HTTPException(404)
    return render(request, "cases/revisions.html", campaign=campaign, changes=found)


@router.get("/cases/{campaign}/graph")
def graph_part(request: Request, who: Sees, campaign: str) -> Response:
    """The account graph, which takes longer than the rest of the page together: drawn when somebody opens it."""
    alert = shown_alert(request, who, alert_of(request, campaign))
    return render(request, "cases/graph.html", graph=graph(alert, language_of(request)) if alert.links else None)
