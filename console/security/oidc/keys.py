"""The provider's keys, kept for a while and asked for again when a token names one that is not among them."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from console.security.oidc.refused import SignOnRefused, Why

KEPT_MS = 3_600_000
RENEWED_MS_MIN = 10_000
"""Between two renewals for unknown keys: tokens made up by strangers must not make the console ask all the time."""
KEYS_MAX = 50


class Keys:
    """A key set with an age. Safe for several threads; one of them asks."""

    def __init__(self, ask: Callable[[str], dict[str, Any]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._kept: KeySet | None = None
        self._asked_at_ms = 0

    def get(self, address: str, now_ms: int, renew: bool = False) -> KeySet:
        """Return the keys at `address`; `renew` for a key that was not found. Raises `SignOnRefused`."""
        with self._lock:
            age_ms = now_ms - self._asked_at_ms
            if self._kept is None or age_ms >= (RENEWED_MS_MIN if renew else KEPT_MS):
                self._kept = _key_set(self._ask(address))
                self._asked_at_ms = now_ms
            return self._kept


def _key_set(document: dict[str, Any]) -> KeySet:
    keys = document.get("keys")
    if not isinstance(keys, list) or len(keys) > KEYS_MAX:
        raise SignOnRefused(Why.DOWN, "keys")
    known = []
    for key in keys:
        if not isinstance(key, dict) or key.get("kty") == "oct" or key.get("use") == "enc":
            continue
        # one key of a kind that is not known yet must not keep everybody out
        with suppress(JoseError, ValueError, TypeError, KeyError):
            known.append(JWKRegistry.import_key(key))
    if not known:
        raise SignOnRefused(Why.DOWN, "keys")
    return KeySet(known)
