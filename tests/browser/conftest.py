"""Chromium (missing in CI is a failure, elsewhere a reason to skip) and a console for the tests of this folder."""

import os
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from models.alerts import Evidence, Explanation, FamilySummary, TargetSummary
from streams.store.sql import SqlStore
from tests.browser.install import ChromiumUnavailable, program
from tests.browser.serving import opened, served
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import PASSWORD


# not for the whole session: while it is open, a loop runs in this thread, and others could not run theirs
@pytest.fixture(scope="package")
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
    link = TargetSummary("url", "https://shop.example/" + "z" * 400, 3, 3, NOW_MS - 1_500, NOW_MS - 1_000)
    wide = {"accounts": ["x" * 128, "长" * 60, "a2"], "targets": [link], "links": [(0, 0, NOW_MS - 1_000)]}
    cases = [msgspec.structs.replace(case("c1"), **told), case("c2"), case("many", accounts=60)]
    SqlStore(app.state.engine).put([*cases, msgspec.structs.replace(case("long"), **wide)])
    add_user(app.state.engine, "ada", Role.ADMIN, PASSWORD, 1)
    with served(app) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page on the console of `address`, which a module may define for itself."""
    with opened(chromium, address) as found:
        yield found
