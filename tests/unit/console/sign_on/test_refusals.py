"""What users are told when something cannot be, in both languages."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from console.security import sessions
from console.security.passwords import WeakPassword, hash_password
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from console.security.users import (
    UserRefused,
    add_user,
    change_password,
    set_disabled,
    set_password,
    set_role,
)
from console.web.sentences import known
from tests.unit.console.sign_on.browser import log_in
from tests.unit.console.web.visitors import PASSWORD, Clock, Visitor

REFUSED: list[Callable[[Engine], object]] = [
    lambda engine: add_user(engine, "A b", Role.VIEWER, PASSWORD, 1),
    lambda engine: add_user(engine, "boss", Role.VIEWER, PASSWORD, 1),
    lambda engine: set_role(engine, "boss", Role.VIEWER),
    lambda engine: set_disabled(engine, "boss", True),
    lambda engine: set_password(engine, "nobody", PASSWORD),
    lambda engine: change_password(engine, "boss", "wrong", PASSWORD, 1),
    lambda _engine: hash_password("short"),
    lambda _engine: hash_password("password1234"),
    lambda engine: make_token(engine, "", "boss", [Permission.DECIDE], 1, 1),
    lambda engine: make_token(engine, "t", "boss", [], 1, 1),
    lambda engine: make_token(engine, "t", "boss", [Permission.DECIDE], 0, 1),
]


@pytest.mark.parametrize("refused", REFUSED)
def test_refusals_are_told_in_chinese(app: FastAPI, refused: Callable[[Engine], object]) -> None:
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    with pytest.raises((UserRefused, WeakPassword)) as told:
        refused(app.state.engine)
    assert known(str(told.value), "zh") is not None


@pytest.mark.parametrize(("new", "words"), [("a", "两次输入的新密码不一致"), ("", "密码为 12 到 256 个字符")])
def test_the_page_speaks_chinese(app: FastAPI, clock: Clock, new: str, words: str) -> None:
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    visitor = Visitor(app, sessions.begin(app.state.engine, "boss", clock()))
    visitor.cookies.set("language", "zh")
    assert words in visitor.fill("/account/password", old=PASSWORD, new=new, again="").text


def test_admins_see_who_comes_by_the_provider(app: FastAPI, clock: Clock) -> None:
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    boss = Visitor(app, sessions.begin(app.state.engine, "boss", clock()))
    assert "Keys &amp; Co" not in boss.get("/users").text
    log_in(app)
    page = boss.get("/users").text
    assert '<span class="badge">Keys &amp; Co</span>' in page
    assert "gets the role anew at each log-in" in page
