"""What a decision touches, before it is taken."""

from collections.abc import Collection
from typing import NamedTuple

from models.alerts import Alert


class Preview(NamedTuple):
    """Reach of a decision on a campaign without the accounts left out."""

    accounts: int
    actions: int
    """Accounts on targets, each pair once, as far as the alert lists them (`links`)."""
    posts: int
    """Posts behind them: an account's moments on what posts act on (texts, links, hashtags, media, reposts)."""
    targets: int
    layers: tuple[str, ...]
    exact: bool
    """False where the alert names fewer accounts or actions than it counts: the figures are lower bounds."""


POST_LAYERS = frozenset({"repost", "reply", "url", "hashtags", "media", "family", "contact"})
"""Layers of `models.actions.Layer` on which one acts by a post; one post may act on several."""
LINKS_MAX = 2_000


def preview(alert: Alert, left_out: Collection[str] = ()) -> Preview:
    """Count what stays when the accounts in `left_out` are left out."""
    unwanted = set(left_out)
    gone = {at for at, account in enumerate(alert.accounts) if account in unwanted}
    links = [link for link in alert.links if link[0] not in gone and link[1] < len(alert.targets)]
    layer_of = [target.layer for target in alert.targets]
    posts = {(account, time_ms) for account, target, time_ms in links if layer_of[target] in POST_LAYERS}
    targets = {target for _, target, _ in links}
    layers = tuple(sorted({layer_of[target] for target in targets}))
    exact = len(alert.accounts) == alert.accounts_total and len(alert.links) < LINKS_MAX
    return Preview(alert.accounts_total - len(gone), len(links), len(posts), len(targets), layers, exact)
