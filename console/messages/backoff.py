"""When a message that failed is tried again. Pure."""

FIRST_MS = 5_000
FACTOR = 3
LONGEST_MS = 21_600_000
JITTER = 0.2
"""Share of a pause by which it is made longer or shorter, so that many do not come back at once."""
ASKED_MAX_MS = 86_400_000


def pause_ms(attempts: int, jitter: float, asked_ms: int | None = None) -> int:
    """Return the pause after `attempts` (1 or more) failures; `jitter` is a random number in [0, 1).

    5 s, 15 s, 45 s … up to 6 h, each ±20 %; never less than the service asked for (`asked_ms`, at most a day).
    """
    plain = min(FIRST_MS * FACTOR ** (min(attempts, 20) - 1), LONGEST_MS)
    own = int(plain * (1 - JITTER + 2 * JITTER * jitter))
    return max(own, min(asked_ms or 0, ASKED_MAX_MS))
