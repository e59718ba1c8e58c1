"""From a URL to a store."""

from streams.store.engine import TIMEOUT_MS
from streams.store.protocol import AlertStore
from streams.store.sql import SqlStore


def open_store(url: str, timeout_ms: int = TIMEOUT_MS) -> AlertStore:
    """Open the store that `url` names, with its tables at the newest version.

    Raises `InvalidConfiguration` or `StoreUnavailable`.
    """
    return SqlStore(url, timeout_ms)
