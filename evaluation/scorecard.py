"""Alerts held against the truth: what was planted, found, and rightly left alone."""

from collections.abc import Sequence

from msgspec import Struct

from evaluation.simulator.truth import Expected, Group, Truth
from models.alerts import Alert, AlertState

FOUND_MIN = 0.5
"""An army counts as found when at least this share of its accounts was named."""
ALERTED_MIN = 0.05
"""An honest crowd counts as alerted when more than this share of its accounts was named."""
CALLS = (AlertState.OPENED, AlertState.UPDATED)


class Score(Struct, frozen=True):
    """How one planted group was judged."""

    group: Group
    named: int
    """Accounts of the group that any alert named."""
    opened_ms: int | None
    """Event time at which the first alert about it opened."""
    listed: bool
    """Seen as a campaign that is no alert."""

    @property
    def share(self) -> float:
        """Share of the group's accounts that was named."""
        return self.named / len(self.group.accounts)

    @property
    def right(self) -> bool:
        """Whether the group was judged as it should be."""
        if self.group.expected is Expected.ALERT:
            return self.share >= FOUND_MIN
        left_alone = self.share <= ALERTED_MIN
        return left_alone and (self.listed or self.group.expected is not Expected.LISTED)


class Scorecard(Struct, frozen=True):
    """All groups, and who was named that belongs to none of the armies."""

    scores: list[Score]
    false_alerts: list[Alert]
    """Alerts of which most accounts belong to no army (newest revision)."""
    bystanders: int
    """Accounts outside the armies that any alert named."""
    named: int
    """Accounts that any alert named."""

    @property
    def right(self) -> bool:
        """Every army found, every honest crowd left alone, no false alert."""
        return all(score.right for score in self.scores) and not self.false_alerts


def score(truth: Truth, alerts: Sequence[Alert]) -> Scorecard:
    """Judge every revision of all alerts, in order, against the truth."""
    armies = frozenset[str]().union(*(group.accounts for group in truth.armies))
    calls = [alert for alert in alerts if alert.state in CALLS]
    named = frozenset(account for alert in calls for account in alert.accounts)
    newest = {alert.campaign: alert for alert in calls}
    false_alerts = [a for a in newest.values() if sum(x in armies for x in a.accounts) * 2 < len(a.accounts)]
    return Scorecard([_score(group, alerts) for group in truth.groups], false_alerts, len(named - armies), len(named))


def _score(group: Group, alerts: Sequence[Alert]) -> Score:
    about = [alert for alert in alerts if _is_about(alert, group)]
    named = {account for alert in alerts if alert.state in CALLS for account in alert.accounts}
    opened = [alert.at_ms for alert in about if alert.state in CALLS]
    listed = any(alert.state is AlertState.LISTED for alert in about)
    return Score(group, len(named & group.accounts), min(opened, default=None), listed)


def _is_about(alert: Alert, group: Group) -> bool:
    return sum(account in group.accounts for account in alert.accounts) * 2 >= len(alert.accounts)
