"""Sketches of sets of accounts: how much two cases share, without holding their accounts.

A sketch is the `SKETCH` smallest 64-bit hashes of a set (bottom-k, Cohen and Kaplan 2007): exact up to so many
accounts, and 2 kB whatever the size. The standard error of a share is at most 0.5 / √(hashes compared).
"""

from collections.abc import Sequence
from typing import Final

from models.ids import hash64

SKETCH: Final = 256


def sketch(accounts: Sequence[str]) -> tuple[int, ...]:
    """The `SKETCH` smallest hashes, ascending."""
    return tuple(sorted({hash64(account) for account in accounts})[:SKETCH])


def overlap(one: Sequence[int], one_total: int, other: Sequence[int], other_total: int) -> float:
    """Share of the smaller set that the larger has, in [0, 1]; from bottom-k sketches where they were cut.

    Below the largest hash that both sketches reach, both are complete samples of their sets.
    """
    if not one or not other:
        return 0.0
    reach = min(one[-1] if len(one) == SKETCH else 2**64, other[-1] if len(other) == SKETCH else 2**64)
    mine = {each for each in one if each <= reach}
    theirs = {each for each in other if each <= reach}
    smaller = mine if one_total <= other_total else theirs
    return len(mine & theirs) / len(smaller) if smaller else 0.0
