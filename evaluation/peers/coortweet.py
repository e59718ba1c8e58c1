"""CooRTweet 2.1, the equivalent of its two steps: `detect_groups`, then `generate_coordinated_network`.

The package itself is R. Its counts are asserted equal on its own data (tests, `co_shares`).
Source: Righetti and Balluff, CooRTweet 2.1, reference manual.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from evaluation.coshare import CoShares, Share, co_shares_among
from evaluation.peers.acts import acts_of
from evaluation.peers.graph import Pair, components, in_order
from evaluation.peers.method import Groups
from models.events import AnyEvent

WINDOW_MS = 10_000
"""`time_window`, its default."""
SHARES_MIN = 2
"""`min_participation`, its default."""
EDGE_WEIGHT = 0.9
"""`edge_weight`: percentile that an edge must exceed. Default 0.5, 'sufficiently high' in its manual is 0.99."""
ACCOUNTS_MIN = 3


def find(events: Sequence[AnyEvent]) -> Groups:
    """One network a kind of object, as the package takes one at a time; groups and pairs of all networks."""
    shares: dict[str, list[Share]] = defaultdict(list)
    for act in acts_of(events):
        shares[act.kind].append((act.target, act.account, act.time_ms))
    linked: set[Pair] = set()
    groups: set[frozenset[str]] = set()
    for kind in sorted(shares):
        strong = heavy(co_shares_among(shares[kind], WINDOW_MS, SHARES_MIN), EDGE_WEIGHT)
        linked.update(strong)
        groups.update(components(strong, ACCOUNTS_MIN))
    return Groups(in_order(groups), len(linked))


def heavy(shared: CoShares, percentile: float) -> list[Pair]:
    """Pairs whose weight exceeds the percentile (0 to 1) of all weights: `weight_threshold` of the package."""
    if not shared.edges:
        return []
    above = float(np.quantile(np.fromiter(shared.edges.values(), np.int64), percentile))
    return sorted(pair for pair, weight in shared.edges.items() if weight > above)
