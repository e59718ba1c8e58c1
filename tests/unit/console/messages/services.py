"""Services on this machine that messages are sent to: they keep what comes, and answer as they are told."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from aiohttp import web
from aiosmtpd.controller import Controller

Answer = tuple[int, dict[str, str], Any]


class Got(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """An HTTP server. `answers` are used up one by one; then every request is answered with 200 and `usual`."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: list[Answer] = []
        self.usual: Callable[[Got], Any] = lambda _: {}
        self.hangs = False
        self.slow_s = 0.0
        self.asked = asyncio.Event()
        self.url = ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        got = Got(request.method, request.path_qs, headers, await request.read())
        self.got.append(got)
        self.asked.set()
        await asyncio.sleep(60 if self.hangs else self.slow_s)
        status, sent, body = self.answers.pop(0) if self.answers else (200, {}, self.usual(got))
        return web.json_response(body, status=status, headers=sent)

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return runner


def with_service(work: Callable[[Service], Coroutine[Any, Any, Any]]) -> Any:
    """Run `work` beside a service."""

    async def run() -> Any:
        service = Service()
        runner = await service.start()
        try:
            return await work(service)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


class Mails:
    """Keeps the mails that come."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.refuses = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.refuses:
            self.refuses -= 1
            return "451 try again later"
        self.got.append(envelope.content)
        return "250 taken"


class MailServer(Controller):  # type: ignore[misc]  # aiosmtpd has no types
    """An SMTP server on a free port of this machine."""

    def __init__(self, mails: Mails) -> None:
        super().__init__(mails, hostname="127.0.0.1", port=0)

    @property
    def address(self) -> int:
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """The port 0 of the constructor cannot be connected to: aiosmtpd's check asks the real one."""
        self.port = self.address
        super()._trigger_server()
