"""Every page is reached by links, answers, and fits its window; no link leads nowhere."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from models.alerts import AccountFacts, Alert, FamilySummary, TargetSummary
from models.example_answers import ANSWERS
from models.trends import TrendVerdict
from streams.store.shadow import ShadowStore
from streams.store.sql import SqlStore
from tests.browser.crawl import crawl, patterns
from tests.browser.serving import log_in, served
from tests.unit.console.decisions.cases import case
from tests.unit.console.web.visitors import PASSWORD

LONG = "账号" * 60
BYTES_MAX = 300_000
"""Of one page with its scripts, styles and pictures, nothing of it cached."""
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def large() -> Alert:
    """The largest case that an alert can tell of."""
    words = "三天 一次 充电 phone lasts three days on one charge and is cheap " * 8
    made = case("large", accounts=5_000)
    targets = [TargetSummary("like", f"post-{at}", 5_000, 5_200, 0, 9_000_000, f"u-{at}") for at in range(200)]
    return replace(
        made,
        targets=targets,
        targets_total=len(targets),
        links=[(at % 5_000, at % 200, made.first_action_ms + at * 60) for at in range(2_000)],
        families=[FamilySummary(f"f{at}", 900, 0.9, tuple(words + str(copy) for copy in range(3))) for at in range(20)],
        facts=[AccountFacts(1_700_000_000_000 + at, at, client=0, device=1 + at % 40) for at in range(5_000)],
        shared=["app", *(f"phone-{at}" for at in range(40))],
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('pages')}/s.db"
    app = create_app(ConsoleSettings(store_url=url, relay=False, requests_per_minute=10_000))
    full = replace(
        case("c1", accounts=30, headline=f"30 accounts acted on {LONG}"),
        operator="c1",
        facts=[AccountFacts(1_700_000_000_000, 3, client=0)] * 30,
        shared=[LONG],
        families=[FamilySummary("f", 3, 0.9, (LONG, LONG + "!"))],
    )
    store = SqlStore(app.state.engine)
    store.put([full, replace(case("c2"), operator="c1"), large()])
    store.put_trends([each for each in ANSWERS["TrendVerdict"] if isinstance(each, TrendVerdict)], [])
    ShadowStore(app.state.engine, "strict").put([full])
    add_user(app.state.engine, "ada", Role.ADMIN, PASSWORD, 1)
    with served(app) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_links_reach_every_page_and_each_fits_a_laptop(chromium: Browser, address: str, language: str) -> None:
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page: Page = context.new_page()
    log_in(page)
    seen, wide = {"/login"}, []

    def look(pattern: str) -> None:
        seen.add(pattern)
        if page.evaluate(WIDE):
            wide.append(pattern)

    answers = dict(crawl(page, look))
    context.close()
    assert {path: status for path, status in answers.items() if status != 200} == {}
    assert wide == []
    assert [pattern for pattern in patterns() if pattern not in seen] == []


def test_the_largest_case_is_a_light_page(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    log_in(page)
    fresh = context.new_page()
    sizes: list[int] = []
    fresh.on("response", lambda response: sizes.append(len(response.body())))
    fresh.goto("/cases/large")
    fresh.get_by_text("Account graph").click()
    expect(fresh.locator("#graph svg")).to_be_visible()
    context.close()
    assert len(sizes) >= 4
    assert sum(sizes) < BYTES_MAX
