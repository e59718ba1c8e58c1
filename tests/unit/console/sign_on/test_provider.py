"""Log-in against a provider that really listens: the way in, and every way that must not lead in."""

import json
import logging
import time
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select

from console.security.oidc.keys import RENEWED_MS_MIN
from console.security.oidc.provider import KEPT_MS, REST_MS
from console.security.roles import Role
from console.security.sessions import form_token
from console.security.tables import sessions, users
from console.security.users import add_user, set_disabled, set_role
from streams.store.engine import reading
from tests.unit.console.sign_on.browser import log_in, people, there, word
from tests.unit.console.sign_on.conftest import Make
from tests.unit.console.sign_on.provider import CLIENT_SECRET, Provider
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Clock, Visitor

DAY_S = 86_400


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/cases/c1").status_code == 200


def test_the_way_in(app: FastAPI, provider: Provider) -> None:
    visitor, answer = log_in(app, "/cases/c1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/c1")
    assert is_in(visitor)
    assert people(app) == {"ann": "viewer"}
    assert "shoal-sign-on" not in visitor.cookies
    with reading(app.state.engine) as connection:
        row = connection.execute(select(users)).one()
        how = connection.execute(select(sessions.c.how)).scalar_one()
    assert (row.issuer, row.subject, row.password_hash, how) == (provider.issuer, "s-1", "", "provider")


def test_who_comes_again_is_the_same_and_gets_todays_role(app: FastAPI, provider: Provider) -> None:
    first, _ = log_in(app)
    provider.claims.update(preferred_username="married", groups=["mods", "other"])
    log_in(app)
    assert people(app) == {"ann": "moderator"}
    provider.claims["groups"] = ["mods", "chiefs"]
    log_in(app)
    assert people(app) == {"ann": "lead"}
    provider.claims["groups"] = []
    log_in(app)
    assert people(app) == {"ann": "viewer"}
    assert is_in(first)


def test_roles_inside_a_claim_and_a_name_of_another(make: Make, provider: Provider) -> None:
    provider.claims.update(realm_access={"roles": ["chiefs"]}, email="Ann+x@shoal.example")
    app = make(oidc_roles_claim="realm_access.roles", oidc_name_claim="email", oidc_default_role=None)
    assert is_in(log_in(app)[0])
    assert people(app) == {"ann+x@shoal.example": "lead"}


@pytest.mark.parametrize("groups", [None, [], ["others"], "mod", {"mods": 1}, 7, [["mods"]]])
def test_without_a_role_nobody_comes_in(make: Make, provider: Provider, groups: Any) -> None:
    app = make(oidc_default_role=None)
    provider.claims["groups"] = groups
    visitor, answer = log_in(app)
    assert answer.status_code == 403
    assert "you have no role in Shoal" in answer.text
    assert not is_in(visitor)
    assert people(app) == {}


def test_who_loses_the_role_is_out(make: Make, provider: Provider) -> None:
    app = make(oidc_default_role=None)
    provider.claims["groups"] = ["mods"]
    visitor, _ = log_in(app)
    assert is_in(visitor)
    provider.claims["groups"] = []
    assert log_in(app)[1].status_code == 403
    assert not is_in(visitor)


def test_who_was_shut_out_stays_out(app: FastAPI) -> None:
    visitor, _ = log_in(app)
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    set_disabled(app.state.engine, "ann", True)
    assert not is_in(visitor)
    again, answer = log_in(app)
    assert (answer.status_code, is_in(again)) == (403, False)
    assert "shut this account out" in answer.text
    set_disabled(app.state.engine, "ann", False)
    assert is_in(log_in(app)[0])


def test_a_local_user_of_the_name_is_not_taken_over(app: FastAPI) -> None:
    add_user(app.state.engine, "ann", Role.ADMIN, PASSWORD, 1)
    visitor, answer = log_in(app)
    assert (answer.status_code, is_in(visitor)) == (403, False)
    assert "Nobody is taken over" in answer.text
    assert people(app) == {"ann": "admin"}


def test_another_subject_of_the_name_is_not_the_same(app: FastAPI, provider: Provider) -> None:
    log_in(app)
    provider.claims["sub"] = "s-2"
    assert log_in(app)[1].status_code == 403


@pytest.mark.parametrize("name", [None, "", " ", "a b", "<b>", "x" * 65, "陈", 7, ["ann"], "../x", "ann\x00"])
def test_a_name_that_does_not_fit_is_said(app: FastAPI, provider: Provider, name: Any) -> None:
    provider.claims["preferred_username"] = name
    answer = log_in(app)[1]
    assert answer.status_code == 403
    assert "no name that Shoal can use" in answer.text


def test_the_claims_rule_over_what_an_admin_set(app: FastAPI, provider: Provider) -> None:
    log_in(app)
    set_role(app.state.engine, "ann", Role.ADMIN)
    log_in(app)
    assert people(app) == {"ann": "viewer"}


