"""What `shoal doctor` says of the console, its decisions and its messages."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import insert

from console.decisions.tables import verdict_outbox
from console.doctor import CHECKS, CONSOLE, DECISIONS, MESSAGES
from console.messages.tables import message_destinations, message_outbox
from console.settings import load_console_settings
from console.web.app import create_app
from streams.doctor import CHECKS as WORKERS_CHECKS
from streams.doctor import Finding, Surroundings, Verdict, examine, found_checks
from streams.doctor.store import LOCK, STORE, VERSION
from streams.settings import load_settings
from streams.store.engine import make_engine, writing
from streams.store.migrate import migrate

NOW_MS = 1_800_000_000_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shoal.db"


def told(url: str, console_url: str | None = None) -> dict[str, Finding]:
    settings = load_settings({"store_url": url})
    surroundings = Surroundings(settings, "http://127.0.0.1:1", 2.0, lambda: NOW_MS / 1000, console_url=console_url)
    below = [check for check in WORKERS_CHECKS if check.name in {STORE, LOCK, VERSION}]
    return {each.check: each for each in examine(surroundings, [*below, *CHECKS])}


def put(url: str, table: Any, **row: object) -> None:
    engine = make_engine(url)
    with writing(engine) as connection:
        connection.execute(insert(table).values(row))
    engine.dispose()


def test_the_doctor_finds_them() -> None:
    assert [check.name for check in found_checks()] == [CONSOLE, DECISIONS, MESSAGES]


def test_no_database_is_made(url: str, tmp_path: Path) -> None:
    found = told(url)
    assert found[DECISIONS].verdict is Verdict.OK
    assert list(tmp_path.iterdir()) == []


def test_all_well(url: str) -> None:
    migrate(url)
    found = told(url)
    assert found[DECISIONS].verdict is found[MESSAGES].verdict is Verdict.OK


@pytest.mark.parametrize(("age_s", "verdict"), [(20, Verdict.OK), (1_200, Verdict.PROBLEM)])
def test_decisions_that_wait(url: str, age_s: int, verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(url)
    put(url, verdict_outbox, position=1, campaign="c", body=b"{}")
    monkeypatch.setattr("console.doctor.unsent", lambda _engine: (1, NOW_MS - age_s * 1000))
    finding = told(url)[DECISIONS]
    assert finding.verdict is verdict
    assert "1 decisions" in finding.found
    assert verdict is Verdict.OK or "the oldest for 20 min" in finding.found


def message(url: str, state: str, age_s: int) -> None:
    row = {"position": 1, "id": "m", "destination": "night", "campaign": "c", "urgency": 1, "in_digest": False}
    times = {"created_at_ms": NOW_MS - age_s * 1000, "due_at_ms": NOW_MS}
    put(url, message_outbox, **row, **times, body="{}", state=state, attempts=1, reason="")


def destination(url: str, **values: object) -> None:
    row = {"name": "night", "kind": "slack", "sent": 0, "failed": 0, "dead": 1, "paused_until_ms": 0, "off_reason": ""}
    put(url, message_destinations, **{**row, **values})


def test_messages_that_wait_too_long(url: str) -> None:
    migrate(url)
    destination(url)
    message(url, "waiting", 3_600)
    finding = told(url)[MESSAGES]
    assert finding.verdict is Verdict.PROBLEM
    assert "1 messages wait, the oldest for 60 min" in finding.found


def test_messages_that_were_given_up_and_a_destination_that_is_off(url: str) -> None:
    migrate(url)
    destination(url, off_since_ms=NOW_MS)
    message(url, "dead", 3_600)
    finding = told(url)[MESSAGES]
    assert finding.verdict is Verdict.WARNING
    assert "1 messages were given up. Switched off are destinations of these kinds: slack" in finding.found
    assert "night" not in finding.found


def test_no_console_is_a_warning(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_CONSOLE_PORT", "1")
    finding = told(url)[CONSOLE]
    assert finding.verdict is Verdict.WARNING
    assert "No console answers at http://127.0.0.1:1: Connection refused" in finding.found


def test_a_console_elsewhere_is_asked_where_one_says(url: str) -> None:
    assert "No console answers at http://127.0.0.1:2/: " in told(url, "http://127.0.0.1:2/")[CONSOLE].found


def test_settings_of_the_console_that_are_wrong(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_CONSOLE_PORT", "seven")
    finding = told(url)[CONSOLE]
    assert finding.verdict is Verdict.PROBLEM
    assert "port" in finding.found


@pytest.fixture
def running(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real console on the store."""
    migrate(url)
    app = create_app(load_console_settings(store_url=url, relay=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("SHOAL_CONSOLE_PORT", str(listening.getsockname()[1]))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield
        server.should_exit = True
        thread.join()


def test_a_console_that_runs(running: None, url: str) -> None:
    finding = told(url)[CONSOLE]
    assert finding.verdict is Verdict.OK
    assert "answers and reaches its database" in finding.found


def test_a_console_that_does_not_know_its_name(running: None, url: str) -> None:
    port = load_console_settings().port
    finding = told(url, f"http://127.1:{port}")[CONSOLE]  # the same address, by a name that is not allowed
    assert finding.verdict is Verdict.WARNING
    assert "SHOAL_CONSOLE_HOSTS_ALLOWED" in finding.advice
