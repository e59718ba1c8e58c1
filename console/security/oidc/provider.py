"""The provider: where it sends people, and what it says about who came back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from msgspec import Struct

from console.security.oidc.attempt import Attempt
from console.security.oidc.discovery import Described, address_of_description, described
from console.security.oidc.http import BoundedTransport
from console.security.oidc.id_token import Expected, UnknownKey, checked_claims
from console.security.oidc.keys import Keys
from console.security.oidc.refused import SignOnRefused, Why

KEPT_MS = 3_600_000
REST_MS = 5_000
"""After a failure nobody asks for so long: a provider that is away must not hold up the console."""
AT_ONCE_MAX = 4


class ProviderSettings(Struct, frozen=True):
    """The provider as it was set."""

    issuer: str
    client_id: str
    client_secret: str | None
    scopes: str
    timeout_s: float


class Provider:
    """One provider. Safe for several threads; at most `AT_ONCE_MAX` of them wait for it, each for a bounded time."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._transport = BoundedTransport(settings.timeout_s)
        self._turns = threading.BoundedSemaphore(AT_ONCE_MAX)
        self._lock = threading.Lock()
        self._described: Described | None = None
        self._asked_at_ms = 0
        self._failed_at_ms = -REST_MS
        self._keys = Keys(self._get)

    @property
    def issuer(self) -> str:
        """Who vouches for people."""
        return self._settings.issuer

    def way_out(self, attempt: Attempt, redirect_uri: str, now_ms: int) -> str:
        """Where the browser is sent to log in. Raises `SignOnRefused`."""
        with self._turn():
            known = self._description(now_ms)
        address, _ = self._client(known, redirect_uri).create_authorization_url(
            known.authorization_endpoint,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.code_verifier,
        )
        return str(address)

    def who_came(
        self, attempt: Attempt, code: str, issuer: str | None, redirect_uri: str, now_ms: int
    ) -> dict[str, Any]:
        """Return the checked claims for `code`; `issuer` is what the browser brought along. Raises `SignOnRefused`."""
        with self._turn():
            known = self._description(now_ms)
            if issuer != self.issuer and (known.names_issuer or issuer is not None):
                raise SignOnRefused(Why.UNTRUSTED, "iss of the answer")
            token = self._exchange(known, attempt, code, redirect_uri)
            return self._claims(known, token, attempt.nonce, now_ms)

    def log_out_address(self, back_to: str, now_ms: int) -> str | None:
        """Where the session at the provider can be ended (RP-initiated logout); None where it offers nothing.

        No ID token is sent along, since none is kept: the provider may ask whether one means it.
        """
        try:
            with self._turn():
                endpoint = self._description(now_ms).end_session_endpoint
        except SignOnRefused:
            return None
        if endpoint is None:
            return None
        query = urlencode({"client_id": self._settings.client_id, "post_logout_redirect_uri": back_to})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def _description(self, now_ms: int) -> Described:
        with self._lock:
            if self._described is not None and now_ms - self._asked_at_ms < KEPT_MS:
                return self._described
            if now_ms - self._failed_at_ms < REST_MS:
                raise SignOnRefused(Why.DOWN, "failed a moment ago")
            try:
                document = self._get(address_of_description(self.issuer))
                self._described = described(document, self.issuer, self._settings.client_secret is not None)
            except SignOnRefused:
                self._failed_at_ms = now_ms
                raise
            self._asked_at_ms = now_ms
            return self._described

    def _exchange(self, known: Described, attempt: Attempt, code: str, redirect_uri: str) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            return dict(
                self._client(known, redirect_uri).fetch_token(
                    known.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.code_verifier,
                )
            )

        return _answered(ask)

    def _claims(self, known: Described, token: dict[str, Any], nonce: str, now_ms: int) -> dict[str, Any]:
        id_token, access_token = token.get("id_token"), token.get("access_token")
        if not isinstance(id_token, str):
            raise SignOnRefused(Why.UNTRUSTED, "no id_token")
        access_token = access_token if isinstance(access_token, str) else None
        expected = Expected(self.issuer, self._settings.client_id, nonce, access_token)
        try:
            return checked_claims(id_token, self._keys.get(known.jwks_uri, now_ms), expected, now_ms)
        except UnknownKey:
            renewed = self._keys.get(known.jwks_uri, now_ms, renew=True)
        try:
            return checked_claims(id_token, renewed, expected, now_ms)
        except UnknownKey as error:
            raise SignOnRefused(Why.UNTRUSTED, "kid") from error

    def _client(self, known: Described, redirect_uri: str) -> Any:
        return OAuth2Client(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret,
            token_endpoint_auth_method=known.auth_method,
            scope=self._settings.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=self._settings.timeout_s,
            follow_redirects=False,
        )

    def _get(self, address: str) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            client = httpx2.Client(transport=self._transport, timeout=self._settings.timeout_s)
            found = client.get(address, headers={"accept": "application/json"}).raise_for_status().json()
            if not isinstance(found, dict):
                raise SignOnRefused(Why.DOWN, "no object")
            return found

        return _answered(ask)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._settings.timeout_s):
            raise SignOnRefused(Why.DOWN, "too many at once")
        try:
            yield
        finally:
            self._turns.release()


def _answered(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what the provider answers, with its errors and those of the network as `SignOnRefused`."""
    try:
        return ask()
    except OAuthError as error:
        # a code that was used before, is too old, or is another client's
        why = Why.OVER if error.error == "invalid_grant" else Why.SETTINGS
        raise SignOnRefused(why, "token endpoint") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise SignOnRefused(Why.DOWN, type(error).__name__) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise SignOnRefused(Why.DOWN, "no JSON") from error
