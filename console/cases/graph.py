"""Who met whom: accounts of a case tied by the targets that both acted on, as a picture that is never a hairball.

Up to 300 accounts are drawn; of more, those with the strongest ties. Each account keeps its strongest ties only, and
what was left out is said in words. The layout is seeded: the same case gives the same picture.
"""

from collections import defaultdict
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from scipy import sparse

from console.cases.layout import layout
from console.cases.lockstep import plain
from console.web.sentences import translated
from models.alerts import Alert

NODES_MAX: Final = 300
TIES_EACH: Final = 4
"""Strongest ties that each account keeps."""
GROUP_MAX: Final = 400
"""Accounts of one target that are tied with each other; of more, the first to come."""
LABELS_MAX: Final = 40
SIZE: Final = 640
MARGIN: Final = 40
SEED: Final = 7
ITERATIONS: Final = 60
GRAVITY: Final = 2.0
"""So much that parts without a tie to each other fill the picture together, and still stand apart."""
WIDTHS: Final = 6
"""Widths of lines that weights are told apart by."""

Whole = npt.NDArray[np.int64]


class Picture(NamedTuple):
    """The picture, and in words what it shows and leaves out."""

    svg: Markup
    words: str


def graph(alert: Alert, language: str = "en") -> Picture:
    """Draw the ties of an alert's accounts; at most 2,000 acts are in it. Words are in `language`."""
    acted, members = _acted(alert)
    # everybody else at a target is a tie: how strong an account is needs no list of pairs
    strength = acted @ (np.asarray(acted.sum(axis=0)).ravel() - 1)
    tied = np.flatnonzero(strength > 0)
    core = np.sort(tied[np.argsort(-strength[tied], kind="stable")[:NODES_MAX]])
    common = acted[core] @ acted[core].T
    weights = common.toarray()
    np.fill_diagonal(weights, 0)
    ends = _strongest(weights)
    words = translated(_words(alert, len(tied), len(core), len(ends), _pairs(acted)), language)
    return Picture(_svg([alert.accounts[members[at]] for at in core], ends, weights, words), words)


def _acted(alert: Alert) -> tuple["sparse.csr_array", list[int]]:
    """Who acted where: accounts x targets, 1 or 0, and the position of each of these accounts in the alert."""
    at_target: dict[int, dict[int, None]] = defaultdict(dict)
    for account, target, _ in alert.links:
        if len(at_target[target]) < GROUP_MAX:
            at_target[target][account] = None
    members = sorted({account for accounts in at_target.values() for account in accounts})
    row = {account: at for at, account in enumerate(members)}
    pairs = [(row[account], column) for column, accounts in enumerate(at_target.values()) for account in accounts]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    ones = np.ones(len(pairs), dtype=np.int64)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(members), len(at_target))), members


def _pairs(acted: "sparse.csr_array") -> int:
    """How many pairs of accounts have a target in common."""
    common = acted @ acted.T
    return int(common.nnz - np.count_nonzero(common.diagonal())) // 2


def _strongest(weights: Whole) -> Whole:
    """Ties (n x 2, the lower position first) that are among the strongest of one of their ends."""
    count = len(weights)
    one, other = np.triu_indices(count, 1)
    ranks = np.zeros((count, count))
    # equal ties by a fixed lot: by number, everybody would be tied to the first few
    ranks[one, other] = np.random.default_rng(SEED).random(len(one))
    ranks = weights + ranks + ranks.T
    best = np.argsort(-ranks, axis=1)[:, :TIES_EACH]
    kept = np.zeros((count, count), dtype=bool)
    np.put_along_axis(kept, best, np.take_along_axis(weights, best, axis=1) > 0, axis=1)
    return np.argwhere(np.triu(kept | kept.T, 1))


def _svg(names: list[str], ends: Whole, weights: Whole, words: str) -> Markup:
    places = _places(len(names), ends, weights)
    parts = [*_lines(ends, weights, places), *_circles(names, places)]
    if len(names) <= LABELS_MAX:
        parts += [
            Markup('<text class="label" x="{}" y="{}">{}</text>').format(round(x + 6, 1), round(y + 3, 1), plain(name))
            for name, (x, y) in zip(names, places, strict=True)
        ]
    return Markup('<svg class="graph" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}</svg>').format(
        SIZE, words, Markup("").join(parts)
    )


def _lines(ends: Whole, weights: Whole, places: list[tuple[float, float]]) -> list[Markup]:
    """One path for all ties of about one weight."""
    heaviest = max(int(weights.max(initial=0)), 1)
    paths: dict[int, list[str]] = defaultdict(list)
    for one, other in ends.tolist():
        (x1, y1), (x2, y2) = places[one], places[other]
        width = -(-int(weights[one, other]) * WIDTHS // heaviest)
        paths[width].append(f"M{x1} {y1}L{x2} {y2}")
    return [
        Markup('<path class="edge" d="{}" stroke-width="{}"/>').format(
            "".join(paths[width]), round(0.3 + 1.2 * width / WIDTHS, 1)
        )
        for width in sorted(paths)
    ]


def _circles(names: list[str], places: list[tuple[float, float]]) -> list[Markup]:
    return [
        Markup('<circle class="node" cx="{}" cy="{}" r="4"><title>{}</title></circle>').format(x, y, plain(name))
        for name, (x, y) in zip(names, places, strict=True)
    ]


def _places(count: int, ends: Whole, weights: Whole) -> list[tuple[float, float]]:
    """Centre of each account, within the margins."""
    if not count:
        return []
    start = np.random.default_rng(SEED).random((count, 2))
    found = layout(ends, weights[ends[:, 0], ends[:, 1]].astype(np.float64), start, ITERATIONS, GRAVITY)
    low, high = found.min(axis=0), found.max(axis=0)
    scaled = MARGIN + (found - low) / np.maximum(high - low, 1e-9) * (SIZE - 2 * MARGIN)
    return [(round(x, 1), round(y, 1)) for x, y in scaled.tolist()]


def _words(alert: Alert, tied: int, drawn: int, kept: int, ties: int) -> str:
    said = f"{drawn} of {alert.accounts_total} accounts, tied where both acted on the same target"
    if drawn < tied:
        said += f"; the {NODES_MAX} with the strongest ties are drawn"
    if kept < ties:
        said += f"; of {ties:,} ties the strongest {kept:,}, at most a few for each account"
    return said + "."
