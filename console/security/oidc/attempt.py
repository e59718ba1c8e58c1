"""A log-in on its way: what the browser carries to the provider and back, sealed in a cookie.

Nothing is written for strangers, and any of several consoles can take the answer.
"""

import hashlib
import hmac
import secrets

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry
from msgspec import Struct, ValidationError, convert, structs

from console.security.oidc.refused import SignOnRefused, Why

KEPT_S = 600
SEALED_CHARACTERS_MAX = 4_000
NEXT_CHARACTERS_MAX = 1_000
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_registry = JWERegistry(algorithms=list(_HEADER.values()))


class Attempt(Struct, frozen=True):
    """One log-in, from the button to the answer."""

    state: str
    nonce: str
    code_verifier: str
    next: str
    """Path of the console to go to afterwards."""


def new_attempt(next_path: str) -> Attempt:
    """Begin one: 256 random bits each."""
    return Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), next_path)


def seal(attempt: Attempt, key: bytes, now_ms: int) -> str:
    """Encrypt it for the cookie (JWE, A256GCM); it opens for `KEPT_S` seconds. `key` is the deployment's."""
    claims = {**structs.asdict(attempt), "exp": now_ms // 1000 + KEPT_S}
    return jwt.encode(_HEADER, claims, _own(key), registry=_registry)


def unseal(sealed: str, state: str, key: bytes, now_ms: int) -> Attempt:
    """Return what was sealed for `state`. Raises `SignOnRefused` for anything else and after `KEPT_S` seconds."""
    if not 0 < len(sealed) <= SEALED_CHARACTERS_MAX:
        raise SignOnRefused(Why.OVER, "cookie")
    try:
        claims = jwt.decode(sealed, _own(key), registry=_registry).claims
        JWTClaimsRegistry(now=now_ms // 1000, exp={"essential": True}).validate(claims)
        found = convert(claims, Attempt)
    except (JoseError, ValidationError, ValueError, TypeError) as error:
        raise SignOnRefused(Why.OVER, "cookie") from error
    if not hmac.compare_digest(found.state.encode(), state.encode(errors="replace")):
        raise SignOnRefused(Why.OVER, "state")
    return found


def _own(key: bytes) -> OctKey:
    return OctKey.import_key(hashlib.blake2b(b"shoal sign-on", key=key[:64], digest_size=32).digest())
