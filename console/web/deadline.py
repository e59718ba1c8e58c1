"""A limit on how long an answer may take to begin."""

import asyncio
from contextlib import suppress

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.web.errors import error_page

log = structlog.get_logger()


class Deadline:
    """ASGI middleware: 503 for a request whose answer has not begun after `timeout_ms`.

    What has begun may take longer: a file on a slow line is no fault. What runs in a thread cannot be stopped; it goes
    on unheard, so the page says to look before doing it again.
    """

    def __init__(self, app: ASGIApp, timeout_ms: int) -> None:
        self._app = app
        self._timeout_s = timeout_ms / 1000
        self._left_behind: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and wait for the beginning of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, given_up = asyncio.Event(), False

        async def sender(message: Message) -> None:
            if given_up:
                return
            begun.set()
            await send(message)

        answering = asyncio.ensure_future(self._answer(scope, receive, sender))
        waiting = asyncio.ensure_future(begun.wait())
        try:
            done, _ = await asyncio.wait(
                {answering, waiting}, timeout=self._timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
            if done:
                await answering
                return
            given_up = True
            self._leave(answering, scope)
            await error_page(Request(scope), 503, late=True)(scope, receive, send)
        finally:
            waiting.cancel()
            if not given_up:
                answering.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _leave(self, task: asyncio.Task[None], scope: Scope) -> None:
        # the route as it is declared: an address may hold what is nobody's business
        log.warning("request_took_too_long", method=scope["method"], route=getattr(scope.get("route"), "path", ""))
        self._left_behind.add(task)
        task.add_done_callback(self._forget)
        task.cancel()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._left_behind.discard(task)
        with suppress(asyncio.CancelledError):
            task.exception()
