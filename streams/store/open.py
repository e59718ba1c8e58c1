"""From a URL to a store."""

from pathlib import Path

from streams.store.engine import SQLITE, TIMEOUT_MS, make_engine
from streams.store.migrate import migrate_engine
from streams.store.protocol import AlertStore, StoreUnavailable
from streams.store.sql import SqlStore


def open_store(url: str, timeout_ms: int = TIMEOUT_MS) -> AlertStore:
    """Open the store that `url` names, with its tables at the newest version.

    Raises `InvalidConfiguration` or `StoreUnavailable`.
    """
    engine = make_engine(url, timeout_ms)
    migrate_engine(engine)
    return SqlStore(engine)


def require_store(url: str) -> None:
    """Raise `StoreUnavailable` for an SQLite file that is not there: whoever asks or decides has mistyped it."""
    path = Path(url.removeprefix(SQLITE))
    if url.startswith(SQLITE) and not path.exists():
        raise StoreUnavailable(
            f"there is no store {path} here (--store or SHOAL_STORE_URL): `shoal demo`, `shoal replay` with --store, "
            "a worker or the console makes one"
        )
