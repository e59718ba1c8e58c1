"""Why a decision is not taken. Each says what to do next; none loses anything."""

from collections.abc import Sequence

from console.decisions.entries import LogEntry
from models.errors import ShoalError


class NotDecided(ShoalError):
    """Base: nothing was written."""


class InvalidOrder(NotDecided):
    """An order that cannot be meant: `field` and `reason` say what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


class NoSuchCase(NotDecided):
    """The store has no such campaign."""

    def __init__(self, campaign: str) -> None:
        self.campaign = campaign
        super().__init__(f"no campaign {campaign}")


class Stale(NotDecided):
    """Something happened since the page was made.

    `events` are the decisions meanwhile, oldest first; `revision_now` is the campaign's newest revision, and
    `accounts_now` its accounts, which differ from what was seen where the campaign grew.
    """

    def __init__(self, events: Sequence[LogEntry], revision_now: int, accounts_now: int) -> None:
        self.events = list(events)
        self.revision_now = revision_now
        self.accounts_now = accounts_now
        what = ", ".join(f"{entry.action.value} by {entry.by}" for entry in events)
        super().__init__(what or f"the campaign changed: revision {revision_now}, {accounts_now} accounts")


class SecondPersonNeeded(NotDecided):
    """The same person has confirmed already; another one must confirm now."""

    def __init__(self, confirmed_by: str) -> None:
        self.confirmed_by = confirmed_by
        super().__init__(f"{confirmed_by} has confirmed already: a second person must confirm")


class DifferentPersonNeeded(NotDecided):
    """The case was reopened, and somebody else than before must decide."""

    def __init__(self, decided_by: str) -> None:
        self.decided_by = decided_by
        super().__init__(f"{decided_by} decided before the case was reopened: somebody else must decide now")


class NothingToUndo(NotDecided):
    """No decision of this case stands."""

    def __init__(self, campaign: str) -> None:
        self.campaign = campaign
        super().__init__(f"no decision on {campaign} stands that could be undone")
