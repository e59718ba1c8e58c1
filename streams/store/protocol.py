"""The contract of every store of alerts (tests/contract runs one suite over all of them)."""

from collections.abc import Sequence
from typing import Protocol

from models.alerts import Alert
from models.errors import ShoalError
from models.trends import CorrectedList, TrendVerdict

LIST_MAX = 1_000
"""Most alerts one call of `newest` returns."""


TRENDS_KEPT_MS = 90 * 86_400_000
"""Event time for which a topic that nothing is said of any more is kept."""


class StoreUnavailable(ShoalError):
    """The store cannot be reached or is locked; the same call may succeed later."""


class AlertStore(Protocol):
    """Keeps the newest state of each campaign, every revision there ever was, and the newest word on each topic.

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

    def put_trends(self, verdicts: Sequence[TrendVerdict], lists: Sequence[CorrectedList]) -> None:
        """Keep the newest verdict of each topic and the newest state of each list, by revision.

        Verdicts that are `TRENDS_KEPT_MS` older than the newest given are forgotten. All or nothing.
        """
        ...

    def trend(self, key: str) -> TrendVerdict | None:
        """The newest verdict on a topic, by its folded name."""
        ...

    def trends(self, outcome: str | None = None, on_list: str | None = None, limit: int = 100) -> list[TrendVerdict]:
        """Newest verdicts, latest first, at most `limit` (1 to `LIST_MAX`); `on_list`: with a place on that list."""
        ...

    def corrected_list(self, name: str) -> CorrectedList | None:
        """The newest state of a list."""
        ...

    def corrected_lists(self) -> list[CorrectedList]:
        """The newest state of every list, by name."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


def checked_limit(limit: int) -> int:
    """Return `limit`. Raises `ValueError` outside 1 to `LIST_MAX`."""
    if not 1 <= limit <= LIST_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {LIST_MAX}")
    return limit
