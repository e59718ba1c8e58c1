"""What a peer found on a stream: groups of accounts that it takes to be coordinated."""

from msgspec import Struct


class PeerResult(Struct, frozen=True):
    """One run of one peer; scored by the same code as Shoal itself."""

    peer: str
    version: str
    groups: list[frozenset[str]]
    """Accounts of each group that was found, as the peer's own method joins them."""
    linked_pairs: int | None
    """Pairs of accounts that the peer links by an edge of its own; None if it knows no pairs."""
    seconds: float
    peak_rss_mb: float
    missing: str | None = None
    """Why there is no result: not installed, out of time, out of memory, failed. Such a run is no miss."""
