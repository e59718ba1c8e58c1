"""Pages for machines, on 127.0.0.1 unless told otherwise: metrics, alive, ready, trends.

Faust's own site stays off: it shows tables and the router to whoever asks.
"""

from collections.abc import Sequence

import structlog
from aiohttp import web
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST

from streams.health import Health
from streams.metrics import Metrics
from streams.store.protocol import AlertStore
from streams.trend_pages import add_routes

log = structlog.get_logger()


class Site(Service):  # type: ignore[misc]  # mode is untyped
    """Serves until the worker stops."""

    def __init__(self, host: str, port: int, metrics: Metrics, health: Health, store: AlertStore) -> None:
        super().__init__()
        self._host = host
        self._port = port
        self._metrics = metrics
        self._health = health
        self._store = store

    async def on_start(self) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        application = web.Application()
        application.router.add_get("/metrics", self._serve_metrics)
        application.router.add_get("/-/healthy", self._serve_healthy)
        application.router.add_get("/-/ready", self._serve_ready)
        add_routes(application, self._store)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        log.info("web site listens", addresses=[f"{a[0]}:{a[1]}" for a in self._runner.addresses])

    async def on_stop(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    async def _serve_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _serve_healthy(self, _request: web.Request) -> web.Response:
        return _answer(self._health.why_dead())

    async def _serve_ready(self, _request: web.Request) -> web.Response:
        return _answer(self._health.why_not_ready())


def _answer(reasons: Sequence[str]) -> web.Response:
    body = {"ok": not reasons, "reasons": list(reasons)}
    return web.json_response(body, status=503 if reasons else 200)
