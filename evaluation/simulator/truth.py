"""What was planted: the ground truth that comes with every simulated stream."""

from enum import StrEnum

from msgspec import Struct

from models.events import AnyEvent

ORGANIC = "organic"
HOUR_MS = 3_600_000
TARGET_ACCOUNTS_MIN = 20
TARGET_PARTICIPATION_MIN = 0.5


class Expected(StrEnum):
    """What a fair detector does about a group."""

    ALERT = "alert"
    QUIET = "quiet"
    """Listed or unseen, but nobody is called."""
    LISTED = "listed"
    """Coordinated and honest: it must be listed, and nobody is called."""


class Group(Struct, frozen=True):
    """Accounts that were planted together."""

    group: str
    role: str
    """`army` or the sort of honest crowd, such as `fan club`."""
    expected: Expected
    accounts: frozenset[str]
    about: str
    """One phrase for people."""
    first_ms: int
    last_ms: int
    """First and last planted action."""
    actions_ms: tuple[int, ...] = ()
    """Times of the planted actions, sorted: what was paid for, or what a crowd came for."""
    participation: float = 1.0
    """Share of the group that takes part in one of its targets."""
    window_ms: int | None = None
    """The group acts on one target within this; None if the piece does not say."""

    @property
    def target_class(self) -> bool:
        """Whether it is an army that must be found: 20 accounts or more, half of them on a target within an hour."""
        return (
            self.expected is Expected.ALERT
            and len(self.accounts) >= TARGET_ACCOUNTS_MIN
            and self.participation >= TARGET_PARTICIPATION_MIN
            and (self.last_ms - self.first_ms if self.window_ms is None else self.window_ms) <= HOUR_MS
        )


class Truth(Struct, frozen=True):
    """All groups of a stream; accounts outside them are organic."""

    groups: tuple[Group, ...]

    @property
    def armies(self) -> tuple[Group, ...]:
        """Groups that must be found."""
        return tuple(group for group in self.groups if group.expected is Expected.ALERT)

    @property
    def crowds(self) -> tuple[Group, ...]:
        """Honest groups that must be left alone, listed or not."""
        return tuple(group for group in self.groups if group.expected is not Expected.ALERT)

    def group_of(self, account: str) -> Group | None:
        """The group that an account was planted with."""
        return next((group for group in self.groups if account in group.accounts), None)

    def role_of(self, account: str) -> str:
        """Role of an account, `organic` outside every group."""
        group = self.group_of(account)
        return group.role if group else ORGANIC


class Simulation(Struct, frozen=True):
    """A stream and its truth."""

    name: str
    seed: int
    events: list[AnyEvent]
    """Sorted by time, then kind, then content."""
    truth: Truth
