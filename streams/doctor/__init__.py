"""Looks at everything around a worker and says in words what is wrong (`shoal doctor`).

One file a check or a small group. A check reads and changes nothing: no topic, no row, no file. Each has a
time limit, so that a part that hangs does not keep the others from being looked at.
"""

from streams.doctor.checks import CHECKS, found_checks
from streams.doctor.examine import examine
from streams.doctor.finding import Check, Finding, Verdict
from streams.doctor.surroundings import Surroundings

__all__ = ["CHECKS", "Check", "Finding", "Surroundings", "Verdict", "examine", "found_checks"]
