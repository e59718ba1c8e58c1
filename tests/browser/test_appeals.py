"""An appeal in Chromium, from the list to the answer; every page of it and the report held to axe-core."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from console.appeals.entries import Filing
from console.appeals.filing import file_appeal
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from models.alerts import FamilySummary
from streams.store.sql import SqlStore
from tests.browser.axe import violations
from tests.browser.serving import log_in, served
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import PASSWORD

WIDE = "document.documentElement.scrollWidth > window.innerWidth"
STATEMENT = "I am a nurse. <b>I post</b> after my shift. " * 20 + "长" * 300


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    app = create_app(
        ConsoleSettings(store_url=f"sqlite:///{tmp_path}/s.db", relay=False, requests_per_minute=10_000),
        lambda: NOW_MS + 3_600_000,
    )
    engine = app.state.engine
    for number in range(8):
        families = [FamilySummary("f", 1_000, 0.9, ("three days", "four days"))]
        SqlStore(engine).put([replace(case(f"c{number}", accounts=30), families=families)])
        decide(engine, Order(f"c{number}", Action.CONFIRM, "bob", 1, 0), NOW_MS + number)
    for number in range(2):
        file_appeal(engine, Filing(f"r{number}", f"a{number}", NOW_MS, "c1", STATEMENT), "platform", NOW_MS + 100)
    for name in ("ada", "bob"):
        add_user(engine, name, Role.ADMIN, PASSWORD, 1)
    with served(app) as found:
        yield found


def test_from_the_list_to_the_answer(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="Appeals").click()
    page.locator("main table a").first.click()
    expect(page.get_by_role("heading", name="2 appeals wait for an answer")).to_be_visible()
    page.get_by_role("link", name="find it among the accounts").first.click()
    page.get_by_label("Leave out a0", exact=True).check()
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.get_by_text("2 answered appeals").click()
    expect(page.get_by_text("overturned")).to_be_visible()
    expect(page.get_by_text("upheld")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 appeals wait for an answer")).to_be_visible()


def test_who_decided_before_is_told_and_refused(page: Page) -> None:
    log_in(page, "bob")
    page.goto("/cases/c1")
    expect(page.get_by_text("somebody else must answer")).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("somebody else must decide now")


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
def test_axe_finds_nothing_and_every_page_fits(page: Page, address: str, theme: str, language: str) -> None:
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in (("theme", theme), ("language", language))]
    )
    log_in(page)
    for path in ("/appeals", "/appeals?status=any", "/cases/c1", "/reports/transparency", "/?appealed=true"):
        for width in (1280, 760):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            assert not page.evaluate(WIDE), (path, width)
        assert violations(page) == [], path
