"""One's own account, and ties between local users and the provider."""

import re

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from console.security import sessions
from console.security.roles import Role
from console.security.tables import sessions as table
from console.security.users import add_user, check_login
from console.settings import ConsoleSettings
from streams.cli.app import app as command
from streams.store.engine import reading
from tests.unit.console.sign_on.browser import log_in, people
from tests.unit.console.sign_on.provider import CLIENT_ID, Provider
from tests.unit.console.web.visitors import PASSWORD, Clock, Visitor

NEW = "eleven slow trains under birches"


@pytest.fixture
def visitors(app: FastAPI, clock: Clock) -> list[Visitor]:
    """Lea in three browsers, each begun a second later."""
    add_user(app.state.engine, "lea", Role.MODERATOR, PASSWORD, 1)
    found = []
    for _ in range(3):
        clock.now_ms += 1_000
        found.append(Visitor(app, sessions.begin(app.state.engine, "lea", clock())))
    return found


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> object:
    return visitor.fill("/account/password", old=old, new=new, again=again)


def statuses(visitors: list[Visitor]) -> list[int]:
    return [visitor.get("/account").status_code for visitor in visitors]


def test_a_new_password_ends_the_other_sessions(app: FastAPI, visitors: list[Visitor], clock: Clock) -> None:
    old = visitors[0].cookies["shoal"]
    answer = change(visitors[0])
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?changed=true")
    new = answer.cookies["shoal"]
    assert statuses([Visitor(app, old), *visitors[1:], Visitor(app, new)]) == [303, 303, 303, 200]
    assert check_login(app.state.engine, "lea", PASSWORD, clock()) is None
    assert check_login(app.state.engine, "lea", NEW, clock()) is not None


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "the old password is not right"),
        (PASSWORD, NEW, NEW + "x", "not typed alike"),
        (PASSWORD, "password1234", "password1234", "easily guessed"),
        (PASSWORD, "short", "short", "12 to 256 characters"),
        (PASSWORD, "", "", "12 to 256 characters"),
    ],
)
def test_what_is_no_change_of_a_password(
    app: FastAPI, visitors: list[Visitor], clock: Clock, old: str, new: str, again: str, words: str
) -> None:
    answer = change(visitors[0], old, new, again)
    assert answer.status_code == 422
    assert words in answer.text
    assert statuses(visitors) == [200, 200, 200]
    assert check_login(app.state.engine, "lea", PASSWORD, clock()) is not None


def test_who_finds_an_open_browser_may_not_guess_for_ever(app: FastAPI, visitors: list[Visitor], clock: Clock) -> None:
    for _ in range(5):
        change(visitors[0], "wrong")
    assert change(visitors[0]).status_code == 422
    assert check_login(app.state.engine, "lea", PASSWORD, clock()) is None


def test_sessions_are_listed_and_this_one_is_marked(app: FastAPI, visitors: list[Visitor]) -> None:
    page = visitors[1].get("/account").text
    assert page.count('<span class="badge">here</span>') == 1
    names = re.findall(r'name="session" value="([0-9a-f]+)"', page)
    assert len(names) == 2
    with reading(app.state.engine) as connection:
        kept = [row.id_sha256 for row in connection.execute(table.select())]
    assert not any(digest in page for digest in kept)


def test_one_session_is_ended_and_the_others_stay(visitors: list[Visitor]) -> None:
    newest = re.findall(r'name="session" value="([0-9a-f]+)"', visitors[1].get("/account").text)[0]
    assert visitors[1].fill("/account/end", session=newest).status_code == 303
    assert statuses(visitors) == [200, 200, 303]


def test_all_others_are_ended(visitors: list[Visitor]) -> None:
    visitors[1].fill("/account/end", session="others")
    assert statuses(visitors) == [303, 200, 303]


@pytest.mark.parametrize("session", ["", "%", "_" * 16, "%" * 16, "x", "0" * 64])
def test_a_name_of_no_session_ends_nothing(visitors: list[Visitor], session: str) -> None:
    visitors[0].fill("/account/end", session=session)
    assert statuses(visitors) == [200, 200, 200]


def test_sessions_of_others_are_not_ended(app: FastAPI, visitors: list[Visitor], clock: Clock) -> None:
    add_user(app.state.engine, "eve", Role.ADMIN, PASSWORD, 1)
    eve = Visitor(app, sessions.begin(app.state.engine, "eve", clock()))
    for name in re.findall(r'name="session" value="([0-9a-f]+)"', visitors[0].get("/account").text):
        eve.fill("/account/end", session=name)
    eve.fill("/account/end", session="others")
    assert statuses([*visitors, eve]) == [200] * 4


def test_sessions_that_are_over_are_not_listed(visitors: list[Visitor], clock: Clock) -> None:
    clock.now_ms += 3_000_000
    visitors[0].get("/account")
    clock.now_ms += 3_000_000
    assert "End all others" not in visitors[0].get("/account").text


def test_who_comes_by_the_provider_has_no_password_here(app: FastAPI) -> None:
    visitor, _ = log_in(app)
    visitor.token = sessions.form_token(visitor.cookies["shoal"])
    page = visitor.get("/account").text
    assert "You log in with Keys &amp; Co" in page
    assert 'name="old"' not in page
    assert change(visitor, "").status_code == 422


def test_an_admin_ties_a_local_user(
    app: FastAPI, provider: Provider, visitors: list[Visitor], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOAL_CONSOLE_OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("SHOAL_CONSOLE_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SHOAL_CONSOLE_OIDC_DEFAULT_ROLE", "viewer")
    store = app.state.settings.store_url
    assert CliRunner().invoke(command, ["users", "tie", "lea", "s-1", "--store", store]).exit_code == 0
    assert statuses(visitors) == [303, 303, 303]
    assert check_login(app.state.engine, "lea", PASSWORD, clock()) is None
    assert log_in(app)[1].status_code == 303
    assert people(app) == {"lea": "viewer"}
    add_user(app.state.engine, "bob", Role.VIEWER, PASSWORD, 1)
    assert CliRunner().invoke(command, ["users", "tie", "bob", "s-1", "--store", store]).exit_code != 0
    assert CliRunner().invoke(command, ["users", "tie", "nobody", "s-9", "--store", store]).exit_code != 0


def test_sessions_that_nobody_ended_are_not_kept_for_ever(app: FastAPI, visitors: list[Visitor], clock: Clock) -> None:
    def kept() -> int:
        with reading(app.state.engine) as connection:
            return len(connection.execute(table.select()).all())

    clock.now_ms += ConsoleSettings.model_fields["session_ms"].metadata[1].le - 1_000
    sessions.begin(app.state.engine, "lea", clock())
    assert kept() == 3
    clock.now_ms += 3_000
    sessions.begin(app.state.engine, "other", clock())
    assert kept() == 2
