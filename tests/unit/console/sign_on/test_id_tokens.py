"""ID tokens that must not lead in, and the keys they are checked with."""

from typing import Any

import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey, OctKey

from console.security.oidc.keys import KEYS_MAX, RENEWED_MS_MIN
from tests.unit.console.sign_on.browser import is_in, log_in, people
from tests.unit.console.sign_on.provider import Provider
from tests.unit.console.web.visitors import Clock


@pytest.mark.parametrize(
    "altered",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": "another", "azp": "shoal"},
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


ODD_KEYS = [
    {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"},
    {"kty": "EC", "crv": "P-999", "x": "AAAA", "y": "AAAA"},
    {"kty": "RSA"},
    {"kty": "oct", "k": "AAAA"},
    {},
    "key",
    None,
]


def test_keys_of_unknown_kinds_keep_nobody_out(app: FastAPI, provider: Provider) -> None:
    provider.other_keys = ODD_KEYS
    assert is_in(log_in(app)[0])


def test_without_a_key_of_a_known_kind_nobody_comes_in(app: FastAPI, provider: Provider) -> None:
    provider.other_keys, provider.keys = ODD_KEYS, []
    assert log_in(app)[1].status_code == 503


def test_a_set_of_too_many_keys_is_refused(app: FastAPI, provider: Provider) -> None:
    provider.other_keys = [ECKey.generate_key("P-256").as_dict(private=False)] * KEYS_MAX
    assert log_in(app)[1].status_code == 503
