"""The page and the commands: what waits, what was given up and why; and a console that nobody outside holds up."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from fastapi import FastAPI
from fastapi.testclient import TestClient
from msgspec.structs import replace
from sqlalchemy import Engine, update
from typer.testing import CliRunner, Result

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.messages import outbox, put, state
from console.messages.collect import begin, collect
from console.messages.figures import figures
from console.messages.running import Messages
from console.messages.tables import message_outbox
from console.security import retention
from console.security.roles import Role
from console.settings import ConsoleSettings
from console.web.app import create_app
from streams.cli.app import app as cli
from streams.cli.errors import UserError
from streams.store.engine import writing
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case
from tests.unit.console.messages.services import Service, with_service
from tests.unit.console.messages.world import SECRET, World
from tests.unit.console.web.conftest import app, clock, password_hash, visit  # noqa: F401  # fixtures
from tests.unit.console.web.visitors import Visit

CLOSED = "http://127.0.0.1:9/api/webhooks/1/secret-token"
DAILY = (
    "daily: discord, from low, opened and decided, in en, a digest each day, "
    "quiet from 22:00 to 07:00 in Asia/Shanghai, critical at once"
)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOAL_TEST_DISCORD", CLOSED)
    entry = {"name": "team", "kind": "discord", "url": {"env": "SHOAL_TEST_DISCORD"}, "private_allowed": True}
    quiet = {"zone": "Asia/Shanghai", "from": "22:00", "until": "07:00"}
    digest = {"every": "day", "at": "09:00", "zone": "Asia/Shanghai"}
    daily = {**entry, "name": "daily", "severity_min": "low", "quiet": quiet, "digest": digest, "urgent": "critical"}
    path = tmp_path / "messages.toml"
    path.write_text(tomli_w.dumps({"destinations": [entry, daily]}), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path, file: Path) -> ConsoleSettings:
    return ConsoleSettings(store_url=f"sqlite:///{tmp_path}/s.db", relay=False, messages=str(file))


def dead(engine: Engine, destinations: Any) -> str:
    """Let a case come, and give its messages up."""
    begin(engine)
    SqlStore(engine).put([replace(case("new"), headline=HOSTILE)])
    collect(engine, destinations, NOW_MS)
    with writing(engine) as connection:
        ended = {"state": "dead", "reason": "HTTP 500", "attempts": 10, "ended_at_ms": NOW_MS}
        connection.execute(update(message_outbox).values(**ended))
        return str(connection.execute(message_outbox.select()).scalars().first())


def test_the_page_says_what_was_given_up_and_lets_it_be_tried_again(app: FastAPI, visit: Visit) -> None:  # noqa: F811  # the fixture
    engine, messages = app.state.engine, app.state.messages
    dead(engine, messages.destinations)
    admin = visit(Role.ADMIN)
    page = admin.get("/messages").text
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page
    assert "HTTP 500" in page
    assert "secret-token" not in page
    assert "SHOAL_CONSOLE_PUBLIC_URL" in page
    assert 'href="/cases/new"' in page
    assert "quiet 22:00 to 07:00" in page
    assert admin.fill("/messages/again", destination="team").status_code == 303
    waiting = {name: each.waiting for name, each in state.states(engine).items()}
    assert waiting == {"team": 1, "daily": 0}
    assert admin.fill("/messages/again").status_code == 422
    page = admin.get("/messages", headers={"accept-language": "zh"}).text
    assert "等待中" in page


def test_a_lead_sees_and_an_admin_acts(app: FastAPI, visit: Visit) -> None:  # noqa: F811  # the fixture
    dead(app.state.engine, app.state.messages.destinations)
    assert "/messages/again" not in visit(Role.LEAD).get("/messages").text
    assert 'href="/messages"' not in visit(Role.MODERATOR).get("/").text


def test_a_test_message_goes_into_the_outbox(app: FastAPI, visit: Visit) -> None:  # noqa: F811  # the fixture
    admin = visit(Role.ADMIN)
    assert admin.fill("/messages/test", destination="team").status_code == 303
    assert admin.fill("/messages/test", destination="nobody").status_code == 404
    assert state.states(app.state.engine)["team"].waiting == 1
    assert "test" in admin.get("/messages").text


def test_what_is_switched_off_is_switched_on_again(app: FastAPI, visit: Visit) -> None:  # noqa: F811  # the fixture
    engine, destination = app.state.engine, app.state.messages.destinations[0]
    with writing(engine) as connection:
        state.note(connection, destination, off_since_ms=NOW_MS, off_reason="HTTP 410")
    admin = visit(Role.ADMIN)
    assert "switched off" in admin.get("/messages").text
    admin.fill("/messages/on", destination="team")
    assert "switched off" not in admin.get("/messages").text


def test_a_wrong_file_stops_the_console_at_its_start(tmp_path: Path) -> None:
    settings = ConsoleSettings(store_url=f"sqlite:///{tmp_path}/s.db", relay=False, messages=str(tmp_path / "none"))
    with pytest.raises(Exception, match="cannot be read"):
        create_app(settings)
    assert not (tmp_path / "s.db").exists()


def test_a_destination_that_hangs_holds_up_no_page_and_no_decision(
    file: Path, settings: ConsoleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console as it runs, with its tasks; the service takes every message and never answers."""
    started, stop = threading.Event(), threading.Event()
    service = Service()
    service.hangs = True

    def serve() -> None:
        async def live() -> None:
            runner = await service.start()
            started.set()
            await asyncio.to_thread(stop.wait)
            await runner.cleanup()

        asyncio.run(live())

    thread = threading.Thread(target=serve)
    thread.start()
    started.wait(10)
    monkeypatch.setenv("SHOAL_TEST_DISCORD", f"{service.url}/api/webhooks/1/token")
    made = create_app(settings)
    with TestClient(made, base_url="http://127.0.0.1") as client:
        engine = made.state.engine
        deadline = time.monotonic() + 30
        while not service.got and time.monotonic() < deadline:
            SqlStore(engine).put([case(f"c{int(time.monotonic() * 1000)}")])
            time.sleep(0.2)
        assert service.got
        SqlStore(engine).put([case("c1")])
        began = time.monotonic()
        assert client.get("/login").status_code == 200
        decide(engine, Order("c1", Action.CONFIRM, "ann", 1, 0), NOW_MS)
        took_s = time.monotonic() - began
    stop.set()
    thread.join(20)
    assert took_s < 5  # the service is waited for 15 s


