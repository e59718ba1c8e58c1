"""What the score must beat: rating deviation, and TF-IDF co-review similarity. Each is chosen in its own favour."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from evaluation.reviews.measures import auc
from evaluation.reviews.table import Reviews

Floats = NDArray[np.float64]
ROWS = 512


def deviation(reviews: Reviews) -> dict[str, Floats]:
    """Distance of an account's ratings from the means of their places: mean and largest.

    Source: rating deviation of Lim et al., Detecting product review spammers using rating behaviors, CIKM 2010.
    """
    sums = np.bincount(reviews.place, reviews.rating)
    away = np.abs(reviews.rating - (sums / np.maximum(np.bincount(reviews.place), 1))[reviews.place])
    largest = np.zeros(reviews.accounts)
    np.maximum.at(largest, reviews.account, away)
    return {"mean": reviews.per_account(away), "largest": largest}


def co_review(reviews: Reviews) -> dict[str, Floats]:
    """TF-IDF cosine of accounts by the places that they reviewed: largest and mean over all others.

    Also turned round, in case those who meet least are the filtered ones.
    """
    vectors = _vectors(reviews)
    total = np.asarray(vectors.sum(axis=0)).ravel()
    mean = (vectors @ total - 1) / max(reviews.accounts - 1, 1)
    largest = np.zeros(reviews.accounts)
    for start in range(0, reviews.accounts, ROWS):
        cosines = (vectors[start : start + ROWS] @ vectors.T).tocoo()
        apart = cosines.row + start != cosines.col
        np.maximum.at(largest, cosines.row[apart] + start, cosines.data[apart])
    return {"largest": largest, "mean": mean, "largest, turned round": -largest, "mean, turned round": -mean}


def _vectors(reviews: Reviews) -> csr_array:
    shape = (reviews.accounts, int(reviews.place.max()) + 1)
    counts = csr_array((np.ones(len(reviews)), (reviews.account, reviews.place)), shape=shape)
    seen_by = np.bincount(reviews.place, minlength=shape[1])
    weighted = counts @ diags_array(np.log((1 + reviews.accounts) / (1 + seen_by)) + 1)
    lengths = np.sqrt(weighted.power(2).sum(axis=1))
    return csr_array(diags_array(1 / lengths) @ weighted)


def best(variants: Mapping[str, Floats], labels: NDArray[np.bool_]) -> str:
    """Name of the variant with the highest AUC."""
    return max(variants, key=lambda name: auc(variants[name], labels))
