"""Server time of every page of the console, on a store of 1,000 campaigns of 5,000 accounts.

Walks over the GET routes that the console has: each is timed with examples out of the store, or is told as left out
with the reason. Requests go through the whole application, in one process and one after another; no socket
is between. CPU time is steadier than the clock where others use the machine.
"""

import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Engine, select

from console.appeals.tables import appeals
from console.decisions import queue
from console.exports.cases import CasesFormat
from console.security import sessions
from console.settings import ConsoleSettings
from console.web.app import create_app
from console.web.routers import ROUTERS
from evaluation.benchmarks.console_filling import ADMIN, NOW_MS, SHADOW, fill_rest
from evaluation.benchmarks.console_store import fill
from models.example_answers import CORRECTED_LIST
from streams.exports.formats import CaseFormat
from streams.store.engine import reading
from streams.store.tables import alerts, trend_verdicts

BUDGET_MS: Final = 200.0
ROUNDS: Final = 30
FILE_ROUNDS: Final = 5
OK: Final = 200
EXAMPLES_MAX: Final = 200
LEFT_OUT: Final = {
    "/login/provider": "goes to a provider, and there is none",
    "/login/callback": "comes from a provider",
    "/login": "who is logged in is sent on",
}
"""Routes that are not timed, and why."""
ALL: Final = "status=any&outcome=any&joined=true"
VARIANTS: Final = {
    "/": [ALL, f"{ALL}&text=accounts+url", "status=open&severity=critical", f"{ALL}&after={{after}}"],
    "/cases/{campaign}": ["page=100", "find=u-0"],
    "/cases/{campaign}/export": [f"format={form}" for form in CaseFormat],
    "/export": [f"format={form}&{ALL}" for form in CasesFormat if form is not CasesFormat.ALERTS]
    + ["format=alerts.jsonl&severity=critical"],
    "/learn": ["days=3660"],
}
"""Queries that a page is timed with besides the one without."""


class Timed(NamedTuple):
    """One row: a route with a query."""

    path: str
    kind: str
    """`page`, `api` or `file`; the budget is for pages."""
    median_ms: float
    p95_ms: float
    cpu_ms: float
    """Median of the CPU time of the process."""
    kilobytes: int
    status: int


def run(
    campaigns: int = 1_000, accounts: int = 5_000, seed: int = 7, rounds: int = ROUNDS, url: str = ""
) -> dict[str, Any]:
    """Fill a store (a temporary SQLite, or `url`) and time every page `rounds` times."""
    with tempfile.TemporaryDirectory() as folder:
        store = url or f"sqlite:///{folder}/console.db"
        fill(store, campaigns, accounts, seed)
        settings = ConsoleSettings(store_url=store, relay=False, requests_per_minute=100_000)
        app = create_app(settings, lambda: NOW_MS)
        engine = app.state.engine
        fill_rest(engine, accounts, seed)
        with asyncio.Runner() as runner:
            client = _Client(app, runner, sessions.begin(engine, ADMIN, NOW_MS))
            rows, left_out = _walk(client, _Examples(engine), rounds)
        engine.dispose()
    over = [row.path for row in rows if row.kind == "page" and row.median_ms > BUDGET_MS]
    return {
        "campaigns": campaigns,
        "accounts of each": accounts,
        "rounds": rounds,
        "pages over 200 ms at the median": over,
        "failed": [row.path for row in rows if row.status != OK],
        "timed": [row._asdict() for row in rows],
        "left out": left_out,
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table, slowest median first in each kind."""
    rows = sorted(figures["timed"], key=lambda row: (("page", "api", "file").index(row["kind"]), -row["median_ms"]))
    lines = ["| route | kind | median ms | p95 ms | CPU ms | kB |", "|---|---|---|---|---|---|"]
    lines += [
        f"| `{row['path']}` | {row['kind']} | {row['median_ms']:.0f} | {row['p95_ms']:.0f} | {row['cpu_ms']:.0f} | "
        f"{row['kilobytes']:,} |"
        for row in rows
    ]
    lines += ["", *(f"Left out: `{path}`: {why}." for path, why in figures["left out"].items())]
    return "\n".join(lines)


class _Client:
    """A browser that is logged in, without a network: asks the application itself."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner, session: str) -> None:
        self._app = app
        self._runner = runner
        self._headers = [(b"host", b"127.0.0.1"), (b"cookie", f"shoal={session}".encode())]

    def get(self, address: str) -> tuple[int, int]:
        """Return status and bytes of the answer, once all of it is there."""
        return self._runner.run(self._get(address))

    async def _get(self, address: str) -> tuple[int, int]:
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": self._headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        status = size = 0
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()  # the browser stays until it has everything
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))

        await self._app(scope, receive, send)
        return status, size


class _Examples:
    """Names out of the store, for the parameters of paths."""

    def __init__(self, engine: Engine) -> None:
        operators = select(alerts.c.operator).where(alerts.c.operator.is_not(None)).distinct()
        self._of = {
            "campaign": _names(engine, select(alerts.c.campaign)),
            "appeal_id": _names(engine, select(appeals.c.appeal_id)),
            "operators/{name}": _names(engine, operators),
            "shadow/{name}": [SHADOW],
            "lists/{name:path}": [CORRECTED_LIST.name],
            "key:path": _names(engine, select(trend_verdicts.c.key)),
        }
        self.after = queue.page(engine, queue.Filters(), NOW_MS, limit=150).next or ""

    def paths(self, path: str) -> Sequence[str]:
        """Return `path` with each example in the place of its parameter; none where the store has none."""
        parameter = re.search(r"\{[^}]+\}", path)
        if parameter is None:
            return [path]
        name = parameter.group()
        known = next((found for key, found in self._of.items() if path.endswith(key) or name == f"{{{key}}}"), [])
        return [path.replace(name, example) for example in known]


def _names(engine: Engine, query: Any) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(query.limit(EXAMPLES_MAX)).scalars())


def _walk(client: "_Client", examples: _Examples, rounds: int) -> tuple[list[Timed], dict[str, str]]:
    timed: list[Timed] = []
    left_out = {}
    for route in _routes():
        found = examples.paths(route.path)
        if route.path in LEFT_OUT or not found:
            left_out[route.path] = LEFT_OUT.get(route.path, "the store has no example")
            continue
        for query in ["", *VARIANTS.get(route.path, [])]:
            asked = query.format(after=examples.after)
            timed.append(_time(client, route.path, query, [f"{path}?{asked}" for path in found], rounds))
    return timed, left_out


def _routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                yield route


def _time(client: "_Client", path: str, query: str, addresses: list[str], rounds: int) -> Timed:
    is_file = path.endswith(("/export", "/labels", ".csv", ".jsonl", ".pdf"))
    spent_ms, cpu_ms = [], []
    status, size = client.get(addresses[0])  # templates are read, compiled and kept at the first time
    for at in range(FILE_ROUNDS if is_file else rounds):
        began_s, cpu_s = time.perf_counter(), time.process_time()
        status, size = client.get(addresses[at % len(addresses)])
        spent_ms.append((time.perf_counter() - began_s) * 1_000)
        cpu_ms.append((time.process_time() - cpu_s) * 1_000)
    kind = "file" if is_file else "api" if path.startswith("/api/") else "page"
    return Timed(
        f"{path}?{query}" if query else path,
        kind,
        round(statistics.median(spent_ms), 1),
        round(sorted(spent_ms)[max(0, -(-95 * len(spent_ms) // 100) - 1)], 1),
        round(statistics.median(cpu_ms), 1),
        size // 1_000,
        status,
    )
