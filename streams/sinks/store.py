"""The contract of every store of alerts (tests/contract runs one suite over all of them)."""

from collections.abc import Sequence
from typing import Protocol

from models.alerts import Alert
from models.errors import ShoalError

LIST_MAX = 1_000
"""Most alerts one call of `newest` returns."""


class StoreUnavailable(ShoalError):
    """The store cannot be reached or is locked; the same call may succeed later."""


class AlertStore(Protocol):
    """Keeps the newest state of each campaign, and every revision there ever was.

    Calls block, so they belong in a thread. All may raise `StoreUnavailable`.
    """

    def put(self, alerts: Sequence[Alert]) -> int:
        """Keep the alerts; return how many were new.

        An alert replaces the state of its campaign only if its revision is greater. A revision that
        is already kept is left as it is, so redelivery changes nothing. All or nothing.
        """
        ...

    def get(self, campaign: str) -> Alert | None:
        """The newest state of a campaign."""
        ...

    def newest(self, outcome: str | None = None, state: str | None = None, limit: int = 100) -> list[Alert]:
        """Newest states, latest evaluation first, at most `limit` (1 to `LIST_MAX`)."""
        ...

    def revisions(self, campaign: str) -> list[Alert]:
        """Every revision of a campaign, oldest first."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


def checked_limit(limit: int) -> int:
    """Return `limit`. Raises `ValueError` outside 1 to `LIST_MAX`."""
    if not 1 <= limit <= LIST_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {LIST_MAX}")
    return limit
