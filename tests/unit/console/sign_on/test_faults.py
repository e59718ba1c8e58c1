"""A provider that refuses, is away, hangs, or describes itself wrongly."""

import json
import logging
import time
from typing import Any

import pytest
import structlog
from fastapi import FastAPI

from console.security.oidc.provider import KEPT_MS, REST_MS
from console.security.roles import Role
from console.security.users import add_user
from tests.unit.console.sign_on.browser import is_in, log_in, there
from tests.unit.console.sign_on.conftest import Make
from tests.unit.console.sign_on.provider import CLIENT_SECRET, Provider
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Clock, Visitor


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "did not let you in"),
        ("temporarily_unavailable", 503, "does not answer"),
        ("invalid_scope", 503, "do not agree"),
        ("<script>", 503, "do not agree"),
    ],
)
def test_what_the_provider_refuses_is_explained(
    app: FastAPI, provider: Provider, error: str, status: int, words: str
) -> None:
    provider.denies = error
    answer = log_in(app)[1]
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text


def test_the_provider_being_away_stops_no_password(app: FastAPI, provider: Provider, clock: Clock) -> None:
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    provider.down = True
    visitor = Visitor(app)
    answer = visitor.get("/login/provider")
    assert answer.status_code == 503
    assert "Keys &amp; Co does not answer" in answer.text
    assert visitor.get("/login/provider").status_code == 503
    assert len(provider.asked) == 1
    form = {"user": "boss", "password": PASSWORD}
    assert visitor.post("/login", data=form, headers={"origin": ORIGIN}).status_code == 303
    assert is_in(visitor)
    provider.down = False
    clock.now_ms += REST_MS
    assert is_in(log_in(app)[0])


def test_a_provider_that_goes_away_in_between_is_said(app: FastAPI, provider: Provider) -> None:
    visitor = Visitor(app)
    back = there(visitor)
    provider.down = True
    assert visitor.get(back).status_code == 503


def test_a_provider_that_hangs_is_given_up(make: Make, provider: Provider) -> None:
    app = make(oidc_timeout_ms=300)
    provider.hangs_s = 1.5
    began = time.monotonic()
    assert Visitor(app).get("/login/provider").status_code == 503
    assert time.monotonic() - began < 1.3


def test_an_endless_answer_is_given_up(app: FastAPI, provider: Provider) -> None:
    provider.huge = True
    answer = Visitor(app).get("/login/provider")
    assert answer.status_code == 503
    # not taken for a description that is wrong: it was not read to its end
    assert "does not answer" in answer.text


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_description_that_cannot_be_right_is_refused(
    app: FastAPI, provider: Provider, document: dict[str, Any]
) -> None:
    provider.document = document
    answer = Visitor(app).get("/login/provider")
    assert answer.status_code == 503
    assert "do not agree" in answer.text


def test_the_description_is_asked_for_again_after_an_hour(app: FastAPI, provider: Provider, clock: Clock) -> None:
    log_in(app)
    clock.now_ms += KEPT_MS
    log_in(app)
    assert provider.asked.count("/.well-known/openid-configuration") == 2


def test_a_secret_may_go_in_the_body_or_come_from_a_file(make: Make, provider: Provider, tmp_path: Any) -> None:
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]}
    (tmp_path / "secret").write_text(CLIENT_SECRET + "\n", encoding="utf-8")
    assert is_in(log_in(make(oidc_client_secret=None, oidc_client_secret_file=tmp_path / "secret"))[0])


def test_a_wrong_secret_is_the_settings_fault(make: Make) -> None:
    answer = log_in(make(oidc_client_secret="wrong"))[1]  # noqa: S106  # of this test
    assert answer.status_code == 503
    assert "do not agree" in answer.text


def test_nothing_secret_is_logged(app: FastAPI, provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider.altered = {"aud": "another"}
    with structlog.testing.capture_logs() as told:
        visitor = Visitor(app)
        back = there(visitor)
        visitor.get(back)
    assert told == [{"event": "sign_on_refused", "log_level": "warning", "why": "untrusted", "what": "aud"}]
    said = json.dumps(told) + caplog.text
    assert CLIENT_SECRET not in said
    assert "eyJ" not in said
