"""One run held against the truth. Shoal and its peers are scored by the same code."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from evaluation.evaluate.pairs import linked_pairs
from evaluation.evaluate.strata import StratumCount
from evaluation.scorecard import ALERTED_MIN, CALLS, FOUND_MIN
from evaluation.simulator.truth import Expected, Group, Truth
from models.alerts import Alert, AlertState

CAMPAIGN = "campaign"
NAMED_OF_CALL_MIN = 0.5
"""A call is about a group when so much of the call, or of the group, is the other's."""
TENTH = 10
CALLS_TOLD_MAX = 50


class Revision(Struct, frozen=True):
    """Who was called, from when on. Peers know no time."""

    accounts: frozenset[str]
    at_ms: int | None = None


class Claim(Struct, frozen=True):
    """One case that calls somebody, with all its calling revisions, oldest first."""

    name: str
    headline: str
    revisions: list[Revision]

    @property
    def accounts(self) -> frozenset[str]:
        """Whom it names in the end."""
        return self.revisions[-1].accounts


class Found(Struct, frozen=True):
    """What a method says of a stream."""

    claims: list[Claim]
    listings: list[frozenset[str]]
    """Groups that are seen and not called."""
    together: list[frozenset[str]]
    """Groups that the method takes to act together, called or not: their members are linked."""
    edges: list[Collection[str]] | None = None
    """Accounts that carry one significant pair of cohorts each; None if the method knows none."""
    calibration: tuple[StratumCount, ...] = ()


class ArmyScore(Struct, frozen=True):
    """How one army was judged."""

    group: str
    about: str
    role: str
    accounts: int
    target_class: bool
    named: int
    """Accounts of it that any call named."""
    listed: bool
    actions: int
    """Paid actions in the stream."""
    to_come: float
    """Share of the paid actions still to come when the first call about it opened; 0 without a call."""
    after_first_ms: int | None
    """From its first action to that call; None without one, or where a method knows no times."""
    after_tenth_ms: int | None

    @property
    def found(self) -> bool:
        """Whether at least half of its accounts were named."""
        return self.named >= FOUND_MIN * self.accounts


class CrowdScore(Struct, frozen=True):
    """How one honest group was judged."""

    group: str
    about: str
    role: str
    must_list: bool
    accounts: int
    named: int
    alerted: bool
    """A call is about it, or named more than 5 % of it."""
    listed: bool
    pairs: int
    """Pairs of its accounts (of a sample of it, where it is large)."""
    pairs_together: int
    """Pairs in one campaign, called or listed."""
    pairs_called: int
    """Pairs in one call: what a person would be told."""
    pairs_edge: int | None
    """Pairs that both carry one significant pair of cohorts."""


class CommunityScore(Struct, frozen=True):
    """Pairs inside the communities of the simulated platform, all communities together."""

    pairs: int
    together: int
    """Pairs in one campaign, called or listed."""
    edge: int | None


class Call(Struct, frozen=True):
    """One call, for a reader."""

    name: str
    headline: str
    accounts: int
    right: bool
    """Most of its accounts belong to armies."""


class Measures(Struct, frozen=True):
    """The score of one run."""

    armies: list[ArmyScore]
    crowds: list[CrowdScore]
    named: int
    named_right: int
    calls: int
    calls_right: int
    calls_accounts: int
    calls_accounts_right: int
    """Accounts of all calls, and of those that are right."""
    told: list[Call]
    """Wrong calls first, at most 50."""
    communities: CommunityScore


def found_by_shoal(alerts: Sequence[Alert], edges: list[Collection[str]]) -> Found:
    """Every revision of all alerts, in order, as claims and listings."""
    calls: dict[str, list[Alert]] = {}
    newest: dict[str, Alert] = {}
    for alert in alerts:
        newest[alert.campaign] = alert
        if alert.state in CALLS:
            calls.setdefault(alert.campaign, []).append(alert)
    claims = [
        Claim(name, told[-1].headline, [Revision(frozenset(alert.accounts), alert.at_ms) for alert in told])
        for name, told in calls.items()
    ]
    listings = [frozenset(alert.accounts) for alert in alerts if alert.state is AlertState.LISTED]
    together = [frozenset(alert.accounts) for alert in newest.values() if alert.kind == CAMPAIGN]
    return Found(claims, listings, together, edges)


