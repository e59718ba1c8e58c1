"""What has been told about each campaign, and whether there is something new to tell."""

from collections.abc import Callable

import msgspec

from detector.recent import RecentMap
from models.alerts import Alert, AlertState, Outcome

GROWTH = 1.2
"""A revision is worth telling when accounts or targets grew by this factor."""
SETTLED_REVISION_MS = 60_000
ALERTED = (AlertState.OPENED, AlertState.UPDATED)


class Casebook:
    """Newest alert of each live case. Alerts are updated, not repeated.

    Of a case that is over only its revision and last action are kept, so that it goes on counting
    when it comes back and is not told again before something happened.
    """

    def __init__(self, past_max: int = 200_000) -> None:
        self._cases: dict[str, Alert] = {}
        self._past: RecentMap[tuple[int, int]] = RecentMap(past_max)

    def __len__(self) -> int:
        return len(self._cases)

    def get(self, campaign: str) -> Alert | None:
        """The newest alert of a live case."""
        return self._cases.get(campaign)

    def values(self) -> list[Alert]:
        """Newest alerts of all live cases."""
        return list(self._cases.values())

    def tell(self, campaign: str, make: Callable[[int, AlertState], Alert]) -> Alert | None:
        """Make the next revision; keep and return it if it says something new."""
        before = self._cases.get(campaign)
        past_revision, past_action_ms = self._past.get(campaign) or (0, -1)
        draft = make((before.revision if before else past_revision) + 1, AlertState.LISTED)
        is_news = _is_news(before, draft) if before else draft.last_action_ms > past_action_ms
        if not is_news:
            return None
        alert = msgspec.structs.replace(draft, state=_state(before, draft))
        self._cases[campaign] = alert
        return alert

    def close(self, campaign: str, at_ms: int, merged_into: str | None) -> Alert | None:
        """End a case: it has become part of another, or gone quiet. None if nobody was alerted of it."""
        before = self._cases.pop(campaign, None)
        if before is None:
            return None
        if before.state not in ALERTED:
            self._past.put(campaign, (before.revision, before.last_action_ms))
            return None
        told = f"joined campaign {merged_into}" if merged_into else "quiet since"
        self._past.put(campaign, (before.revision + 1, before.last_action_ms))
        return msgspec.structs.replace(
            before,
            revision=before.revision + 1,
            state=AlertState.CLOSED,
            at_ms=at_ms,
            headline=f"{before.headline} (closed: {told})",
        )

    def snapshot(self) -> bytes:
        """The state, encoded."""
        return msgspec.msgpack.encode((self._cases, self._past.generations()))

    def restore(self, raw: bytes) -> None:
        """Take the state of `snapshot`."""
        past = tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]
        self._cases, (young, old) = msgspec.msgpack.decode(raw, type=tuple[dict[str, Alert], past])
        self._past.restore(young, old)


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
    grown = (
        draft.accounts_total >= GROWTH * before.accounts_total or draft.targets_total >= GROWTH * before.targets_total
    )
    return grown and _settled(before, draft)


def _settled(before: Alert, draft: Alert) -> bool:
    """Growth alone is told at most once a minute."""
    return draft.at_ms - before.at_ms >= SETTLED_REVISION_MS
