"""A moderator at work in Chromium: log in, decide, take it back; and every page held to axe-core."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from models.alerts import Evidence, Explanation, FamilySummary
from streams.store.sql import SqlStore
from tests.browser.install import ChromiumUnavailable, program
from tests.unit.console.decisions.cases import case
from tests.unit.console.web.visitors import PASSWORD

AXE = Path(__file__).parent / "axe.min.js"
START_S = 20.0
PAGES = ("/", "/cases/c1", "/trends", "/operators", "/learn", "/allow", "/shadow", "/users", "/nothing")
RUN = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)])"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('console')}/s.db"
    app = create_app(ConsoleSettings(store_url=url, relay=False, requests_per_minute=10_000))
    told = {
        "families": [FamilySummary("f", 3, 0.9, ("three days on one charge", "four days on one charge"))],
        "synchrony": [Evidence("overlap", 0.9, "They met again and again.")],
        "inauthenticity": [Evidence("batch", 0.8, "3 of 3 were registered on one day.", points=2.0, counted=2.0)],
        "explanations": [Explanation("fans", False, "Fans act otherwise.")],
    }
    SqlStore(app.state.engine).put([msgspec.structs.replace(case("c1"), **told), case("c2"), case("many", accounts=60)])
    add_user(app.state.engine, "ada", Role.ADMIN, PASSWORD, 1)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up_at = time.monotonic() + START_S
    while not server.started:
        assert time.monotonic() < give_up_at, "the console did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(START_S)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    try:
        path = program()
    except ChromiumUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        # root of a container has no sandbox
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address)
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    yield opened
    context.close()
    assert refused == []


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_from_log_in_to_undo(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c2")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/?status=confirmed")
    expect(page.locator('a[href="/cases/c2"]')).to_be_visible()
    page.goto("/cases/c2")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("taken back")).to_be_visible()
    page.goto("/")
    expect(page.locator('a[href="/cases/c2"]')).to_be_visible()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_graph_is_drawn_when_it_is_opened(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c1")
    expect(page.locator("#graph svg")).to_have_count(0)
    page.get_by_text("Account graph").click()
    expect(page.locator("#graph svg")).to_be_visible()


def test_language_and_theme_are_kept(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator('html[lang="zh"][data-theme="dark"]')).to_be_attached()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, address: str, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    axe = AXE.read_text(encoding="utf-8")
    found = {}
    page.goto("/login")
    page.evaluate(axe)
    found["/login"] = page.evaluate(RUN)
    log_in(page)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/nothing" else 200), path
        page.evaluate(axe)
        found[path] = page.evaluate(RUN)
    assert {path: violations for path, violations in found.items() if violations} == {}
