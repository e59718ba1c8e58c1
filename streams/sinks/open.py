"""From a URL to a store."""

from models.errors import InvalidConfiguration
from streams.sinks.sqlite import SqliteStore
from streams.sinks.store import AlertStore


def open_store(url: str, timeout_ms: int = 5_000) -> AlertStore:
    """Open the store that `url` names. Raises `InvalidConfiguration` or `StoreUnavailable`."""
    if url.startswith("sqlite:///"):
        return SqliteStore(url, timeout_ms)
    raise InvalidConfiguration("store_url", url, "sqlite:///PATH")
