"""A campaign as the detector finds it, before it is judged and told as an alert."""

from msgspec import Struct

from models.ids import AccountId

CohortPair = tuple[int, int]
"""(newer, older): positions of two cohorts in the order in which the coordinator met them."""


class Campaign(Struct, frozen=True):
    """Accounts that act as one, and what ties them."""

    accounts: tuple[AccountId, ...]
    """Sorted."""
    cohorts: tuple[int, ...]
    """Positions of the cohorts, sorted."""
    edges: tuple[CohortPair, ...]
    """Significant pairs of those cohorts, sorted."""
