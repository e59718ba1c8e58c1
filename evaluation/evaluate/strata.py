"""Counts of false edges by stratum, as they stand in the record of a run."""

from msgspec import Struct


class StratumCount(Struct, frozen=True):
    """Pairs of closed cohorts of one stratum, and how many of them fall under each level of p."""

    stratum: str
    pairs: int
    observed: tuple[int, ...]
    """Under 10⁻³, 10⁻⁶ and 10⁻⁹."""