def test_counts_are_by_kind(app: FastAPI) -> None:  # noqa: F811  # the fixture
    engine, messages = app.state.engine, app.state.messages
    assert figures(engine).oldest_waiting_ms is None
    begin(engine)
    SqlStore(engine).put([case("new")])
    collect(engine, messages.destinations, NOW_MS)
    found = figures(engine)
    assert found.waiting == {"discord": 2}
    assert found.oldest_waiting_ms == NOW_MS


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["messages", *words])


def test_commands_check_and_list_and_retry(tmp_path: Path, file: Path) -> None:
    assert run("check", "--file", str(file)).output.splitlines() == [
        "team: discord, from high, opened and decided, in en",
        DAILY,
    ]
    url = f"sqlite:///{tmp_path}/cli.db"
    made = create_app(ConsoleSettings(store_url=url, relay=False))
    dead(made.state.engine, Messages(str(file), None).destinations)
    made.state.engine.dispose()
    listed = run("list", "--store", url).output
    assert listed.count("given up") == 2
    assert "HTTP 500" in listed
    assert "1 messages wait again" in run("retry", "team", "--store", url).output
    assert "1 messages wait again" in run("retry", "--store", url).output
    assert "waits" in run("list", "--store", url).output


def test_the_command_tries_one_destination(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = run("test", "team", "--file", str(file))
    assert (failed.exit_code, "no connection" in failed.output) == (3, True)
    assert "secret-token" not in failed.output
    assert isinstance(run("test", "nobody", "--file", str(file)).exception, UserError)

    async def live(service: Service) -> None:
        monkeypatch.setenv("SHOAL_TEST_DISCORD", f"{service.url}/api/webhooks/1/token")
        done = await asyncio.to_thread(run, "test", "team", "--file", str(file))
        assert (done.exit_code, done.output) == (0, "team took the message\n")
        assert "Shoal: a test" in service.got[0].json()["content"]

    with_service(live)


def test_which_file_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOAL_CONSOLE_MESSAGES", raising=False)
    assert isinstance(run("check").exception, UserError)


def test_a_fresh_secret_is_one() -> None:
    from console.messages.signature import key_of

    made = run("secret").output.strip()
    assert len(key_of(made)) == 32
    assert made != run("secret").output.strip() != SECRET


def test_what_waits_too_long_is_given_up_and_forgotten_later(world: World) -> None:
    world.destinations(world.discord("http://127.0.0.1:9"))
    world.come(case("c1"))
    world.look()
    assert outbox.expire(world.engine, world.clock() + outbox.KEPT_MS) == 0
    later = world.clock() + outbox.KEPT_MS + 1
    assert outbox.expire(world.engine, later) == 1
    assert world.rows("state", "reason") == [("dead", "waited for 30 days")]
    assert outbox.prune(world.engine, later) == 0
    assert outbox.prune(world.engine, later + 1) == 1
    assert world.rows("id") == []


def test_retention_forgets_messages_that_wait_too(world: World) -> None:
    world.destinations(world.discord("http://127.0.0.1:9"))
    world.come(case("c1"))
    world.look()
    retention.apply(world.engine, 1, world.clock() + DAY_MS)
    assert len(world.rows("id")) == 1
    retention.apply(world.engine, 1, world.clock() + DAY_MS + 1)
    assert world.rows("id") == []


def test_more_than_may_wait_is_dead_and_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(put, "WAITING_MAX", 2)
    world.destinations(world.discord("http://127.0.0.1:9"))
    world.come(*(case(f"c{number}") for number in range(3)))
    world.look()
    assert sorted(world.rows("state", "reason")) == [("dead", put.FULL), ("waiting", ""), ("waiting", "")]
