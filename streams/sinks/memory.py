"""A store in memory: for tests and for looking at a small run."""

from collections.abc import Sequence

from models.alerts import Alert
from streams.sinks.store import checked_limit


class MemoryStore:
    """Satisfies `AlertStore`."""

    def __init__(self) -> None:
        self._revisions: dict[str, dict[int, Alert]] = {}

    def put(self, alerts: Sequence[Alert]) -> int:
        """Keep the alerts; return how many were new."""
        new = 0
        for alert in alerts:
            known = self._revisions.setdefault(alert.campaign, {})
            if alert.revision not in known:
                known[alert.revision] = alert
                new += 1
        return new

    def get(self, campaign: str) -> Alert | None:
        """The newest state of a campaign."""
        known = self._revisions.get(campaign)
        return known[max(known)] if known else None

    def newest(self, outcome: str | None = None, state: str | None = None, limit: int = 100) -> list[Alert]:
        """Newest states, latest evaluation first."""
        newest = [known[max(known)] for known in self._revisions.values()]
        wanted = [a for a in newest if outcome in (None, a.outcome) and state in (None, a.state)]
        return sorted(wanted, key=lambda a: (-a.at_ms, a.campaign))[: checked_limit(limit)]

    def revisions(self, campaign: str) -> list[Alert]:
        """Every revision of a campaign, oldest first."""
        known = self._revisions.get(campaign, {})
        return [known[revision] for revision in sorted(known)]

    def close(self) -> None:
        """Nothing is held."""
