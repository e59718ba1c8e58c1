"""What a message may say of a case. No account, no post, nothing that somebody who may not see the case should read."""

import hashlib
from typing import Any

import msgspec
from msgspec import Struct

from console.decisions.entries import CaseStatus
from console.messages.destinations import SEVERITIES

HEADLINE_CHARACTERS_MAX = 1_000


class Decided(Struct, frozen=True):
    """A decision of a person, as the log has it."""

    number: int
    action: str
    by: str
    reason: str
    at_ms: int


class Facts(Struct, frozen=True):
    """A case at one moment, and what happened. Times are epoch ms."""

    event: str
    """`opened`, `updated`, `decided`, or `test`."""
    at_ms: int
    """When it happened, by the alert or the decision."""
    campaign: str
    revision: int
    state: str
    kind: str
    outcome: str
    severity: str
    headline: str
    accounts_total: int
    targets_total: int
    posts: int
    reach: int
    first_action_ms: int
    last_action_ms: int
    points: float
    chance: str
    status: str
    """`open`, `pending`, `confirmed`, `dismissed`, `watched`."""
    status_by: str = ""
    """Whose decision stands; empty where none does."""
    status_reason: str = ""
    decided: Decided | None = None

    @property
    def urgency(self) -> int:
        """Place of the severity, the least first."""
        return SEVERITIES.index(self.severity)

    @property
    def handled(self) -> bool:
        """Whether nobody need look any more."""
        return self.status in {"confirmed", "dismissed", "watched"}


OF_ALERT = (
    "campaign", "revision", "state", "kind", "outcome", "severity", "headline", "accounts_total", "targets_total",
    "posts", "reach", "first_action_ms", "last_action_ms", "points", "chance",
)  # fmt: skip
"""Columns of `alerts` that facts are made of."""


def facts_of(row: Any, event: str, at_ms: int, status: CaseStatus, decided: Decided | None = None) -> Facts:
    """Make facts from a row of `alerts`."""
    values = {name: getattr(row, name) for name in OF_ALERT}
    values["headline"] = values["headline"][:HEADLINE_CHARACTERS_MAX]
    return Facts(
        event=event,
        at_ms=at_ms,
        status=status.status,
        status_by=status.decided_by or "",
        status_reason=status.reason,
        decided=decided,
        **values,
    )


def trial_facts(now_ms: int) -> Facts:
    """What a test message tells: a case that does not exist."""
    return Facts("test", now_ms, "", 0, "opened", "campaign", "", "low", "", 0, 0, 0, 0, now_ms, now_ms, 0, "", "open")


def pack(facts: Facts) -> str:
    """Return facts as they are kept."""
    return msgspec.json.encode(facts).decode()


def unpack(text: str) -> Facts:
    """Read what `pack` wrote."""
    return msgspec.json.decode(text, type=Facts)


def message_id(destination: str, campaign: str, event: str, number: int) -> str:
    """Return the name of a message: the same for the same event, whoever finds it, however often it is sent."""
    text = f"{destination}\n{campaign}\n{event}\n{number}"
    return "msg_" + hashlib.sha256(text.encode()).hexdigest()[:32]
