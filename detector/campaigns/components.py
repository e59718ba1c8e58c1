"""From significant pairs of cohorts to groups of accounts (DESIGN section 4, step 4)."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from detector.cohorts.overlap import Edge, Overlaps
from detector.settings import CampaignSettings
from models.campaigns import Campaign

Ints = NDArray[np.int64]


def find_campaigns(overlaps: Overlaps, settings: CampaignSettings) -> list[Campaign]:
    """Rebuild all campaigns from the significant pairs.

    Keeps accounts with at least `targets_min` supported targets (a cohort of theirs with
    `edges_min` significant pairs), drops pairs that fall under the smallest overlap, repeats
    `prune_rounds` times, and returns connected components of at least `accounts_min` accounts,
    largest first.
    """
    if not overlaps.edges:
        return []
    names, rows = _rows(overlaps)
    rows = _prune(rows, _targets(overlaps, rows), settings)
    if not len(rows):
        return []
    label_of = _label(overlaps, rows)
    return _collect(overlaps, names, rows, label_of, settings)


def _rows(overlaps: Overlaps) -> tuple[list[str], Ints]:
    """(account names, int64[n, 3] of account, newer cohort, older cohort)."""
    number_of: dict[str, int] = {}
    flat: list[int] = []
    for (one, other), carriers in overlaps.carriers.items():
        for account in carriers:
            flat += (number_of.setdefault(account, len(number_of)), one, other)
    return list(number_of), np.array(flat, np.int64).reshape(-1, 3)


def _targets(overlaps: Overlaps, rows: Ints) -> Ints:
    """int64[largest cohort index + 1]: a number for each cohort's target."""
    number_of: dict[str, int] = {}
    targets = np.zeros(int(rows[:, 1:].max()) + 1, np.int64)
    for index in np.unique(rows[:, 1:]).tolist():
        targets[index] = number_of.setdefault(overlaps.cohorts[index].target, len(number_of))
    return targets


def _prune(rows: Ints, targets: Ints, settings: CampaignSettings) -> Ints:
    for _ in range(settings.prune_rounds):
        if not len(rows):
            break
        before = len(rows)
        rows = rows[np.isin(rows[:, 0], _supported(rows, targets, settings))]
        if len(rows):
            _, pair, count = np.unique(rows[:, 1] << 32 | rows[:, 2], return_inverse=True, return_counts=True)
            rows = rows[count[pair] >= settings.overlap_kept_min]
        if len(rows) == before:
            break
    return rows


def _supported(rows: Ints, targets: Ints, settings: CampaignSettings) -> Ints:
    """Accounts with enough targets, each tied to enough other cohorts of the same account."""
    held = np.concatenate([rows[:, 0] << 32 | rows[:, 1], rows[:, 0] << 32 | rows[:, 2]])
    keys, count = np.unique(held, return_counts=True)
    keys = keys[count >= settings.edges_min]
    distinct = np.unique((keys >> 32) << 32 | targets[keys & 0xFFFFFFFF])
    accounts, targets_each = np.unique(distinct >> 32, return_counts=True)
    return np.asarray(accounts[targets_each >= settings.targets_min], np.int64)


def _label(overlaps: Overlaps, rows: Ints) -> dict[int, int]:
    """Component of each cohort. The scales of one target are tied together."""
    cohorts, flat = np.unique(rows[:, 1:].ravel(), return_inverse=True)
    ends = flat.reshape(-1, 2)
    links = np.concatenate([ends, _twins(overlaps, cohorts)])
    size = len(cohorts)
    graph = coo_matrix((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return dict(zip(cohorts.tolist(), labels.tolist(), strict=True))


def _twins(overlaps: Overlaps, cohorts: Ints) -> Ints:
    """Pairs (positions) of cohorts of one target: its windows at both scales."""
    first_of: dict[str, int] = {}
    pairs = [
        (first_of.setdefault(overlaps.cohorts[index].target, position), position)
        for position, index in enumerate(cohorts.tolist())
    ]
    return np.array([p for p in pairs if p[0] != p[1]], np.int64).reshape(-1, 2)


def _collect(
    overlaps: Overlaps, names: list[str], rows: Ints, label_of: dict[int, int], settings: CampaignSettings
) -> list[Campaign]:
    ties: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    edges: dict[int, set[Edge]] = defaultdict(set)
    for account, one, other in rows.tolist():
        label = label_of[one]
        ties[account][label] += 1
        edges[label].add((one, other))
    members: dict[int, list[str]] = defaultdict(list)
    for account, labels in ties.items():
        # an account belongs where most of its ties are; the smaller label on a draw
        members[min(labels, key=lambda label: (-labels[label], label))].append(names[account])
    campaigns = []
    for label, accounts in members.items():
        cohorts = sorted({index for edge in edges[label] for index in edge})
        acting = [a for a in accounts if _distinct_acts(overlaps, a, cohorts) >= settings.targets_min]
        if len(acting) >= settings.accounts_min:
            campaigns.append(Campaign(tuple(sorted(acting)), tuple(cohorts), tuple(sorted(edges[label]))))
    return sorted(campaigns, key=lambda found: (-len(found.accounts), found.accounts))


def _distinct_acts(overlaps: Overlaps, account: str, cohorts: Sequence[int]) -> int:
    """One post with three links is one act, however many targets it has."""
    members = (overlaps.cohorts[index].members.get(account) for index in cohorts)
    return len({member.act for member in members if member is not None})
