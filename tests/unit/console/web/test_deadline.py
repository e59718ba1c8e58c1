"""Answers that do not begin in time."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from console.settings import ConsoleSettings
from console.web.app import create_app
from tests.unit.console.web.visitors import ORIGIN, Clock


@pytest.fixture
def browser(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[TestClient]:
    limit_ms = getattr(request, "param", 1_500)
    app = create_app(
        ConsoleSettings(store_url=f"sqlite:///{tmp_path}/d.db", relay=False, request_timeout_ms=limit_ms), clock
    )
    add_slow_routes(app)
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as opened:
        yield opened
    app.state.engine.dispose()


def add_slow_routes(app: FastAPI) -> None:
    released = app.state.released = threading.Event()
    app.state.finished = threading.Event()

    @app.get("/hangs")
    @app.get("/api/v1/hangs")
    def hangs() -> Response:
        released.wait(10)
        app.state.finished.set()
        return PlainTextResponse("late")

    @app.get("/sleeps")
    async def sleeps() -> Response:
        await asyncio.sleep(10)
        return PlainTextResponse("late")

    @app.get("/flows")
    def flows() -> Response:
        def pieces() -> Iterator[str]:
            for _ in range(5):
                yield "piece "
                time.sleep(0.5)

        return StreamingResponse(pieces(), media_type="text/plain")

    @app.get("/fails")
    async def fails() -> Response:
        raise ZeroDivisionError


@pytest.mark.parametrize("path", ["/hangs", "/sleeps"])
def test_what_hangs_gets_a_page(browser: TestClient, path: str) -> None:
    began = time.monotonic()
    answer = browser.get(path)
    assert answer.status_code == 503
    assert time.monotonic() - began < 6
    assert "look before you do it once more" in answer.text
    assert "Nothing was written" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    browser.app.state.released.set()


def test_what_runs_on_is_heard_by_nobody_and_harms_nobody(browser: TestClient) -> None:
    assert browser.get("/hangs").status_code == 503
    browser.app.state.released.set()
    assert browser.app.state.finished.wait(5)
    assert browser.get("/login").status_code == 200


def test_programs_are_told_too(browser: TestClient) -> None:
    answer = browser.get("/api/v1/hangs")
    browser.app.state.released.set()
    assert answer.status_code == 503
    assert "look before you send it again" in answer.json()["detail"]


def test_what_has_begun_may_take_its_time(browser: TestClient) -> None:
    answer = browser.get("/flows")
    assert answer.status_code == 200
    assert answer.text.count("piece") == 5


@pytest.mark.parametrize("browser", [60_000], indirect=True)  # so that a busy machine answers before it
def test_a_fault_stays_a_fault(browser: TestClient) -> None:
    answer = browser.get("/fails")
    assert answer.status_code == 500
    assert "Shoal made a mistake" in answer.text


def test_it_is_counted(browser: TestClient) -> None:
    browser.get("/sleeps")
    assert 'shoal_console_answers_total{status="503"} 1.0' in browser.get("/metrics").text
