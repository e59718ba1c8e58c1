"""The console, served in a thread for a browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from tests.unit.console.web.visitors import PASSWORD

START_S = 20.0


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port of 127.0.0.1; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up_at = time.monotonic() + START_S
    while not server.started:
        if time.monotonic() > give_up_at:
            raise TimeoutError("the console did not start")
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(START_S)


@contextmanager
def opened(chromium: Browser, address: str, timeout_ms: int = 10_000) -> Iterator[Page]:
    """Open a page on `address`; whatever its policy refused in the meantime fails the test."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.set_default_timeout(timeout_ms)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert refused == []


def log_in(page: Page, user: str = "ada") -> None:
    """Log in by the form, in either language."""
    page.goto("/login")
    page.locator("input[name=user]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button:not([name])").first.click()
    expect(page.locator("#queue")).to_be_visible()
