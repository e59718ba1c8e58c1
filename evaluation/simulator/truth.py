"""What was planted: the ground truth that comes with every simulated stream."""

from enum import StrEnum

from msgspec import Struct

from models.events import AnyEvent

ORGANIC = "organic"


class Expected(StrEnum):
    """What a fair detector does about a group."""

    ALERT = "alert"
    QUIET = "quiet"
    """Listed or unseen, but nobody is called."""


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


class Truth(Struct, frozen=True):
    """All groups of a stream; accounts outside them are organic."""

    groups: tuple[Group, ...]

    @property
    def armies(self) -> tuple[Group, ...]:
        """Groups that must be found."""
        return tuple(group for group in self.groups if group.expected is Expected.ALERT)

    @property
    def crowds(self) -> tuple[Group, ...]:
        """Honest groups that must be left alone."""
        return tuple(group for group in self.groups if group.expected is Expected.QUIET)

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
