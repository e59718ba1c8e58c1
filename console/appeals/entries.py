"""What a platform files, what it is told, and why an appeal is not taken."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from console.decisions.errors import NotDecided

STATEMENT_CHARACTERS_MAX: Final = 4_000
ID_CHARACTERS_MAX: Final = 128
CAMPAIGN_CHARACTERS_MAX: Final = 64
AHEAD_MAX_MS: Final = 300_000
"""How far a platform's clock may be ahead of ours, as for events."""


class Outcome(StrEnum):
    """Where an appeal stands."""

    WAITING = "waiting"
    UPHELD = "upheld"
    """Somebody else decided the same again: the decision stands for this account."""
    OVERTURNED = "overturned"
    """The decision no longer stands for this account."""


class Filing(Struct, frozen=True):
    """An appeal as the platform files it."""

    reference: str
    """The platform's own name of the appeal, 1 to `ID_CHARACTERS_MAX` printable characters: sent again, it is the
    same appeal."""
    account: str
    filed_at_ms: int
    """When the account appealed to the platform, epoch ms."""
    campaign: str | None = None
    """The case; None for the newest decided one of the account."""
    statement: str = ""
    """What the account says, at most `STATEMENT_CHARACTERS_MAX`. Strangers wrote it."""


class Appeal(Struct, frozen=True):
    """An appeal and where it stands. Times are epoch ms."""

    appeal_id: str
    reference: str
    campaign: str
    account: str | None
    """None after the retention period."""
    statement: str | None
    filed_at_ms: int
    received_at_ms: int
    outcome: Outcome
    answered_at_ms: int | None
    """When the decision that answers it came to count; None while it waits."""


class Limits(Struct, frozen=True):
    """What the operator of the console may set."""

    days: int = 90
    """Days after the decision within which an account may appeal."""
    per_account_max: int = 3
    """Appeals of one account in one case, answered ones among them."""


class Refusal(StrEnum):
    """Why an appeal is not taken: a closed set, for programs."""

    NOT_DECIDED = "not_decided"
    NOTHING_HELD = "nothing_held"
    NOT_OF_CASE = "not_of_case"
    FORGOTTEN = "forgotten"
    TOO_LATE = "too_late"
    TOO_MANY = "too_many"
    WAITS_ALREADY = "waits_already"
    REFERENCE_USED = "reference_used"


class AppealRefused(NotDecided):
    """The appeal is not taken; `reason` says why in one word, the message in a sentence."""

    def __init__(self, reason: Refusal, sentence: str) -> None:
        self.reason = reason
        super().__init__(f"{reason.value}: {sentence}")
