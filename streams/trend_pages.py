"""What the worker's site tells of trending lists, as JSON: verdicts with their series, and corrected lists.

Only names of topics and counts, no account: like the metrics, for those who may reach the port.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec
from aiohttp import web

from models.trends import TrendOutcome
from streams.store.protocol import LIST_MAX, AlertStore, StoreUnavailable

LIMIT: Final = 100
_ENCODER: Final = msgspec.json.Encoder()


class _Refused(Exception):
    """The question is wrong; says how."""


def add_routes(application: web.Application, store: AlertStore) -> None:
    """`GET /trends?list=&outcome=&limit=`, `GET /trends/{list}/corrected`."""

    async def trends(request: web.Request) -> web.Response:
        return await _answer(partial(_trends, store, dict(request.query)))

    async def corrected(request: web.Request) -> web.Response:
        return await _answer(partial(_corrected, store, request.match_info["list"]))

    application.router.add_get("/trends", trends)
    application.router.add_get("/trends/{list}/corrected", corrected)


def _trends(store: AlertStore, query: dict[str, str]) -> dict[str, Any]:
    unknown = sorted(query.keys() - {"list", "outcome", "limit"})
    if unknown:
        raise _Refused(f"{', '.join(unknown)}: unknown; there are list, outcome and limit")
    outcome = query.get("outcome")
    if outcome is not None and outcome not in {each.value for each in TrendOutcome}:
        raise _Refused(f"outcome: one of {', '.join(TrendOutcome)}")
    limit = query.get("limit", str(LIMIT))
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= LIST_MAX:
        raise _Refused(f"limit: a whole number from 1 to {LIST_MAX}")
    lists = [{"name": each.name, "at_ms": each.at_ms, "lines": len(each.lines)} for each in store.corrected_lists()]
    return {"topics": store.trends(outcome, query.get("list"), int(limit)), "lists": lists}


def _corrected(store: AlertStore, name: str) -> Any:
    found = store.corrected_list(name)
    if found is None:
        known = ", ".join(each.name for each in store.corrected_lists()) or "none yet"
        raise web.HTTPNotFound(text=f"no list {name}; there are: {known}")
    return found


async def _answer(ask: Callable[[], Any]) -> web.Response:
    try:
        body, status = await asyncio.to_thread(ask), 200
    except _Refused as error:
        body, status = {"error": str(error)}, 400
    except web.HTTPNotFound as error:
        body, status = {"error": error.text}, 404
    except StoreUnavailable as error:
        body, status = {"error": f"the store does not answer: {error}"}, 503
    return web.Response(body=_ENCODER.encode(body), status=status, content_type="application/json")
