"""The provider's description of itself (OpenID Connect Discovery 1.0)."""

from typing import Any

from authlib.common.security import is_secure_transport
from authlib.oidc.discovery.well_known import get_well_known_url
from msgspec import Struct

from console.security.oidc.refused import SignOnRefused, Why

ADDRESS_CHARACTERS_MAX = 2_000
BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"


class Described(Struct, frozen=True):
    """Where the provider is asked for what."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    auth_method: str
    """How the console says who it is at the token endpoint."""
    names_issuer: bool
    """Answers in the browser carry `iss` (RFC 9207)."""


def address_of_description(issuer: str) -> str:
    """Where `issuer` describes itself."""
    return str(get_well_known_url(issuer, external=True))


def described(document: dict[str, Any], issuer: str, has_secret: bool) -> Described:
    """Read the document. Raises `SignOnRefused` for another issuer and for addresses without TLS.

    Without TLS is allowed on the loopback interface only.
    """
    if document.get("issuer") != issuer:
        raise SignOnRefused(Why.SETTINGS, "issuer")
    session_end = document.get("end_session_endpoint")
    return Described(
        authorization_endpoint=_address(document, "authorization_endpoint"),
        token_endpoint=_address(document, "token_endpoint"),
        jwks_uri=_address(document, "jwks_uri"),
        end_session_endpoint=_address(document, "end_session_endpoint") if session_end else None,
        auth_method=_auth_method(document, has_secret),
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(document: dict[str, Any], name: str) -> str:
    found = document.get(name)
    if not isinstance(found, str) or len(found) > ADDRESS_CHARACTERS_MAX or not is_secure_transport(found):
        raise SignOnRefused(Why.SETTINGS, name)
    return found


def _auth_method(document: dict[str, Any], has_secret: bool) -> str:
    if not has_secret:
        return NONE
    methods = document.get("token_endpoint_auth_methods_supported")
    # servers differ in how they read characters such as % and + of a secret in the header; in the body all agree
    return POST if isinstance(methods, list) and POST in methods else BASIC
