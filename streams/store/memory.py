"""A store in memory: for tests and for looking at a small run."""

from collections.abc import Sequence

from models.alerts import Alert
from models.trends import CorrectedList, TrendVerdict
from streams.store.protocol import TRENDS_KEPT_MS, checked_limit


class MemoryStore:
    """Satisfies `AlertStore`."""

    def __init__(self) -> None:
        self._revisions: dict[str, dict[int, Alert]] = {}
        self._verdicts: dict[str, TrendVerdict] = {}
        self._lists: dict[str, CorrectedList] = {}

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

    def put_trends(self, verdicts: Sequence[TrendVerdict], lists: Sequence[CorrectedList]) -> None:
        """Keep the newest of each."""
        for verdict in verdicts:
            known = self._verdicts.get(verdict.key)
            if known is None or known.revision < verdict.revision:
                self._verdicts[verdict.key] = verdict
        for listed in lists:
            before = self._lists.get(listed.name)
            if before is None or before.revision < listed.revision:
                self._lists[listed.name] = listed
        oldest_ms = max((verdict.at_ms for verdict in verdicts), default=0) - TRENDS_KEPT_MS
        self._verdicts = {key: verdict for key, verdict in self._verdicts.items() if verdict.at_ms >= oldest_ms}

    def trend(self, key: str) -> TrendVerdict | None:
        """The newest verdict on a topic."""
        return self._verdicts.get(key)

    def trends(self, outcome: str | None = None, on_list: str | None = None, limit: int = 100) -> list[TrendVerdict]:
        """Newest verdicts, latest first."""
        wanted = [
            verdict
            for verdict in self._verdicts.values()
            if outcome in (None, verdict.outcome)
            and (on_list is None or on_list in {place.list for place in verdict.places})
        ]
        return sorted(wanted, key=lambda verdict: (-verdict.at_ms, verdict.key))[: checked_limit(limit)]

    def corrected_list(self, name: str) -> CorrectedList | None:
        """The newest state of a list."""
        return self._lists.get(name)

    def corrected_lists(self) -> list[CorrectedList]:
        """The newest state of every list, by name."""
        return [self._lists[name] for name in sorted(self._lists)]

    def close(self) -> None:
        """Nothing is held."""
