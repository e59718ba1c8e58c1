"""Reviews as columns, and the two halves of the places."""

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from xxhash import xxh64_intdigest

CHOOSING, REPORTING = 0, 1


class Reviews(msgspec.Struct, frozen=True):
    """Arrays of one length, sorted by place and day. Accounts are numbered from 0, places are small numbers."""

    account: NDArray[np.int64]
    place: NDArray[np.int64]
    day: NDArray[np.int64]
    """Days since 1970."""
    rating: NDArray[np.int64]
    filtered: NDArray[np.bool_]
    """The site's own filter took it out: a proxy of a paid review, and an unsure one."""

    def __len__(self) -> int:
        return len(self.account)

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return int(self.account.max()) + 1 if len(self) else 0

    def labels(self) -> NDArray[np.bool_]:
        """bool[accounts]: any review of the account was filtered."""
        marked = np.zeros(self.accounts, np.bool_)
        marked[self.account[self.filtered]] = True
        return marked

    def per_account(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[accounts]: mean over each account's reviews of one value a review."""
        sums = np.bincount(self.account, values, self.accounts)
        return np.asarray(sums / np.bincount(self.account, minlength=self.accounts), np.float64)


def load(file: Path) -> Reviews:
    """Read columns user, prod, rating, date (ISO day) and spam of a Parquet file."""
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=["user", "prod", "rating", "date", "spam"])
    days = np.array(table["date"].to_pylist(), "datetime64[D]").astype(np.int64)
    place = np.asarray(table["prod"].to_numpy(), np.int64)
    rating = np.asarray(table["rating"].to_numpy(), np.int64)
    return of_columns(
        np.asarray(table["user"].to_numpy()), place, days, rating, np.asarray(table["spam"].to_numpy()) > 0
    )


def of_columns(
    account: NDArray[np.int64],
    place: NDArray[np.int64],
    day: NDArray[np.int64],
    rating: NDArray[np.int64],
    filtered: NDArray[np.bool_],
) -> Reviews:
    """Number accounts from 0 and sort by place, day and account."""
    accounts = np.unique(account, return_inverse=True)[1]
    order = np.lexsort((accounts, day, place))
    return Reviews(accounts[order], place[order], day[order], rating[order], filtered[order])


def half(reviews: Reviews, which: int) -> Reviews:
    """Reviews of the places whose hash falls into a half (0 or 1), as if there were no others.

    The forms of the figures were found on the choosing half of this very split.
    """
    side = np.array([xxh64_intdigest(f"place-{place}".encode()) % 2 for place in range(int(reviews.place.max()) + 1)])
    kept = side[reviews.place] == which
    return of_columns(
        reviews.account[kept], reviews.place[kept], reviews.day[kept], reviews.rating[kept], reviews.filtered[kept]
    )
