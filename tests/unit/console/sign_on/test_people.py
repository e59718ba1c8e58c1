"""Who comes in by the provider, as whom, and out again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from console.security.oidc.people import sign_on
from console.security.oidc.refused import SignOnRefused
from console.security.roles import Role
from console.security.sessions import form_token
from console.security.tables import sessions, users
from console.security.users import add_user, list_users, set_disabled, set_role
from streams.store.engine import make_engine, reading
from tests.unit.console.sign_on.browser import is_in, log_in, people
from tests.unit.console.sign_on.conftest import Make
from tests.unit.console.sign_on.provider import Provider
from tests.unit.console.web.visitors import ORIGIN, PASSWORD, Clock, Visitor


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


def test_of_many_at_once_each_is_made_once_and_no_name_twice(store_url: str) -> None:
    engine = make_engine(store_url)

    def come(number: int) -> str:
        try:
            return sign_on(engine, "https://id.example", f"s-{number % 4}", "ann", Role.VIEWER, 1).user_id
        except SignOnRefused as refused:
            return refused.why.value

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(come, range(24)))
    assert sorted(came) == ["ann"] * 6 + ["name_taken"] * 18
    assert len(list_users(engine)) == 1
    engine.dispose()
