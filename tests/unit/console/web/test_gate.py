"""What every request passes: origin, token, host, size, rate; and the headers of every answer."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from console.security.limits import ADDRESSES_MAX, RateLimit
from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Clock, Visit, Visitor

NOTE = "/cases/c1/notes"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", None])
def test_forms_of_other_sites_are_refused(visit: Visit, origin: str) -> None:
    visitor = visit(Role.LEAD)
    headers = {} if origin is None else {"origin": origin}
    answer = visitor.post(NOTE, data={"form_token": visitor.token, "text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert visitor.post("/login", data={"user": "lead", "password": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize("wrong", ["", "x", "é", "0" * 64])
def test_forms_without_the_token_of_the_session_are_refused(visit: Visit, wrong: str) -> None:
    visitor = visit(Role.LEAD)
    other = visit(Role.LEAD)
    for token in (wrong, other.token):
        data = {"form_token": token, "text": "x"}
        assert visitor.post(NOTE, data=data, headers={"origin": ORIGIN}).status_code == 403
    assert visitor.fill(NOTE, text="x").status_code == 303
    htmx = {"origin": ORIGIN, "x-form-token": visitor.token}
    assert visitor.post(NOTE, data={"text": "y"}, headers=htmx).status_code == 303


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/static/shoal.css", "/-/healthy", "/cases/c1"])
def test_every_answer_has_the_headers(visit: Visit, path: str) -> None:
    headers = visit(Role.LEAD).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert headers["cache-control"] == ("max-age=3600" if path.startswith("/static") else "no-store")


def test_pages_need_no_inline_script_or_style(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    for path in ("/", "/cases/c1", "/users", "/nothing"):
        page = visitor.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " on" + "click=" not in page
        assert page.count("<script") == page.count('<script src="/static/')


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_not_answered(app: FastAPI, host: str) -> None:
    assert TestClient(app, base_url=ORIGIN).get("/login", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(("path", "status"), [("/-/healthy", 200), ("/-/ready", 200), ("/metrics", 400), ("/", 400)])
def test_probes_are_answered_under_any_name(app: FastAPI, path: str, status: int) -> None:
    """The address of a pod or of a container is in no list of host names."""
    assert TestClient(app, base_url=ORIGIN).get(path, headers={"host": "10.1.2.3:8321"}).status_code == status


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8321", "[::1]:8321"])
def test_own_host_names_are_answered(app: FastAPI, host: str) -> None:
    assert TestClient(app, base_url=ORIGIN).get("/login", headers={"host": host}).status_code == 200


def test_large_bodies_are_refused_however_they_come(visit: Visit, settings: ConsoleSettings) -> None:
    visitor = visit(Role.LEAD)
    large = b"text=" + b"x" * settings.body_bytes_max
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert visitor.post(NOTE, content=large, headers=headers).status_code == 413
    assert visitor.post(NOTE, content=iter([large]), headers=headers).status_code == 413


def test_an_address_may_not_ask_without_end(tmp_path: Path, clock: Clock) -> None:
    settings = ConsoleSettings(store_url=f"sqlite:///{tmp_path}/r.db", relay=False, requests_per_minute=10)
    visitor = Visitor(create_app(settings, clock))
    codes = [visitor.get("/login").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    clock.now_ms += 60_000
    assert visitor.get("/login").status_code == 200


def test_the_memory_of_a_rate_limit_is_bounded() -> None:
    limit = RateLimit(1)
    for number in range(ADDRESSES_MAX + 10):
        assert limit.allows(str(number), 0)
    assert len(limit._counts) == ADDRESSES_MAX


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_behind_https_cookies_are_bound_to_it(tmp_path: Path, clock: Clock, scheme: str) -> None:
    app = create_app(ConsoleSettings(store_url=f"sqlite:///{tmp_path}/h.db", relay=False, https=True), clock)
    add_user(app.state.engine, "ann", Role.LEAD, PASSWORD, 1)
    # a proxy that ends TLS passes requests on by http
    visitor = TestClient(app, base_url=f"{scheme}://127.0.0.1", follow_redirects=False)
    form = {"user": "ann", "password": PASSWORD}
    answer = visitor.post("/login", data=form, headers={"origin": "https://127.0.0.1"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-shoal=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "domain" not in cookie.lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert visitor.post("/login", data=form, headers={"origin": "http://127.0.0.1"}).status_code == 403


def test_a_decision_may_leave_out_thousands(visit: Visit) -> None:
    left_out = [f"a{number}" for number in range(1_199)]
    answer = visit(Role.LEAD).fill(
        "/cases/large/decide", action="confirm", revision=1, seen=0, left_out=left_out, text="all but one"
    )
    assert answer.status_code == 303, answer.text


def test_the_store_being_away_is_said(visit: Visit, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    from streams.store.protocol import StoreUnavailable

    visitor = visit(Role.LEAD)

    def away(*_arguments: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr("console.web.deps.find", away)
    monkeypatch.setattr("console.web.health.reading", away)
    answer = visitor.get("/")
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text
    assert visitor.get("/-/ready").status_code == 503
    assert visitor.get("/-/healthy").status_code == 200


def test_metrics_name_nobody(visit: Visit) -> None:
    visit(Role.LEAD).get("/cases/c1?text=somebody")
    visit(None).get("/nothing")
    told = visit(None).get("/metrics").text
    assert 'shoal_console_answers_total{status="200"} 1.0' in told
    assert 'shoal_console_answers_total{status="404"} 1.0' in told
    assert "c1" not in told
    assert "somebody" not in told
    assert "lead" not in told


def test_a_fault_of_our_own_shows_nothing_of_itself(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit(Role.LEAD)
    monkeypatch.setattr("console.cases.routes.waiting", lambda _engine: 1 / 0)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "Shoal made a mistake" in answer.text
    assert "ZeroDivision" not in answer.text
