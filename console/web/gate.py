"""What every request passes first, and every answer last: hosts, rates, sizes, headers."""

import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.security.limits import RateLimit
from console.settings import ConsoleSettings
from console.web.errors import error_page

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # not no-referrer: under it browsers send "Origin: null" with forms, and the origin could not be checked
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
PROBES = ("/-/healthy", "/-/ready")
_PORT = re.compile(r":\d+$")


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, settings: ConsoleSettings) -> None:
        self._app = app
        self._settings = settings
        self._rate = RateLimit(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by itself what may not pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sender = self._with_headers(scope, send)
        status = self._refusal(scope, headers)
        if status is not None:
            await error_page(Request(scope), status)(scope, receive, sender)
            return
        await self._app(scope, self._bounded(receive), sender)

    def _refusal(self, scope: Scope, headers: Headers) -> int | None:
        # who probes names an address, which changes; that it lives is no secret
        if scope["path"] not in PROBES and _PORT.sub("", headers.get("host", "")) not in self._settings.hosts_allowed:
            return 400
        address = scope["client"][0] if scope.get("client") else ""
        if not scope["path"].startswith("/static/") and not self._rate.allows(address, scope["app"].state.clock()):
            return 429
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return 400
        return 413 if int(length) > self._settings.body_bytes_max else None

    def _bounded(self, receive: Receive) -> Receive:
        """Count what really comes: bodies in pieces say no length beforehand."""
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self._settings.body_bytes_max:
                raise HTTPException(413)
            return message

        return counted

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        began = time.perf_counter()

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                scope["app"].state.metrics.answered(message["status"], time.perf_counter() - began)
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "max-age=3600" if scope["path"].startswith("/static/") else "no-store"
                if self._settings.https:
                    headers["strict-transport-security"] = HSTS
            await send(message)

        return sender
