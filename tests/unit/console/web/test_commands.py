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

from console.security.roles import Permission
from console.security.tokens import find_token
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


def test_who_is_no_admin_can_be_shut_out_before_there_is_one(url: str) -> None:
    run("users", "add", "bob", "--store", url)
    assert "bob is shut out" in run("users", "disable", "bob", "--store", url).output
    run("users", "add", "ann", "--role", "admin", "--store", url)
    assert str(run("users", "disable", "ann", "--store", url).exception) == "ann is the last admin"
    assert str(run("users", "role", "ann", "lead", "--store", url).exception) == "ann is the last admin"


def test_tokens_from_the_command_line(url: str) -> None:
    run("users", "add", "siem", "--role", "viewer", "--store", url)
    made = run(
        "tokens", "make", "to the SIEM", "--user", "siem", "--scope", "see_cases", "--days", "30", "--store", url
    )
    assert made.exit_code == 0, made.output
    assert re.fullmatch(r"shoal_[\w-]{43}\n", made.stdout)  # what a script takes
    assert "shown only now" in made.stderr
    engine = make_engine(url)
    token = made.stdout.strip()
    now_ms = time.time_ns() // 1_000_000
    bearer = find_token(engine, token, now_ms)
    assert bearer is not None
    assert (bearer.user_id, bearer.scopes) == ("siem", {Permission.SEE_CASES})
    assert find_token(engine, token, now_ms + 31 * 86_400_000) is None
    listed = run("tokens", "list", "--store", url).stdout
    assert "siem  until " in listed
    assert "see_cases  to the SIEM" in listed
    assert token not in listed
    token_id = listed.split()[0]
    assert run("tokens", "revoke", token_id, "--store", url).output == f"{token_id} is revoked\n"
    assert find_token(engine, token, now_ms) is None
    assert "siem  revoked" in run("tokens", "list", "--store", url).stdout
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("make", "x", "--user", "nobody", "--scope", "see_cases"), "there is no user nobody"),
        (("make", "x", "--user", "out", "--scope", "see_cases"), "out is shut out"),
        (("make", "x", "--user", "siem", "--scope", "decide"), "siem is viewer, which never may decide"),
        (("make", "x", "--user", "siem", "--scope", "own_session"), "a token is for one or more of"),
        (("make", " ", "--user", "siem", "--scope", "see_cases"), "a token has a name"),
        (("revoke", "00"), "no token has the id 00"),
    ],
)
def test_tokens_that_would_do_nothing_are_not_made(url: str, words: tuple[str, ...], told: str) -> None:
    run("users", "add", "siem", "--role", "viewer", "--store", url)
    run("users", "add", "out", "--role", "viewer", "--store", url)
    run("users", "disable", "out", "--store", url)
    assert told in str(run("tokens", *words, "--store", url).exception)
    assert run("tokens", "list", "--store", url).stderr == "No token was made yet.\n"


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
