"""One case in rows: its accounts, its actions, its texts. Times are epoch ms, and ISO 8601 (UTC) beside them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from models.alerts import OWN, Alert

TARGETS_NAMED_MAX: Final = 20
"""Targets that an account's row names, those of most actions first; `targets_total` counts all."""


class Judgement(Struct, frozen=True):
    """What people decided on a case so far; without a console, nothing."""

    status: str = "open"
    """`open`, `pending`, `confirmed`, `dismissed` or `watched`."""
    left_out: frozenset[str] = frozenset()
    """Accounts that the person who decided left out."""
    at_ms: int = 0
    """When something was decided last."""


NOTHING_DECIDED: Final = Judgement()


class AccountRow(Struct, frozen=True):
    """One account with the evidence on it."""

    campaign: str
    revision: int
    account: str
    left_out: bool
    """Whether the person who decided left this account out: do nothing to it."""
    actions: int
    """Actions that the alert lists of it; an alert lists at most 2,000 of all accounts together."""
    targets_total: int
    targets: tuple[str, ...]
    """`layer target`, at most 20."""
    first_ms: int | None
    """First listed action."""
    first: str | None
    last_ms: int | None
    last: str | None
    proof: tuple[str, ...]
    """Ids of its events in the smallest set that proves the case."""
    registered_at_ms: int | None
    registered_at: str | None
    followers: int | None
    client: str | None
    """The program it used, if others of the case used it too; `own` if nobody else did."""
    device: str | None
    """The same for its device."""
    network: str | None
    """The same for its network."""


class ActionRow(Struct, frozen=True):
    """One account acted on one target."""

    campaign: str
    revision: int
    account: str
    layer: str
    """Kind of target: `like`, `repost`, `url`, `family` and so on."""
    target: str
    author: str | None
    """Whose the target is, where that is known."""
    time_ms: int
    time: str


class TextRow(Struct, frozen=True):
    """One text of a family of near-duplicates; the first of a family is what the others vary."""

    campaign: str
    revision: int
    family: str
    number: int
    """Place in the family, from 1."""
    text: str
    posts: int
    """Posts of the whole family."""
    similarity_median: float
    """Median similarity of the family's posts to its first text, 0 to 1."""
    accounts: int | None
    """Accounts of the case that posted the family, where it is among the targets."""


def iso(time_ms: int) -> str:
    """Epoch milliseconds as `2026-01-01T13:00:04.000Z`."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def accounts(alert: Alert, judgement: Judgement = NOTHING_DECIDED) -> Iterator[AccountRow]:
    """Every account of a case, in the order of the alert."""
    acts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, target, time_ms in alert.links:
        acts[place].append((target, time_ms))
    proof: dict[str, list[str]] = defaultdict(list)
    for each in alert.proof:
        proof[each.account].append(each.act)
    for at, account in enumerate(alert.accounts):
        yield _account(alert, at, acts[at], tuple(proof.get(account, ())), account in judgement.left_out)


def _account(alert: Alert, at: int, acts: list[tuple[int, int]], proof: tuple[str, ...], left_out: bool) -> AccountRow:
    times = [time_ms for _, time_ms in acts]
    first_ms, last_ms = (min(times), max(times)) if times else (None, None)
    busiest = _busiest(acts)
    targets = (alert.targets[each] for each in busiest[:TARGETS_NAMED_MAX])
    registered_at_ms, followers, client, device, network = _facts(alert, at)
    return AccountRow(
        alert.campaign, alert.revision, alert.accounts[at], left_out, len(times), len(busiest),
        tuple(f"{each.layer} {each.target}" for each in targets), first_ms, _iso(first_ms), last_ms, _iso(last_ms),
        proof, registered_at_ms, _iso(registered_at_ms), followers, client, device, network,
    )  # fmt: skip


def actions(alert: Alert) -> Iterator[ActionRow]:
    """Every action that the alert lists, in order of time."""
    for account, at, time_ms in alert.links:
        target = alert.targets[at]
        yield ActionRow(
            alert.campaign, alert.revision, alert.accounts[account], target.layer, target.target, target.author,
            time_ms, iso(time_ms),
        )  # fmt: skip


def texts(alert: Alert) -> Iterator[TextRow]:
    """Every text that the alert shows, family by family."""
    members = {target.target: target.members for target in alert.targets if target.layer == "family"}
    for family in alert.families:
        for number, text in enumerate(family.texts, 1):
            yield TextRow(
                alert.campaign, alert.revision, family.family, number, text, family.posts, family.similarity_median,
                members.get(family.family),
            )  # fmt: skip


def _busiest(acts: list[tuple[int, int]]) -> list[int]:
    counts: dict[int, int] = {}
    for target, _ in acts:
        counts[target] = counts.get(target, 0) + 1
    return sorted(counts, key=lambda target: (-counts[target], target))


def _facts(alert: Alert, at: int) -> tuple[int | None, int | None, str | None, str | None, str | None]:
    """What the platform told of one account: registration, followers, client, device, network."""
    if at >= len(alert.facts):
        return None, None, None, None, None
    facts = alert.facts[at]
    client, device, network = (_shared(alert, place) for place in (facts.client, facts.device, facts.network))
    return facts.registered_at_ms, facts.followers, client, device, network


def _shared(alert: Alert, place: int | None) -> str | None:
    if place is None:
        return None
    return "own" if place == OWN else alert.shared[place]


def _iso(time_ms: int | None) -> str | None:
    return None if time_ms is None else iso(time_ms)
