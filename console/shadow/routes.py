"""Pages of shadows: what another configuration would have raised, side by side."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import Response

from console.shadow.compare import Shadows
from console.shadow.entries import Comparison
from console.shadow.read import shadows
from console.web.deps import Permission, Principal, database, needs, render

router = APIRouter()
Learns = Annotated[Principal, Depends(needs(Permission.SEE_LEARNING))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$")]
SHOWN_MAX = 200
"""Cases that each column lists; what is beyond is counted."""


@router.get("/shadow")
def listing(request: Request, _who: Learns) -> Response:
    """Every shadow in the store."""
    return render(request, "shadow/list.html", shadows=shadows(database(request)))


@router.get("/shadow/{name}")
def comparison_page(request: Request, _who: Learns, name: Name) -> Response:
    """One of them beside the live cases."""
    return render(request, "shadow/compare.html", found=_compare(request, name), shown_max=SHOWN_MAX)


def _compare(request: Request, name: str) -> Comparison:
    state = request.app.state
    if not hasattr(state, "shadows"):
        state.shadows = Shadows()
    compared: Comparison | None = state.shadows.compare(database(request), name)
    if compared is None:
        raise HTTPException(404)
    return compared
