"""A moderator at work in Chromium: log in, decide, take it back; and every page held to axe-core."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.serving import log_in

PAGES = (
    "/", "/cases/c1", "/trends", "/operators", "/learn", "/allow", "/shadow", "/users", "/appeals",
    "/reports/transparency", "/messages", "/exports", "/tokens", "/account", "/nothing",
)  # fmt: skip


def test_from_log_in_to_undo(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c2")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/?status=confirmed")
    expect(page.locator('a[href="/cases/c2"]')).to_be_visible()
    page.goto("/cases/c2")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("taken back", exact=True)).to_be_visible()
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
    found = {}
    page.goto("/login")
    found["/login"] = violations(page)
    log_in(page)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/nothing" else 200), path
        found[path] = violations(page)
    assert {path: broken for path, broken in found.items() if broken} == {}
