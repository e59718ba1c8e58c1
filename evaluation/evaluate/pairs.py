"""Which pairs of a community are linked: the share of honest pairs that a method takes to act together."""

from collections.abc import Collection, Iterable

import numpy as np

from models.ids import hash64

MEMBERS_MAX = 1_500
"""Larger communities are sampled by the hash of their accounts, so that the matrix stays under 3 MB."""


def linked_pairs(members: Collection[str], groups: Iterable[Collection[str]]) -> tuple[int, int]:
    """(pairs of `members`, pairs of them that are together in one of `groups`)."""
    sample = sorted(members)
    if len(sample) > MEMBERS_MAX:
        sample = sorted(sample, key=hash64)[:MEMBERS_MAX]
    position_of = {account: position for position, account in enumerate(sample)}
    linked = np.zeros((len(sample), len(sample)), np.bool_)
    for group in groups:
        inside = [position_of[account] for account in group if account in position_of]
        if len(inside) > 1:
            linked[np.ix_(inside, inside)] = True
    return len(sample) * (len(sample) - 1) // 2, int(np.triu(linked, 1).sum())
