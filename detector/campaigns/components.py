"""From significant pairs of cohorts to groups of accounts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from detector.cohorts.cohort import OF_POSTS
from detector.cohorts.overlap import Overlaps
from detector.settings import CampaignSettings
from models.campaigns import Campaign

Ints = NDArray[np.int64]
_LOW = 0xFFFFFFFF


def find_campaigns(overlaps: Overlaps, within: set[int], settings: CampaignSettings) -> list[Campaign]:
    """Find the campaigns among the cohorts `within`, which `overlaps.reach` returned.

    Keeps accounts with at least `targets_min` supported targets (a cohort of theirs with
    `edges_min` significant pairs), drops pairs that fall under the smallest overlap, repeats
    `prune_rounds` times, and returns connected components of at least `accounts_min` accounts,
    largest first.
    """
    edges = overlaps.edges_within(within)
    if not edges:
        return []
    rows = overlaps.carrier_rows(edges)
    rows = _prune(rows, _targets(overlaps, rows), settings)
    if not len(rows):
        return []
    cohorts, labels = _label(overlaps, rows)
    return _collect(overlaps, rows, cohorts, labels, settings)


def _targets(overlaps: Overlaps, rows: Ints) -> Ints:
    """int64[largest cohort index + 1]: a number for each cohort's target."""
    number_of: dict[str, int] = {}
    targets = np.zeros(int(rows[:, 1:].max()) + 1, np.int64)
    for index in _distinct(rows[:, 1:].ravel()).tolist():
        targets[index] = number_of.setdefault(overlaps.cohorts[index].target, len(number_of))
    return targets


def _distinct(values: Ints) -> Ints:
    """Distinct values, sorted; without sorting them all where they lie close together."""
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values):
        return np.unique(values)
    return np.flatnonzero(np.bincount(values - low)) + low


def _prune(rows: Ints, targets: Ints, settings: CampaignSettings) -> Ints:
    for _ in range(settings.prune_rounds):
        if not len(rows):
            break
        before = len(rows)
        rows = rows[np.isin(rows[:, 0], _supported(rows, targets, settings))]
        if len(rows):
            pair = _pair_numbers(rows)
            rows = rows[np.bincount(pair)[pair] >= settings.overlap_kept_min]
        if len(rows) == before:
            break
    return rows


def _pair_numbers(rows: Ints) -> Ints:
    """int64[rows]: a number for each row's pair, from 0. The rows of a pair stand together."""
    other = np.any(rows[1:, 1:] != rows[:-1, 1:], axis=1)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(other, dtype=np.int64)])


def _supported(rows: Ints, targets: Ints, settings: CampaignSettings) -> Ints:
    """Accounts with enough targets, each tied to enough other cohorts of the same account."""
    held = np.concatenate([rows[:, 0] << 32 | rows[:, 1], rows[:, 0] << 32 | rows[:, 2]])
    keys, count = np.unique(held, return_counts=True)
    keys = keys[count >= settings.edges_min]
    distinct = np.unique((keys >> 32) << 32 | targets[keys & _LOW])
    accounts, targets_each = np.unique(distinct >> 32, return_counts=True)
    return np.asarray(accounts[targets_each >= settings.targets_min], np.int64)


def _label(overlaps: Overlaps, rows: Ints) -> tuple[Ints, Ints]:
    """(cohorts in the rows, sorted; component of each). The scales of one target are tied together."""
    cohorts = _distinct(rows[:, 1:].ravel())
    first = np.flatnonzero(np.diff(_pair_numbers(rows), prepend=-1))
    ends = np.searchsorted(cohorts, rows[first, 1:])
    links = np.concatenate([ends, _twins(overlaps, cohorts)])
    size = len(cohorts)
    graph = coo_matrix((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return cohorts, np.asarray(labels, np.int64)


def _twins(overlaps: Overlaps, cohorts: Ints) -> Ints:
    """Pairs (positions) of cohorts of one target: its windows at both scales."""
    first_of: dict[str, int] = {}
    pairs = [
        (first_of.setdefault(overlaps.cohorts[index].target, position), position)
        for position, index in enumerate(cohorts.tolist())
    ]
    return np.array([p for p in pairs if p[0] != p[1]], np.int64).reshape(-1, 2)


def _collect(overlaps: Overlaps, rows: Ints, cohorts: Ints, labels: Ints, settings: CampaignSettings) -> list[Campaign]:
    edges = np.unique(rows[:, 1] << 32 | rows[:, 2])
    edge_labels = labels[np.searchsorted(cohorts, edges >> 32)]
    accounts, account_labels = _homes(rows[:, 0], labels[np.searchsorted(cohorts, rows[:, 1])])
    campaigns = []
    for label in np.unique(account_labels).tolist():
        inside = accounts[account_labels == label]
        if len(inside) < settings.accounts_min:
            continue
        tied = edges[edge_labels == label]
        indexes = np.unique(np.concatenate([tied >> 32, tied & _LOW])).tolist()
        names = sorted(overlaps.carrier_names[n] for n in inside.tolist())
        acting = _acting(overlaps, names, indexes, settings.targets_min)
        if len(acting) >= settings.accounts_min:
            pairs = zip((tied >> 32).tolist(), (tied & _LOW).tolist(), strict=True)
            campaigns.append(Campaign(tuple(acting), tuple(indexes), tuple(pairs)))
    return sorted(campaigns, key=lambda found: (-len(found.accounts), found.accounts))


def _homes(accounts: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """Each account once, with the label that most of its rows have; the smaller label on a draw."""
    keys, count = np.unique(accounts << 32 | labels, return_counts=True)
    order = np.lexsort((keys & _LOW, -count, keys >> 32))
    keys = keys[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = (keys[1:] >> 32) != (keys[:-1] >> 32)
    return keys[first] >> 32, keys[first] & _LOW


def _acting(overlaps: Overlaps, accounts: Sequence[str], cohorts: Sequence[int], acts_min: int) -> list[str]:
    """Accounts with enough distinct acts: one post with three links is one act."""
    if not any(overlaps.cohorts[index].layer in OF_POSTS for index in cohorts):
        return list(accounts)  # a like acts on one target: as many acts as targets
    acts: dict[str, set[str]] = {account: set() for account in accounts}
    for index in cohorts:
        members = overlaps.cohorts[index].members
        for account in acts.keys() & members.keys():
            acts[account].add(members[account].act)
            if len(acts[account]) >= acts_min:
                # enough: the account need not be looked up in the cohorts to come
                del acts[account]
    return [account for account in accounts if account not in acts]
