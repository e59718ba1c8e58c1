"""Why a worker ended. Supervisors and runbooks read these; they follow sysexits.h where it has a word."""

import os
import sys
from enum import IntEnum
from typing import NoReturn


class Exit(IntEnum):
    """Exit codes of `shoal worker`; `shoal doctor` and `shoal stress` have the small ones."""

    OK = 0
    PROBLEMS = 1
    """`shoal doctor`: something is wrong, or could not be looked at."""
    THRESHOLD = 4
    """`shoal stress`: measured, and a threshold is broken."""
    NOT_MEASURED = 5
    """`shoal stress`: the sender could not keep its schedule, so that nothing can be said."""
    DEAD_LETTERS = 65
    """Too many invalid events: a producer or this version is broken. Restarting does not help."""
    UNAVAILABLE = 69
    """Something outside is missing, as brokers that go away while a worker takes over. Restarting resumes."""
    UNEXPECTED = 70
    """An exception that nobody expected. Restarting resumes where the last commit was."""
    CANCELLED = 75
    """Cancelled in the middle of an effect: ends without acknowledging it. Restarting resumes."""
    CONFIGURATION = 78
    """Wrong settings, or topics that do not fit them. Restarting does not help."""


def end_process(code: Exit) -> NoReturn:
    """End at once, skipping every `finally` that could acknowledge unfinished work."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
