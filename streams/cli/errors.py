"""What a user is told when something goes wrong, and with which exit code."""

import errno
from typing import Final, NamedTuple

from models.errors import InvalidConfiguration, ShoalError

USAGE = 2
UNAVAILABLE = 3
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk says that takes no more; of a write it names no file."""


class Told(NamedTuple):
    """One line for people, one number for scripts."""

    sentence: str
    exit_code: int


class UserError(ShoalError):
    """Something the user can put right; the message says how."""


class BrokerAway(ShoalError):
    """No broker answered in time."""


def explain(error: Exception) -> Told | None:
    """Put an error into words; None if it is a fault of Shoal's own and deserves its traceback."""
    sentence = _sentence(error)
    if sentence is None:
        return None
    return Told(sentence, UNAVAILABLE if isinstance(error, BrokerAway) else USAGE)


def _sentence(error: Exception) -> str | None:
    if isinstance(error, InvalidConfiguration):
        return f"{error}. `shoal check-config` lists every setting, --print-default those of the detector's file"
    file_error = error.__cause__ if isinstance(error, ShoalError) else error
    if isinstance(file_error, OSError) and file_error.filename is not None:
        return f"{file_error.filename}: {file_error.strerror}"
    if isinstance(file_error, OSError) and file_error.errno in FULL:
        return f"what is written does not fit there ({file_error.strerror}): free some space, or write elsewhere"
    if isinstance(error, ShoalError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory: lower collector.windows_max and overlap.memberships_max in the settings file"
    return None
