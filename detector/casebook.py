"""What has been told about each campaign, and whether there is something new to tell."""

from collections.abc import Callable

import msgspec

from models.alerts import Alert, AlertState, Outcome

GROWTH = 1.2
"""A revision is worth telling when accounts or targets grew by this factor."""
SETTLED_REVISION_MS = 60_000
ALERTED = (AlertState.OPENED, AlertState.UPDATED)


class Casebook:
    """Newest alert of each live campaign. Alerts are updated, not repeated."""

    def __init__(self) -> None:
        self._cases: dict[str, Alert] = {}

    def __len__(self) -> int:
        return len(self._cases)

    def get(self, campaign: str) -> Alert | None:
        """The newest alert of a live campaign."""
        return self._cases.get(campaign)

    def values(self) -> list[Alert]:
        """Newest alerts of all live campaigns."""
        return list(self._cases.values())

    def tell(self, campaign: str, make: Callable[[int, AlertState], Alert]) -> Alert | None:
        """Make the next revision; keep and return it if it says something new."""
        before = self._cases.get(campaign)
        revision = before.revision + 1 if before else 1
        draft = make(revision, AlertState.LISTED)
        if before is not None and not _is_news(before, draft):
            return None
        alert = msgspec.structs.replace(draft, state=_state(before, draft))
        self._cases[campaign] = alert
        return alert

    def close(self, campaign: str, at_ms: int, merged_into: str | None) -> Alert | None:
        """End an alerted case: it has become part of another, or gone quiet. None if it was not alerted.

        The case is kept, so that a later revision continues the count.
        """
        before = self._cases.get(campaign)
        if before is None or before.state not in ALERTED:
            return None
        told = f"joined campaign {merged_into}" if merged_into else "quiet since"
        closed = msgspec.structs.replace(
            before,
            revision=before.revision + 1,
            state=AlertState.CLOSED,
            at_ms=at_ms,
            headline=f"{before.headline} (closed: {told})",
        )
        self._cases[campaign] = closed
        return closed

    def forget(self, campaign: str) -> None:
        """Nothing of the case is left in memory."""
        self._cases.pop(campaign, None)

    def snapshot(self) -> bytes:
        """The state, encoded."""
        return msgspec.msgpack.encode(self._cases)

    def restore(self, raw: bytes) -> None:
        """Take the state of `snapshot`."""
        self._cases = msgspec.msgpack.decode(raw, type=dict[str, Alert])


def _state(before: Alert | None, draft: Alert) -> AlertState:
    alerted = before is not None and before.state in ALERTED
    if draft.outcome is Outcome.INAUTHENTIC:
        return AlertState.UPDATED if alerted else AlertState.OPENED
    return AlertState.CLOSED if alerted else AlertState.LISTED


def _is_news(before: Alert, draft: Alert) -> bool:
    if draft.outcome is not before.outcome or draft.severity is not before.severity:
        return True
    if draft.merged_from:
        return True
    if before.state is AlertState.CLOSED and draft.outcome is Outcome.INAUTHENTIC:
        return draft.last_action_ms > before.last_action_ms
    grown = (
        draft.accounts_total >= GROWTH * before.accounts_total or draft.targets_total >= GROWTH * before.targets_total
    )
    return grown and _settled(before, draft)


def _settled(before: Alert, draft: Alert) -> bool:
    """Growth alone is told at most once a minute."""
    return draft.at_ms - before.at_ms >= SETTLED_REVISION_MS