def found_by_peer(groups: Sequence[frozenset[str]]) -> Found:
    """Every group that a peer found is a call; peers know no other answer."""
    claims = [Claim(str(number), "", [Revision(accounts)]) for number, accounts in enumerate(groups)]
    return Found(claims, [], list(groups))


def measure(truth: Truth, found: Found, communities: Sequence[frozenset[str]] = ()) -> Measures:
    """Score what a method found; `communities` are people who meet anyway and belong to no group."""
    in_armies = frozenset[str]().union(*(group.accounts for group in truth.armies))
    named = frozenset[str]().union(*(revision.accounts for claim in found.claims for revision in claim.revisions))
    calls = [
        Call(claim.name, claim.headline, len(claim.accounts), 2 * len(claim.accounts & in_armies) > len(claim.accounts))
        for claim in found.claims
    ]
    right = [call for call in calls if call.right]
    return Measures(
        [_army(group, found, named) for group in truth.armies],
        [_crowd(group, found, named) for group in truth.crowds],
        len(named),
        len(named & in_armies),
        len(calls),
        len(right),
        sum(call.accounts for call in calls),
        sum(call.accounts for call in right),
        sorted(calls, key=lambda call: (call.right, -call.accounts, call.name))[:CALLS_TOLD_MAX],
        _communities(communities, found),
    )


def _communities(communities: Sequence[frozenset[str]], found: Found) -> CommunityScore:
    together = [linked_pairs(community, found.together) for community in communities]
    edge = None
    if found.edges is not None:
        edge = sum(linked_pairs(community, found.edges)[1] for community in communities)
    return CommunityScore(sum(pairs for pairs, _ in together), sum(linked for _, linked in together), edge)


def _army(group: Group, found: Found, named: frozenset[str]) -> ArmyScore:
    opened_ms = _opened_ms(group, found.claims)
    times = group.actions_ms
    after_first_ms = after_tenth_ms = None
    to_come = 0.0
    if opened_ms is not None and times:
        to_come = sum(moment > opened_ms for moment in times) / len(times)
        after_first_ms = opened_ms - times[0]
        after_tenth_ms = opened_ms - times[min(TENTH, len(times)) - 1]
    return ArmyScore(
        group.group, group.about, group.role, len(group.accounts), group.target_class, len(named & group.accounts),
        any(_is_about(accounts, group) for accounts in found.listings), len(times), round(to_come, 6),
        after_first_ms, after_tenth_ms,
    )  # fmt: skip


def _crowd(group: Group, found: Found, named: frozenset[str]) -> CrowdScore:
    called = len(named & group.accounts)
    about = any(_is_about(revision.accounts, group) for claim in found.claims for revision in claim.revisions)
    pairs, together = linked_pairs(group.accounts, found.together)
    edge = None if found.edges is None else linked_pairs(group.accounts, found.edges)[1]
    in_calls = linked_pairs(group.accounts, (each.accounts for claim in found.claims for each in claim.revisions))[1]
    return CrowdScore(
        group.group, group.about, group.role, group.expected is Expected.LISTED, len(group.accounts), called,
        about or called > ALERTED_MIN * len(group.accounts),
        any(_is_about(accounts, group) for accounts in found.listings), pairs, together, in_calls, edge,
    )  # fmt: skip


def _opened_ms(group: Group, claims: Sequence[Claim]) -> int | None:
    opened = [
        revision.at_ms
        for claim in claims
        for revision in claim.revisions
        if revision.at_ms is not None and _is_about(revision.accounts, group)
    ]
    return min(opened, default=None)


def _is_about(accounts: frozenset[str], group: Group) -> bool:
    """Half of the accounts are the group's, or half of the group is among them (two armies in one case)."""
    shared = len(accounts & group.accounts)
    return shared > 0 and shared >= NAMED_OF_CALL_MIN * min(len(accounts), len(group.accounts))
