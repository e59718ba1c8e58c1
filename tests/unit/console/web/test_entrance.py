"""Log-in, sessions, lock-out."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from console.security import passwords, sessions
from console.security import users as people
from console.security.roles import Role
from console.security.tables import sessions as table
from console.security.tables import users
from console.security.users import LOCK_MS, UserRefused, add_user, check_login, first_admin, set_disabled, set_role
from console.settings import ConsoleSettings
from console.web.entrance import own_path
from streams.store.engine import make_engine, reading, writing
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Clock, Visit, Visitor

HOUR_MS = 3_600_000


def log_in(visitor: Visitor, user: str = "lead", password: str = PASSWORD, **more: Any) -> Any:
    return visitor.post("/login", data={"user": user, "password": password, **more}, headers={"origin": ORIGIN})


def test_a_log_in_leads_where_one_wanted_to_go(visit: Visit, app: FastAPI) -> None:
    visitor = visit(None)
    assert visitor.get("/cases/c1").headers["location"] == "/login?next=/cases/c1"
    answer = log_in(visitor, next="/cases/c1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/c1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert visitor.get("/cases/c1").status_code == 200
    with reading(app.state.engine) as connection:
        kept = connection.execute(select(table.c.id_sha256)).scalars().all()
    assert visitor.cookies["shoal"] not in kept


@pytest.mark.parametrize(
    ("user", "password"), [("lead", "wrong"), ("nobody", PASSWORD), ("", ""), ("lead", PASSWORD + "x")]
)
def test_a_wrong_name_or_password_is_told_alike(visit: Visit, user: str, password: str) -> None:
    answer = log_in(visit(None), user, password)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert "locked for a while" in answer.text


def test_a_log_in_ends_the_session_before_it(visit: Visit, app: FastAPI, clock: Clock) -> None:
    visitor = visit(Role.LEAD)
    old = visitor.cookies["shoal"]
    log_in(visitor)
    assert sessions.find(app.state.engine, old, clock(), HOUR_MS, HOUR_MS) is None


@pytest.mark.parametrize("setting", ["session_idle_ms", "session_ms"])
def test_sessions_end_by_themselves(visit: Visit, settings: ConsoleSettings, clock: Clock, setting: str) -> None:
    visitor = visit(Role.VIEWER)
    ends_ms = clock() + getattr(settings, setting)
    while setting == "session_ms" and clock.now_ms + settings.session_idle_ms < ends_ms:
        clock.now_ms += settings.session_idle_ms
        assert visitor.get("/").status_code == 200
    clock.now_ms = ends_ms
    assert visitor.get("/").status_code == 200
    clock.now_ms += 1 + (settings.session_idle_ms if setting == "session_idle_ms" else 0)
    assert visitor.get("/").status_code == 303


def test_log_out_here_and_everywhere(visit: Visit) -> None:
    one, two, three = visit(Role.LEAD), visit(Role.LEAD), visit(Role.LEAD)
    one.fill("/logout")
    assert (one.get("/").status_code, two.get("/").status_code) == (303, 200)
    two.fill("/logout", everywhere="1")
    assert three.get("/").status_code == 303


def test_failures_lock_an_account_for_longer_and_longer(app: FastAPI, clock: Clock) -> None:
    engine = app.state.engine
    for _ in range(5):
        assert check_login(engine, "lead", "wrong", clock()) is None
    assert check_login(engine, "lead", PASSWORD, clock()) is None
    clock.now_ms += LOCK_MS
    assert check_login(engine, "lead", "wrong", clock()) is None
    clock.now_ms += LOCK_MS
    assert check_login(engine, "lead", PASSWORD, clock()) is None
    clock.now_ms += LOCK_MS
    assert check_login(engine, "lead", PASSWORD, clock()) is not None
    assert check_login(engine, "viewer", PASSWORD, clock()) is not None


def test_an_address_may_not_try_for_ever(visit: Visit, settings: ConsoleSettings) -> None:
    visitor = visit(None)
    codes = [log_in(visitor, "nobody", "x").status_code for _ in range(settings.logins_per_minute + 1)]
    assert codes == [422] * settings.logins_per_minute + [429]


def test_who_is_shut_out_is_out_at_once(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    set_disabled(app.state.engine, "moderator", True)
    assert visitor.get("/").status_code == 303
    assert log_in(visitor, "moderator").status_code == 422
    set_disabled(app.state.engine, "moderator", False)
    assert log_in(visitor, "moderator").status_code == 303


def test_the_last_admin_stays(app: FastAPI) -> None:
    with pytest.raises(UserRefused):
        set_role(app.state.engine, "admin", Role.LEAD)
    with pytest.raises(UserRefused):
        set_disabled(app.state.engine, "admin", True)
    set_role(app.state.engine, "lead", Role.ADMIN)
    set_disabled(app.state.engine, "admin", True)


def test_a_password_is_hashed_again_when_parameters_rise(
    app: FastAPI, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.state.engine
    monkeypatch.setattr(people, "needs_rehash", lambda _hash: True)
    query = select(users.c.password_hash).where(users.c.user_id == "lead")
    with reading(engine) as connection:
        before = connection.execute(query).scalar_one()
    assert check_login(engine, "lead", PASSWORD, clock()) is not None
    with reading(engine) as connection:
        after = connection.execute(query).scalar_one()
    assert before != after
    assert passwords.is_password(PASSWORD, after)


@pytest.mark.parametrize(
    "password", ["short", "password1234", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "somebody-somebody", "x" * 257]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.hash_password(password, "somebody")


def test_the_first_admin_is_made_once(store_url: str) -> None:
    engine = make_engine(store_url)
    password = first_admin(engine, 1)
    assert password is not None
    assert len(password) >= 20
    assert first_admin(engine, 2) is None
    assert check_login(engine, "admin", password, 3) == people.User("admin", Role.ADMIN, False, 1)
    session = sessions.begin(engine, "admin", 4)
    assert sessions.find(engine, session, 5, 10, 10) is not None
    engine.dispose()


@pytest.mark.parametrize("user_id", ["", "A", "a b", "-a", "a" * 65, "é", "a\n"])
def test_names_of_users_are_plain(app: FastAPI, user_id: str) -> None:
    with pytest.raises(UserRefused):
        add_user(app.state.engine, user_id, Role.VIEWER, PASSWORD, 1)


def test_sessions_of_one_user_are_bounded(app: FastAPI, clock: Clock) -> None:
    engine = app.state.engine
    first = sessions.begin(engine, "lead", clock())
    for later in range(sessions.SESSIONS_MAX):
        sessions.begin(engine, "lead", clock() + later + 1)
    with reading(engine) as connection:
        assert len(connection.execute(select(table)).all()) == sessions.SESSIONS_MAX
    assert sessions.find(engine, first, clock(), HOUR_MS, HOUR_MS) is None


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_a_log_in_sends_nobody_elsewhere(visit: Visit, path: str) -> None:
    assert own_path(path) == "/"
    assert log_in(visit(None), next=path).headers["location"] == "/"


def test_a_role_counts_from_the_next_request_on(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.MODERATOR)
    with writing(app.state.engine) as connection:
        connection.execute(users.update().where(users.c.user_id == "moderator").values(role="viewer"))
    assert visitor.fill("/cases/c1/notes", text="x").status_code == 403
