"""Log-in with a provider in Chromium: the way there and back, under the policy that pages are held to."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.store.sql import SqlStore
from tests.browser.axe import violations
from tests.browser.serving import opened, served
from tests.unit.console.decisions.cases import case
from tests.unit.console.sign_on.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.unit.console.web.visitors import PASSWORD


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(lambda: time.time_ns() // 1_000_000) as found:
        found.claims["groups"] = ["mods"]
        # another site than the console's 127.0.0.1, as in life: cookies have to come along all the same
        found.issuer = found.issuer.replace("127.0.0.1", "localhost")
        yield found


@pytest.fixture
def page(chromium: Browser, provider: Provider, tmp_path: Path) -> Iterator[Page]:
    settings = ConsoleSettings(
        store_url=f"sqlite:///{tmp_path}/s.db",
        relay=False,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Keys & Co",
        oidc_roles={"mods": Role.MODERATOR},
    )
    app = create_app(settings)
    SqlStore(app.state.engine).put([case("c1")])
    add_user(app.state.engine, "ada", Role.ADMIN, PASSWORD, 1)
    with served(app) as address, opened(chromium, address, timeout_ms=20_000) as found:
        yield found


def come_in(page: Page) -> None:
    page.get_by_role("link", name="Log in with Keys & Co").click()
    page.get_by_role("link", name="Yes, it is me").click()


def test_there_and_back_and_out(page: Page, provider: Provider) -> None:
    page.goto("/cases/c1")
    assert violations(page) == []
    come_in(page)
    expect(page).to_have_url("/cases/c1")
    assert "shoal-sign-on" not in {cookie["name"] for cookie in page.context.cookies()}

    page.goto("/account")
    expect(page.get_by_text("You log in with Keys & Co")).to_be_visible()
    expect(page.get_by_text("ann · moderator")).to_be_visible()
    assert violations(page) == []

    out = page.locator('form[action="/logout"] button').first
    out.evaluate("button => button.closest('details') && (button.closest('details').open = true)")
    out.click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Log out at Keys & Co").click()
    expect(page.get_by_role("heading", name="Log in", exact=True)).to_be_visible()
    assert "/end" in provider.asked


def test_a_provider_that_is_away_is_said_and_the_password_works(page: Page, provider: Provider) -> None:
    provider.down = True
    page.goto("/cases/c1")
    page.get_by_role("link", name="Log in with Keys & Co").click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    assert violations(page) == []
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url("/cases/c1")
