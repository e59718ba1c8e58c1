"""Answers in the browser: changed, stolen, used before, too late."""

from base64 import urlsafe_b64decode

import pytest
from fastapi import FastAPI

from tests.unit.console.sign_on.browser import is_in, log_in, there, word
from tests.unit.console.sign_on.conftest import Make
from tests.unit.console.web.visitors import Clock, Visitor


@pytest.mark.parametrize("change", ["state", "code", "iss"])
def test_an_answer_that_was_changed_is_refused(app: FastAPI, change: str) -> None:
    visitor = Visitor(app)
    back = there(visitor)
    answer = visitor.get(back.replace(f"{change}=", f"{change}=x"))
    assert answer.status_code == (403 if change == "iss" else 400)
    assert not is_in(visitor)


def test_an_answer_begun_elsewhere_is_refused(app: FastAPI) -> None:
    """Somebody sends a link that would log the victim in as themselves."""
    link = there(Visitor(app))
    victim = Visitor(app)
    assert victim.get(link).status_code == 400
    there(victim)
    assert victim.get(link).status_code == 400
    assert not is_in(victim)


def test_an_answer_counts_once(app: FastAPI) -> None:
    visitor = Visitor(app)
    back = there(visitor)
    cookie = visitor.cookies["shoal-sign-on"]
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 400
    other = Visitor(app)
    other.cookies.set("shoal-sign-on", cookie)
    answer = other.get(back)
    assert answer.status_code == 400
    assert "was used before" in answer.text
    assert not is_in(other)


def test_a_code_of_another_log_in_is_refused(app: FastAPI) -> None:
    """PKCE: the code belongs to the verifier in the browser that asked."""
    thief = Visitor(app)
    own = there(thief)
    stolen = there(Visitor(app))
    assert thief.get(own.replace(word(own, "code"), word(stolen, "code"))).status_code == 400
    assert not is_in(thief)


def test_a_log_in_that_took_too_long_is_begun_again(app: FastAPI, clock: Clock) -> None:
    visitor = Visitor(app)
    back = there(visitor)
    clock.now_ms += 600_000
    assert visitor.get(back).status_code == 400


@pytest.mark.parametrize("next_path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_log_in_leads_nowhere_else(app: FastAPI, next_path: str) -> None:
    assert log_in(app, next_path)[1].headers["location"] == "/"


def test_attempts_are_counted(make: Make) -> None:
    visitor = Visitor(make(logins_per_minute=2))
    codes = [visitor.get("/login/provider").status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert visitor.get("/login/callback").status_code == 429


def test_behind_https_the_cookie_is_bound_to_it(make: Make) -> None:
    visitor = Visitor(make(https=True))
    out = visitor.get("/login/provider")
    assert "redirect_uri=https%3A%2F%2F127.0.0.1%2Flogin%2Fcallback" in out.headers["location"]
    cookie = out.headers["set-cookie"]
    assert cookie.startswith("__Host-shoal-sign-on=")
    assert all(word in cookie.lower() for word in ("secure", "httponly", "samesite=lax", "path=/", "max-age=600"))


def test_the_browser_cannot_read_what_it_carries(app: FastAPI) -> None:
    visitor = Visitor(app)
    there(visitor, "/cases/c1?who=somebody")
    sealed = visitor.cookies["shoal-sign-on"]
    assert [len(part) > 0 for part in sealed.split(".")] == [True, False, True, True, True]
    assert b"somebody" not in b"".join(urlsafe_b64decode(part + "==") for part in sealed.split("."))
