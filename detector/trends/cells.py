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
ATTRIBUTES: Final = ("age", "followers", "client", "network")
CELLS: Final = (len(AGE_DAYS) + 1, len(FOLLOWERS) + 1, CLIENT_CELLS, NETWORK_CELLS)
UNKNOWN: Final = -1

Cells = tuple[int, int, int, int]
"""Age, followers, client, network."""


def cells_of(account: Account | None, client: str | None, network: str | None, at_ms: int) -> Cells:
    """What is known of an account that acts at `at_ms`; the act's own client and network come before its facts."""
    age = followers = UNKNOWN
    if account is not None:
        age = bisect_right(AGE_DAYS, (at_ms - account.registered_at_ms) // DAY_MS)
        if account.followers is not None:
            followers = bisect_right(FOLLOWERS, account.followers)
        client = client if client is not None else account.client
        network = network if network is not None else account.network_id
    return (
        age,
        followers,
        UNKNOWN if client is None else hash64(client) % CLIENT_CELLS,
        UNKNOWN if network is None else hash64(network) % NETWORK_CELLS,
    )
