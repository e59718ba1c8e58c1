"""The page of messages in Chromium: axe finds nothing in either theme, and what was given up is tried again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from console.messages.collect import begin, collect
from console.messages.tables import message_outbox
from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.store.engine import writing
from streams.store.sql import SqlStore
from tests.browser.axe import violations
from tests.browser.serving import log_in, served
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import PASSWORD


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SHOAL_TEST_DISCORD", "http://127.0.0.1:9/api/webhooks/1/t")
    quiet = {"zone": "UTC", "from": "00:00", "until": "00:00"}  # always: nothing is sent
    common = {"kind": "discord", "url": {"env": "SHOAL_TEST_DISCORD"}, "private_allowed": True, "quiet": quiet}
    path = tmp_path / "messages.toml"
    path.write_text(tomli_w.dumps({"destinations": [{"name": name, **common} for name in ("team", "other")]}))
    app = create_app(ConsoleSettings(store_url=f"sqlite:///{tmp_path}/s.db", relay=False, messages=str(path)))
    engine = app.state.engine
    begin(engine)
    SqlStore(engine).put([case("c1")])
    collect(engine, app.state.messages.destinations, NOW_MS)
    with writing(engine) as connection:
        ended = {"state": "dead", "reason": "HTTP 500", "attempts": 10, "ended_at_ms": NOW_MS}
        connection.execute(update(message_outbox).where(message_outbox.c.destination == "team").values(**ended))
    add_user(engine, "ada", Role.ADMIN, PASSWORD, 1)
    with served(app) as found:
        yield found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_messages_are_seen_and_tried_again(chromium: Browser, address: str, theme: str) -> None:
    context = chromium.new_context(base_url=address)
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    log_in(page)
    page.goto("/messages")
    assert violations(page) == []
    expect(page.get_by_text("HTTP 500")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing was given up.")).to_be_visible()
    context.close()
