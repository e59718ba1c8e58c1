"""From a URL to a store."""

from streams.store.engine import TIMEOUT_MS, make_engine
from streams.store.migrate import migrate_engine
from streams.store.protocol import AlertStore
from streams.store.sql import SqlStore


def open_store(url: str, timeout_ms: int = TIMEOUT_MS) -> AlertStore:
    """Open the store that `url` names, with its tables at the newest version.

    Raises `InvalidConfiguration` or `StoreUnavailable`.
    """
    engine = make_engine(url, timeout_ms)
    migrate_engine(engine)
    return SqlStore(engine)
