"""What the accounts of a topic look like as a crowd: figures that a verdict is made of.

Mixes: Kullback-Leibler divergence of the topic's cells from the platform's usual mix, less what chance gives
so few accounts (half the degrees of freedom over n). Dependence: max(0, G² − df) / n between two attributes,
which is 0 in expectation where they do not hang together, whatever the marginals are (S. S. Wilks, 1935).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.trends.cells import ATTRIBUTES, CELLS, REGISTERED, UNKNOWN
from detector.trends.topic import GONE, Row
from detector.trends.usual import Usual

MIX: Final = {"age": "age_mix", "followers": "followers_mix", "client": "client_mix", "network": "network_mix"}
PAIRS: Final = (("client", "age"), ("client", "network"), ("age", "followers"), ("age", "network"))
EXPECTED_MIN: Final = 1e-9


def pair_name(one: str, other: str) -> str:
    """Name of the dependence between two attributes."""
    return f"{one}_with_{other}"


def known_attributes(rows: Sequence[Row], usual: Usual, share_min: float, usual_min: int) -> list[str]:
    """Attributes known of enough of the accounts and of the platform's, and `deletions` where there are any."""
    found = []
    for at, name in enumerate(ATTRIBUTES):
        told = sum(1 for row in rows if row.cells[at] != UNKNOWN)
        if rows and told / len(rows) >= share_min and usual.known(at) >= usual_min:
            found.append(name)
    if usual.deletions:
        found.append("deletions")
    return found


def figures_of(rows: Sequence[Row], usual: Usual, known: Sequence[str]) -> dict[str, float]:
    """Figures of some accounts (at least one), by name; those of unknown attributes are missing."""
    cells = np.array([row.cells for row in rows], np.int64)
    found: dict[str, float] = {}
    for name in known:
        if name in MIX:
            at = ATTRIBUTES.index(name)
            column = cells[:, at][cells[:, at] != UNKNOWN]
            found[MIX[name]] = divergence(np.bincount(column, minlength=CELLS[at]), usual.mix(at))
    for one, other in PAIRS:
        if one in known and other in known:
            first, second = ATTRIBUTES.index(one), ATTRIBUTES.index(other)
            both = cells[(cells[:, first] != UNKNOWN) & (cells[:, second] != UNKNOWN)]
            found[pair_name(one, other)] = dependence(both[:, first], both[:, second], CELLS[first], CELLS[second])
    if "age" in known:
        days = cells[:, REGISTERED]
        found["registered_together"] = together(days[days != UNKNOWN], usual.mix(REGISTERED))
    count = len(rows)
    if "deletions" in known:
        posted = sum(1 for row in rows if row.posts)
        found["gone_quickly"] = sum(1 for row in rows if row.marks & GONE) / max(posted, 1)
    found["posts_each"] = sum(row.posts for row in rows) / count
    found["unseen"] = sum(row.unseen for row in rows) / count - usual.unseen
    return found


def divergence(counts: NDArray[np.int64], usual: NDArray[np.float64]) -> float:
    """Kullback-Leibler divergence of counts from usual shares, in nats, less its bias; at least 0."""
    total = counts.sum()
    if not total:
        return 0.0
    held = counts > 0
    shares = counts[held] / total
    found = float((shares * np.log(shares / usual[held])).sum())
    return max(0.0, found - (int((usual * total >= 1).sum()) - 1) / (2 * float(total)))


def dependence(one: NDArray[np.int64], other: NDArray[np.int64], cells: int, other_cells: int) -> float:
    """max(0, G² − df) / n between two columns of cells; 0 for fewer than two rows."""
    total = len(one)
    if total < 2:
        return 0.0
    table = np.bincount(one * other_cells + other, minlength=cells * other_cells).reshape(cells, other_cells)
    rows, columns = table.sum(1), table.sum(0)
    expected = np.outer(rows, columns) / total
    held = table > 0
    g2 = 2 * float((table[held] * np.log(table[held] / np.maximum(expected[held], EXPECTED_MIN))).sum())
    df = (int((rows > 0).sum()) - 1) * (int((columns > 0).sum()) - 1)
    return max(0.0, g2 - df) / total


def together(days: NDArray[np.int64], usual: NDArray[np.float64]) -> float:
    """Share of accounts whose day of registration another of them has, less what chance gives; at least 0.

    `days`: int64[n] cells; `usual`: shares of the cells on the platform, so that days of growth are nobody's fault.
    """
    total = len(days)
    if total < 2:
        return 0.0
    of_day = np.bincount(days, minlength=len(usual))
    shared = float(of_day[of_day > 1].sum()) / total
    expected = float((1 - (1 - usual[days]) ** (total - 1)).mean())
    return max(0.0, shared - expected)


def excess(rows: Sequence[Row], usual: Usual, known: Sequence[str]) -> float:
    """Share of the accounts beyond what the usual mix explains, 0 to 1.

    The largest total variation distance of an attribute, less its expectation by chance: an estimate of
    the bought share where a topic is bought.
    """
    found = 0.0
    cells = np.array([row.cells for row in rows], np.int64)
    for at, name in enumerate(ATTRIBUTES):
        if name not in known:
            continue
        column = cells[:, at][cells[:, at] != UNKNOWN]
        shares = np.bincount(column, minlength=CELLS[at]) / max(len(column), 1)
        mix = usual.mix(at)
        chance = float(np.sqrt(2 * mix * (1 - mix) / (np.pi * max(len(column), 1))).sum()) / 2
        found = max(found, float(np.abs(shares - mix).sum()) / 2 - chance)
    return min(1.0, max(0.0, found))
