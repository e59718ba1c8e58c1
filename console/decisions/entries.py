"""What is asked for, what is written, and what is read back."""

from enum import StrEnum

from msgspec import Struct

from models.ids import AccountId, CampaignId


class Action(StrEnum):
    """What a person does with a case."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    WATCH = "watch"
    HAND_OVER = "hand_over"
    UNDO = "undo"
    REOPEN = "reopen"


DISMISS_REASONS = ("fans", "petition", "newsroom", "other")
TEXT_CHARACTERS_MAX = 2_000
LEFT_OUT_MAX = 5_000
JUDGEMENTS = frozenset({Action.CONFIRM, Action.DISMISS, Action.WATCH})


class Order(Struct, frozen=True):
    """What a moderator asks for, and what of the case was on the page when it was asked."""

    campaign: CampaignId
    action: Action
    by: str
    """Id of the user."""
    revision: int
    """Revision of the campaign that was on the page."""
    seen: int
    """Number of the newest decision on this case that was on the page; 0 if there was none."""
    reason: str = ""
    """One of `DISMISS_REASONS` for a dismissal, else empty."""
    text: str = ""
    accounts_left_out: tuple[AccountId, ...] = ()
    to_user: str | None = None
    to_role: str | None = None
    undoes: int | None = None
    """Number of the decision to take back; None for the newest that stands."""


class Body(Struct, frozen=True):
    """One row of the log as it is hashed. Field order is part of the format: see `console.decisions.chain`."""

    number: int
    campaign: CampaignId
    action: Action
    by: str
    at_ms: int
    revision: int
    seen: int
    reason: str
    to_user: str | None
    to_role: str | None
    undoes: int | None
    persons_needed: int
    """How many different people must confirm for this confirmation to count."""
    left_out_total: int
    details_sha256: str
    """Digest of the salted details (`Details`), which may be erased one day."""
    format: int = 1


class Details(Struct, frozen=True):
    """What may be personal: kept beside the log and erased after the retention period."""

    salt: str
    text: str
    accounts_left_out: tuple[AccountId, ...]


class LogEntry(Struct, frozen=True):
    """One row of the log, as pages show it."""

    number: int
    campaign: CampaignId
    action: Action
    by: str
    at_ms: int
    revision: int
    reason: str
    text: str
    accounts_left_out: tuple[AccountId, ...]
    to_user: str | None
    to_role: str | None
    undoes: int | None
    persons_needed: int
    left_out_total: int
    erased: bool
    """Text and accounts left out were erased after the retention period."""
    standing: bool = True
    """False where it was taken back, or came before the case was reopened; known only when a whole case is read."""


class CaseStatus(Struct, frozen=True):
    """What follows from the log for one case."""

    campaign: CampaignId
    status: str = "open"
    """`open`, `pending` (a second person must confirm), `confirmed`, `dismissed`, `watched`."""
    last_number: int = 0
    """Number of the newest row of the log on this case: what an order names as `seen`."""
    decided_by: str | None = None
    decided_at_ms: int | None = None
    decided_revision: int | None = None
    reason: str = ""
    assigned_user: str | None = None
    assigned_role: str | None = None
