"""The database that worker and console share: alerts, verdicts on topics, and one history of migrations."""

from streams.store.protocol import AlertStore, StoreUnavailable

__all__ = ["AlertStore", "StoreUnavailable"]
