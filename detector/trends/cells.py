"""Attributes of an account in cells, so that mixes can be compared. −1 is unknown."""

from bisect import bisect_right
from typing import Final

from detector.background import DAY_MS
from models.events import Account
from models.ids import hash64

AGE_DAYS: Final = (30, 180, 365, 730, 1_460, 2_555)
"""Upper bounds of the age cells; the last cell is open."""
FOLLOWERS: Final = (3, 10, 30, 100, 300, 1_000, 5_000)
"""Upper bounds of the followers cells; the last cell is open."""
CLIENT_CELLS: Final = 24
NETWORK_CELLS: Final = 48
"""Clients and networks are many and open-ended: their hashes are counted in so many cells."""
DAY_CELLS: Final = 4_096
"""Days of registration: eleven years, then they meet again."""
NEWCOMER_DAYS: Final = 7
"""Who registered so lately may have come for the topic itself: their days are not held against them."""
ATTRIBUTES: Final = ("age", "followers", "client", "network")
REGISTERED: Final = 4
"""Position of the day of registration, which is known with the age."""
CELLS: Final = (len(AGE_DAYS) + 1, len(FOLLOWERS) + 1, CLIENT_CELLS, NETWORK_CELLS, DAY_CELLS)
UNKNOWN: Final = -1

Cells = tuple[int, int, int, int, int]
"""Age, followers, client, network, day of registration."""


def cells_of(account: Account | None, client: str | None, network: str | None, at_ms: int) -> Cells:
    """What is known of an account that acts at `at_ms`; the act's own client and network come before its facts."""
    age = followers = day = UNKNOWN
    if account is not None:
        days = (at_ms - account.registered_at_ms) // DAY_MS
        age = bisect_right(AGE_DAYS, days)
        if days >= NEWCOMER_DAYS:
            day = account.registered_at_ms // DAY_MS % DAY_CELLS
        if account.followers is not None:
            followers = bisect_right(FOLLOWERS, account.followers)
        client = client if client is not None else account.client
        network = network if network is not None else account.network_id
    return (
        age,
        followers,
        UNKNOWN if client is None else hash64(client) % CLIENT_CELLS,
        UNKNOWN if network is None else hash64(network) % NETWORK_CELLS,
        day,
    )
