"""Where alerts go: topics, and a store behind a protocol."""

from streams.sinks.store import AlertStore, StoreUnavailable

__all__ = ["AlertStore", "StoreUnavailable"]
