"""Which case comes first: severity times reach, halved with every day since the last action.

The product is kept as its logarithm. Since log₂(2^(−age/halving)) = (last action − now)/halving, "now" is the
same summand for every case and falls out of the order: the figure never changes while a case waits, so it can
be a column with an index. The idea is that of ranking by decayed scores (E. Miller, "How Reddit ranking works";
forward decay: Cormode et al., ICDE 2009).
"""

from math import log2

SEVERITY_WEIGHT = {"critical": 64.0, "high": 16.0, "medium": 4.0, "low": 1.0}
"""A step of severity outweighs a reach four times as large, or two days of waiting."""
HALVING_MS = 86_400_000


def priority(severity: str, reach: int, last_action_ms: int) -> float:
    """Return log₂ of severity × reach, plus the days of `last_action_ms`; a greater one comes first."""
    return log2(SEVERITY_WEIGHT.get(severity, 1.0)) + log2(max(1, reach)) + last_action_ms / HALVING_MS
