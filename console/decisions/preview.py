"""What a decision touches, before it is taken."""

from collections.abc import Collection
from typing import NamedTuple

from models.alerts import Alert


class Preview(NamedTuple):
    """Reach of a decision on a campaign without the accounts left out."""

    accounts: int
    actions: int
    """Actions of these accounts on the campaign's targets, as far as the alert lists them (`links`)."""
    posts: int
    """Actions among them that are posts: on a target that is a family of texts."""
    targets: int
    layers: tuple[str, ...]
    exact: bool
    """False where the alert names fewer accounts or actions than it counts: the figures are lower bounds."""


POST_LAYERS = frozenset({"text", "family", "near_duplicate"})
LINKS_MAX = 2_000


def preview(alert: Alert, left_out: Collection[str] = ()) -> Preview:
    """Count what stays when the accounts in `left_out` are left out."""
    gone = {at for at, account in enumerate(alert.accounts) if account in set(left_out)}
    links = [(account, target) for account, target, _ in alert.links if account not in gone]
    posts = sum(alert.targets[target].layer in POST_LAYERS for _, target in links if target < len(alert.targets))
    targets = {target for _, target in links}
    layers = {alert.targets[target].layer for target in targets if target < len(alert.targets)}
    exact = len(alert.accounts) == alert.accounts_total and len(alert.links) < LINKS_MAX
    accounts = alert.accounts_total - len(gone)
    return Preview(accounts, len(links), posts, len(targets), tuple(sorted(layers)), exact)
