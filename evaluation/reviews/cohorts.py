"""What was seen around each review: the cohort of its place within some days, and what the place would lead to.

Ratings are compared with each other and never with good or bad: swapping one star and five changes nothing.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from evaluation.reviews.table import Reviews

Floats = NDArray[np.float64]


class Cohorts(msgspec.Struct, frozen=True):
    """Arrays with one entry a review; the review itself is never counted."""

    reviews: Floats
    """Other reviews of the place within the window."""
    reviews_expected: Floats
    """The same at the place's own pace over all its days."""
    alike: Floats
    """Of those in the window: accounts that do nothing else, with the same rating."""
    alike_share: Floats
    """Share of such accounts among the window's reviews that the place's other reviews lead to."""


def cohorts_of(reviews: Reviews, window_days: int) -> Cohorts:
    """Cohorts of all reviews; the window reaches `window_days` to both sides."""
    once = np.bincount(reviews.account, minlength=reviews.accounts)[reviews.account] == 1
    found = Cohorts(*(np.zeros(len(reviews)) for _ in range(4)))
    starts = np.flatnonzero(np.diff(reviews.place, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(reviews)], strict=True):
        here = slice(int(start), int(end))
        _of_place(reviews.day[here], reviews.rating[here], once[here], window_days, found, int(start))
    return found


def _of_place(
    day: NDArray[np.int64],
    rating: NDArray[np.int64],
    once: NDArray[np.bool_],
    window_days: int,
    found: Cohorts,
    offset: int,
) -> None:
    number = len(day)
    first = np.searchsorted(day, day - window_days, "left")
    last = np.searchsorted(day, day + window_days, "right")
    here = slice(offset, offset + number)
    others = last - first - 1
    found.reviews[here] = others
    whole = max(int(day[-1] - day[0]), 2 * window_days + 1)
    found.reviews_expected[here] = (number - 1) * (2 * window_days + 1) / whole
    # shares of the place's other reviews, with half a review of each rating added, so that none is 0 or 1
    once_share = (once.sum() - once + 1) / (number + 1)
    for value in np.unique(rating):
        mine = rating == value
        seen = np.concatenate([[0], np.cumsum(mine & once)])
        at = np.flatnonzero(mine) + offset
        found.alike[at] = (seen[last] - seen[first])[mine] - once[mine]
        found.alike_share[at] = (mine.sum() - 0.5) / (number + 1.5) * once_share[mine]
