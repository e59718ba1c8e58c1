"""Components of an account graph, as every peer here ends."""

from collections.abc import Collection, Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Pair = tuple[str, str]


def components(pairs: Collection[Pair], accounts_min: int) -> list[frozenset[str]]:
    """Connected components of at least `accounts_min` accounts, largest first, ties by their first account."""
    if not pairs:
        return []
    names = sorted({account for pair in pairs for account in pair})
    place = {name: number for number, name in enumerate(names)}
    left = np.fromiter((place[a] for a, _ in pairs), np.int64, len(pairs))
    right = np.fromiter((place[b] for _, b in pairs), np.int64, len(pairs))
    links = coo_array((np.ones(len(pairs), np.int8), (left, right)), shape=(len(names), len(names)))
    _, labels = connected_components(links, directed=False)
    groups: dict[int, list[str]] = {}
    for name, label in zip(names, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(name)
    return in_order(group for group in groups.values() if len(group) >= accounts_min)


def in_order(groups: Iterable[Collection[str]]) -> list[frozenset[str]]:
    """Groups, largest first, ties by their first account."""
    return [frozenset(group) for group in sorted(groups, key=lambda group: (-len(group), min(group)))]


def ordered(a: str, b: str) -> Pair:
    """The pair of two accounts, whichever way round they come."""
    return (a, b) if a < b else (b, a)
