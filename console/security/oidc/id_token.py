"""ID tokens: signature and claims (OpenID Connect Core 1.0, 3.1.3.7)."""

from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from msgspec import Struct, structs

from console.security.oidc.refused import SignOnRefused, Why

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""With a public key only: never `none`, and never HMAC, with which a public key could be taken for a secret."""
LEEWAY_S = 60
"""By which the provider's clock may differ from ours."""
TOKEN_CHARACTERS_MAX = 100_000
_registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class UnknownKey(Exception):
    """The token names a key that is not in the set: the provider may have changed its keys."""


class Expected(Struct, frozen=True):
    """What a token must say to be the one that was asked for."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    """What came with it; checked where the token names its digest."""


def checked_claims(token: str, keys: KeySet, expected: Expected, now_ms: int) -> dict[str, Any]:
    """Return the claims of a token that holds. Raises `SignOnRefused` and `UnknownKey`."""
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise SignOnRefused(Why.UNTRUSTED, "length")
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS, registry=_registry)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignOnRefused(Why.UNTRUSTED, type(error).__name__) from error
    wanted = {
        "iss": {"essential": True, "value": expected.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": expected.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": expected.nonce},
    }
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, structs.asdict(expected))
    try:
        claims.validate(now=now_ms // 1000, leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError) as error:
        # the library's errors name the claim and never its value
        raise SignOnRefused(Why.UNTRUSTED, getattr(error, "claim", None) or type(error).__name__) from error
    return dict(decoded.claims)
