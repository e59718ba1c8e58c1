"""What a user is told when something goes wrong, and with which exit code."""

from typing import NamedTuple

from models.errors import InvalidConfiguration, ShoalError

USAGE = 2
UNAVAILABLE = 3


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
    if isinstance(error, BrokerAway):
        return Told(str(error), UNAVAILABLE)
    if isinstance(error, InvalidConfiguration):
        return Told(f"{error}. `shoal check-config` lists every setting with its range", USAGE)
    if isinstance(error, ShoalError):
        return Told(str(error), USAGE)
    if isinstance(error, OSError) and error.filename is not None:
        return Told(f"{error.filename}: {error.strerror}", USAGE)
    if isinstance(error, MemoryError):
        return Told(
            "out of memory: lower collector.windows_max and overlap.memberships_max in the settings file", USAGE
        )
    return None
