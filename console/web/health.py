"""Pages for machines, worded as those of the worker (`streams.web`)."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine
from starlette.responses import JSONResponse, Response

from console.web.deps import database
from streams.store.engine import reading
from streams.store.migrate import newest_version, version
from streams.store.protocol import StoreUnavailable

router = APIRouter()


@router.get("/-/healthy")
def healthy() -> Response:
    """Whether the process answers."""
    return _answer([])


@router.get("/-/ready")
def ready(request: Request) -> Response:
    """Whether people can work: the database answers and its tables are those of this version."""
    return _answer(why_not_ready(database(request)))


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counts and ages; no ids, no paths."""
    request.app.state.figures.look()
    return Response(request.app.state.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)


def why_not_ready(engine: Engine) -> list[str]:
    """Reasons in words; empty if ready."""
    try:
        with reading(engine) as connection:
            found = version(connection)
    except StoreUnavailable:
        return ["the store does not answer"]
    if found != newest_version():
        return [f"the store is at version {found}, this console at {newest_version()}: start the console again"]
    return []


def _answer(reasons: list[str]) -> Response:
    return JSONResponse({"ok": not reasons, "reasons": reasons}, 503 if reasons else 200)