@pytest.mark.parametrize(
    "altered",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"aud": ["shoal", "another"]},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
        {"exp": None},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"iat": None},
        {"nbf": 10**10},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_is_refused(app: FastAPI, provider: Provider, altered: dict[str, Any]) -> None:
    provider.altered = altered
    visitor, answer = log_in(app)
    assert answer.status_code == 403
    assert "could not be trusted" in answer.text
    assert not is_in(visitor)
    assert people(app) == {}


def test_a_token_for_several_that_names_us_holds(app: FastAPI, provider: Provider) -> None:
    provider.altered = {"aud": ["shoal", "another"], "azp": "shoal"}
    assert is_in(log_in(app)[0])


@pytest.mark.parametrize(("late_s", "status"), [(59, 303), (61, 403)])
def test_an_expired_token_is_refused_a_minute_later(
    app: FastAPI, provider: Provider, clock: Clock, late_s: int, status: int
) -> None:
    provider.altered = {"exp": clock() // 1000 - late_s}
    assert log_in(app)[1].status_code == status


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "none", "kid": None}])
def test_a_token_without_signature_is_refused(app: FastAPI, provider: Provider, header: dict[str, Any]) -> None:
    provider.header = header
    assert log_in(app)[1].status_code == 403


def test_a_public_key_is_no_secret(app: FastAPI, provider: Provider) -> None:
    """HMAC with something public as its key: the old confusion of algorithms."""
    public = provider.signing.as_dict(private=False)
    shared = OctKey.import_key(public["x"].encode(), {"kid": provider.signing.kid})
    provider.signing, provider.header = shared, {"alg": "HS256"}
    assert log_in(app)[1].status_code == 403


def test_a_token_of_another_key_under_a_known_name_is_refused(app: FastAPI, provider: Provider) -> None:
    kid = provider.signing.kid
    provider.signing = ECKey.generate_key("P-256", {"kid": kid})
    assert log_in(app)[1].status_code == 403


def test_new_keys_are_asked_for_when_a_token_names_one(app: FastAPI, provider: Provider, clock: Clock) -> None:
    log_in(app)
    log_in(app)
    assert provider.asked.count("/keys") == 1
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    provider.rotate()
    # not at once: made-up names of keys must not make the console ask all the time
    assert log_in(app)[1].status_code == 403
    clock.now_ms += RENEWED_MS_MIN
    assert is_in(log_in(app)[0])
    assert provider.asked.count("/keys") == 2
    provider.signing = ECKey.generate_key("P-256", auto_kid=True)
    clock.now_ms += RENEWED_MS_MIN
    assert log_in(app)[1].status_code == 403
    assert provider.asked.count("/keys") == 3


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
    assert Visitor(app).get("/login/provider").status_code == 503


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


def test_log_out_ends_ours_and_offers_theirs(app: FastAPI, provider: Provider) -> None:
    visitor, _ = log_in(app)
    visitor.token = form_token(visitor.cookies["shoal"])
    page = visitor.fill("/logout")
    assert page.status_code == 200
    assert f'href="{provider.issuer}/end?client_id=shoal&amp;post_logout_redirect_uri=http' in page.text
    assert "Log out everywhere" not in page.text
    assert not is_in(visitor)


def test_log_out_works_while_the_provider_is_away(app: FastAPI, provider: Provider, clock: Clock) -> None:
    visitor, _ = log_in(app)
    clock.now_ms += 1_800_000
    assert is_in(visitor)
    clock.now_ms += 1_900_000
    provider.down = True
    visitor.token = form_token(visitor.cookies["shoal"])
    assert visitor.fill("/logout").headers["location"] == "/login"
    assert not is_in(visitor)


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


def test_attempts_are_counted(make: Make) -> None:
    visitor = Visitor(make(logins_per_minute=2))
    codes = [visitor.get("/login/provider").status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert visitor.get("/login/callback").status_code == 429


def test_passwords_may_be_for_emergencies_only(make: Make) -> None:
    app = make(oidc_passwords=False)
    add_user(app.state.engine, "boss", Role.ADMIN, PASSWORD, 1)
    add_user(app.state.engine, "lea", Role.LEAD, PASSWORD, 1)

    def by_password(user: str) -> int:
        form = {"user": user, "password": PASSWORD}
        return int(Visitor(app).post("/login", data=form, headers={"origin": ORIGIN}).status_code)

    assert (by_password("boss"), by_password("lea")) == (303, 422)
    assert "Password, for admins in an emergency" in Visitor(app).get("/login").text


def test_who_has_no_password_cannot_log_in_by_one(app: FastAPI) -> None:
    log_in(app)
    for password in ("", " ", PASSWORD):
        form = {"user": "ann", "password": password}
        assert Visitor(app).post("/login", data=form, headers={"origin": ORIGIN}).status_code == 422


def test_the_button_names_the_provider(app: FastAPI) -> None:
    page = Visitor(app).get("/login", params={"next": "/cases/c1?a=b&c=d"}).text
    assert "Log in with Keys &amp; Co" in page
    assert 'href="/login/provider?next=/cases/c1%3Fa%3Db%26c%3Dd"' in page
