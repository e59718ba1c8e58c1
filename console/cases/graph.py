"""Who met whom: accounts of a case tied by the targets that both acted on, as a picture that is never a hairball.

Up to 300 accounts are drawn; of more, those with the strongest ties. Each account keeps its strongest ties only, and
what was left out is said in words. The layout is seeded: the same case gives the same picture.
"""

from collections import Counter, defaultdict
from itertools import combinations
from typing import Final, NamedTuple

import networkx as nx
import numpy as np
from markupsafe import Markup

from console.cases.lockstep import plain
from models.alerts import Alert
from models.ids import hash64_of

NODES_MAX: Final = 300
TIES_EACH: Final = 4
"""Strongest ties that each account keeps."""
GROUP_MAX: Final = 400
"""Accounts of one target that are tied with each other; of more, the first to come."""
LABELS_MAX: Final = 40
SIZE: Final = 640
MARGIN: Final = 40
SEED: Final = 7


class Picture(NamedTuple):
    """The picture, and in words what it shows and leaves out."""

    svg: Markup
    words: str


def graph(alert: Alert) -> Picture:
    """Draw the ties of an alert's accounts; at most 2,000 acts are in it."""
    ties = _ties(alert)
    strength: Counter[int] = Counter()
    for (one, other), weight in ties.items():
        strength[one] += weight
        strength[other] += weight
    core = {account for account, _ in sorted(strength.items(), key=lambda item: (-item[1], item[0]))[:NODES_MAX]}
    kept = _strongest({pair: weight for pair, weight in ties.items() if set(pair) <= core})
    drawn: nx.Graph[int] = nx.Graph()
    drawn.add_nodes_from(sorted(core))
    drawn.add_weighted_edges_from((one, other, weight) for (one, other), weight in sorted(kept.items()))
    words = _words(alert, len(strength), len(core), len(kept), len(ties))
    return Picture(_svg(alert, drawn, words), words)


def _ties(alert: Alert) -> Counter[tuple[int, int]]:
    """Common targets of each pair of accounts."""
    at_target: dict[int, list[int]] = defaultdict(list)
    for account, target, _ in alert.links:
        if account not in at_target[target] and len(at_target[target]) < GROUP_MAX:
            at_target[target].append(account)
    return Counter(pair for accounts in at_target.values() for pair in combinations(sorted(accounts), 2))


def _strongest(ties: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Ties that are among the strongest of one of their ends."""
    of_account: dict[int, list[tuple[int, int, tuple[int, int]]]] = defaultdict(list)
    for pair, weight in ties.items():
        # equal ties by hash: by number, everybody would be tied to the first few
        for end in pair:
            of_account[end].append((-weight, hash64_of(*pair), pair))
    kept = {pair for found in of_account.values() for _, _, pair in sorted(found)[:TIES_EACH]}
    return {pair: ties[pair] for pair in kept}


def _svg(alert: Alert, drawn: "nx.Graph[int]", words: str) -> Markup:
    places = _places(drawn)
    edges: list[tuple[int, int, int]] = list(drawn.edges(data="weight"))
    heaviest = max((weight for _, _, weight in edges), default=1)
    parts = [
        Markup('<line class="edge" x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}"/>').format(
            *places[one], *places[other], round(0.3 + 1.2 * weight / heaviest, 1)
        )
        for one, other, weight in edges
    ]
    labelled = {account for account, _ in sorted(drawn.degree, key=lambda item: (-item[1], item[0]))[:LABELS_MAX]}
    few = drawn.number_of_nodes() <= LABELS_MAX
    for account in drawn.nodes:
        x, y = places[account]
        name = plain(alert.accounts[account])
        parts.append(Markup('<circle class="node" cx="{}" cy="{}" r="4"><title>{}</title></circle>').format(x, y, name))
        if few and account in labelled:
            parts.append(Markup('<text class="label" x="{}" y="{}">{}</text>').format(x + 6, y + 3, name))
    return Markup('<svg class="graph" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}</svg>').format(
        SIZE, words, Markup("").join(parts)
    )


def _places(drawn: "nx.Graph[int]") -> dict[int, tuple[float, float]]:
    """Centre of each account, within the margins."""
    if not drawn:
        return {}
    found = nx.spring_layout(drawn, seed=SEED, iterations=60, weight="weight")
    accounts = sorted(found)
    points = np.array([found[account] for account in accounts])
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = MARGIN + (points - low) / np.maximum(high - low, 1e-9) * (SIZE - 2 * MARGIN)
    return {account: (round(float(x), 1), round(float(y), 1)) for account, (x, y) in zip(accounts, scaled, strict=True)}


def _words(alert: Alert, tied: int, drawn: int, kept: int, ties: int) -> str:
    said = f"{drawn} of {alert.accounts_total} accounts, tied where both acted on the same target"
    if drawn < tied:
        said += f"; the {NODES_MAX} with the strongest ties are drawn"
    if kept < ties:
        said += f"; of {ties:,} ties the strongest {kept:,}, at most a few for each account"
    return said + "."
