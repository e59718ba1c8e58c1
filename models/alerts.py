"""Campaigns and alerts: what a moderator receives, and everything that justifies it."""

from enum import StrEnum

from msgspec import Struct

from models.ids import AccountId, CampaignId, EventId, TargetId


class Outcome(StrEnum):
    """Synchrony and inauthenticity, never mixed."""

    INAUTHENTIC = "coordinated_inauthentic"
    ORGANIC = "coordinated_organic"
    UNKNOWN = "coordinated_unknown"


class Severity(StrEnum):
    """How soon a person should look."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AlertState(StrEnum):
    """`listed` campaigns are kept for reference and never notify anybody."""

    OPENED = "opened"
    UPDATED = "updated"
    CLOSED = "closed"
    LISTED = "listed"


class Evidence(Struct, frozen=True):
    """One item that speaks for or against. `strength` is 0 to 1, already weighed."""

    name: str
    strength: float
    sentence: str
    """In plain words, with the figures in it."""
    values: dict[str, float] = {}
    points: float = 0.0
    """What the item weighs by itself; 0 where it was considered and found nothing."""
    counted: float = 0.0
    """How much of that went into the sum of the case."""
    held_back: str | None = None
    """Why less than `points` was counted: the name of an innocent explanation that accounts for the item, `family`
    (a limit for items that tell the same thing twice), or `crowd` (what accounts are is not held against a whole
    crowd)."""
    thresholds: dict[str, float] = {}
    """The settings that `values` were held against, by their names in the configuration file."""


class Explanation(Struct, frozen=True):
    """An innocent explanation: `stands` says whether it can still account for what was seen."""

    name: str
    stands: bool
    sentence: str
    accounts_for: tuple[str, ...] = ()
    """Items of evidence that weigh nothing where it stands."""


class TargetSummary(Struct, frozen=True):
    """One target of a campaign."""

    layer: str
    target: TargetId
    members: int
    accounts_in_window: int
    first_ms: int
    last_ms: int
    author: AccountId | None = None
    published_at_ms: int | None = None


class FamilySummary(Struct, frozen=True):
    """A family of near-duplicate texts that a campaign posted."""

    family: str
    posts: int
    similarity_median: float
    texts: tuple[str, ...]


class Proof(Struct, frozen=True):
    """One event of the smallest proving set."""

    act: EventId
    account: AccountId
    layer: str
    target: TargetId
    time_ms: int


OWN = -1
"""In place of a position in `Alert.shared`: the value is known, and no other account of the case has it."""


class AccountFacts(Struct, frozen=True, omit_defaults=True):
    """What the platform told of one account of a case; None where it told nothing.

    `client`, `device` and `network` are positions in `Alert.shared`, or `OWN`: what an account shares with nobody
    is no evidence, and is not passed on.
    """

    registered_at_ms: int | None = None
    followers: int | None = None
    client: int | None = None
    device: int | None = None
    network: int | None = None


class Alert(Struct, frozen=True, omit_defaults=False):
    """The newest state of one campaign. Content-derived: the same log gives the same bytes."""

    campaign: CampaignId
    revision: int
    state: AlertState
    kind: str
    """`campaign` (repeated co-action over targets) or `batch` (many accounts on one target)."""
    outcome: Outcome
    severity: Severity
    headline: str
    at_ms: int
    """Event time of the evaluation that produced this revision."""
    accounts: list[AccountId]
    accounts_total: int
    targets: list[TargetSummary]
    targets_total: int
    families: list[FamilySummary]
    links: list[tuple[int, int, int]]
    """Who acted where and when: (position in `accounts`, position in `targets`, time in epoch ms), in
    order of time, at most 2,000 of them."""
    first_action_ms: int
    last_action_ms: int
    p_log10: float
    """log₁₀ of 1/e, a bound of the probability that independent accounts ever do so much, however often
    one looks (docs/decisions/0005); in [−300, 0]."""
    chance: str
    """The same in words: "less than 1 in 10¹⁵"."""
    synchrony: list[Evidence]
    inauthenticity: list[Evidence]
    explanations: list[Explanation]
    proof: list[Proof]
    merged_from: list[CampaignId]
    split_from: CampaignId | None
    detector_version: str
    configuration: str
    """Hash of the detector settings."""
    points: float = 0.0
    """Sum of what the items of inauthenticity count, less `points_deducted`."""
    points_deducted: float = 0.0
    """Taken off the sum because the texts are copies of something visible."""
    points_min: float = 0.0
    """Points from which the outcome was `coordinated_inauthentic`; 0 in alerts written before there was this field."""
    points_listed_min: float = 0.0
    """Points under which it was `coordinated_organic`."""
    operator: str | None = None
    """Name of the operator that earlier and later cases are tied to (its first case); None if nobody was called."""
    facts: list[AccountFacts] = []
    """What is known of each of `accounts`, in their order; empty if nothing is known of anybody."""
    shared: list[str] = []
    """Clients, devices and networks that two or more of `accounts` have in common."""
