"""A moderator at work in Chromium: log in, decide, take it back; and every page held to axe-core."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from models.alerts import Evidence, Explanation, FamilySummary
from streams.store.sql import SqlStore
from tests.browser.serving import log_in, served
from tests.unit.console.decisions.cases import case
from tests.unit.console.web.visitors import PASSWORD

AXE = Path(__file__).parent / "axe.min.js"
PAGES = (
    "/", "/cases/c1", "/trends", "/operators", "/learn", "/allow", "/shadow", "/users", "/appeals",
    "/reports/transparency", "/nothing",
)  # fmt: skip
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
    with served(app) as found:
        yield found


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
    page.get_by_text("ada · admin").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_graph_is_drawn_when_it_is_opened(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c1")
    expect(page.locator("#graph svg")).to_have_count(0)
    page.get_by_text("Account graph").click()
    expect(page.locator("#graph svg")).to_be_visible()


def test_menus_close_by_escape_and_by_a_click_elsewhere(page: Page) -> None:
    log_in(page)
    opener, inside = page.get_by_text("Administration"), page.get_by_role("link", name="Users")
    opener.click()
    expect(inside).to_be_visible()
    page.keyboard.press("Escape")
    expect(inside).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_text("ada · admin").click()
    expect(inside).to_be_hidden()
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    page.get_by_role("heading", name="Queue").click()
    expect(page.get_by_role("link", name="Your account")).to_be_hidden()


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
