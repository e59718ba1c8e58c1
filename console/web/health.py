"""Pages for machines."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.responses import PlainTextResponse, Response

from console.web.deps import database
from streams.store.engine import reading
from streams.store.protocol import StoreUnavailable

router = APIRouter()


@router.get("/-/healthy")
def healthy() -> Response:
    """Whether the process answers."""
    return PlainTextResponse("healthy\n")


@router.get("/-/ready")
def ready(request: Request) -> Response:
    """Whether the database answers."""
    try:
        with reading(database(request)) as connection:
            connection.execute(text("SELECT 1"))
    except StoreUnavailable:
        return PlainTextResponse("the store does not answer\n", 503)
    return PlainTextResponse("ready\n")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counts of answers by status and their times; no ids, no paths."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
