"""`shoal console`, `shoal users`, `shoal retention`."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner, Result

from console.security.users import check_login
from models.errors import InvalidConfiguration
from streams.cli.app import app
from streams.cli.errors import UserError
from streams.exits import Exit
from streams.store.engine import make_engine

START_S = 60.0


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/s.db"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_users_from_the_command_line(url: str) -> None:
    made = run("users", "add", "ann", "--role", "lead", "--store", url)
    password = re.search(r"password (\S+)", made.output).group(1)
    engine = make_engine(url)
    assert check_login(engine, "ann", password, 1) is not None
    assert "ann  lead" in run("users", "list", "--store", url).output
    assert run("users", "role", "ann", "admin", "--store", url).output == "ann is admin from now on\n"
    run("users", "add", "bob", "--role", "admin", "--store", url)
    assert "ann is shut out" in run("users", "disable", "ann", "--store", url).output
    assert "ann  admin  disabled" in run("users", "list", "--store", url).output
    assert check_login(engine, "ann", password, 2) is None
    assert "ann may log in again" in run("users", "disable", "ann", "--undo", "--store", url).output
    renewed = re.search(r"password (\S+)", run("users", "password", "ann", "--store", url).output).group(1)
    assert check_login(engine, "ann", password, 3) is None
    assert check_login(engine, "ann", renewed, 4) is not None
    engine.dispose()


def test_retention_asks_after_how_many_days(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOAL_CONSOLE_RETENTION_DAYS", raising=False)
    assert isinstance(run("retention", "apply", "--store", url).exception, UserError)
    assert run("store", "migrate", "--store", url).exit_code == 0
    assert "0 cases forgotten" in run("retention", "apply", "--days", "3", "--store", url).output


def test_a_setting_out_of_its_range_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_CONSOLE_SESSION_MS", "1")
    error = run("users", "list", "--store", url).exception
    assert isinstance(error, InvalidConfiguration)
    assert "SESSION_MS" in str(error).upper()


def test_a_port_that_is_taken_is_said_and_nothing_begins(url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("console", "--store", url, "--port", str(taken.getsockname()[1]))
    assert done.exit_code == Exit.UNAVAILABLE
    assert "choose another --port" in done.output
    assert not (tmp_path / "s.db").exists()


def test_the_console_starts_says_where_and_stops(url: str) -> None:
    program = "from streams.cli import main; main()"
    command = [sys.executable, "-c", program, "console", "--store", url, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert "Log in as admin with the password" in process.stdout.readline()
            address = re.search(r"http://\S+", process.stdout.readline()).group()
            give_up_at = time.monotonic() + START_S
            while True:
                try:
                    assert httpx2.get(f"{address}-/ready", timeout=5).status_code == 200
                    break
                except httpx2.TransportError:
                    assert time.monotonic() < give_up_at
                    time.sleep(0.1)
        finally:
            process.terminate()
        assert process.wait(START_S) in (0, -15)
