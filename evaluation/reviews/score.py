"""The account score that is measured: three figures that Shoal also weighs, added up."""

from itertools import product

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.cohorts.significance import binomial_tail_log10
from evaluation.reviews.cohorts import cohorts_of
from evaluation.reviews.measures import auc
from evaluation.reviews.table import Reviews

Floats = NDArray[np.float64]


class Weights(msgspec.Struct, frozen=True):
    """What is chosen on one half of the places."""

    window_days: int = 30
    pace: float = 1.0
    agreement: float = 1.0


class Figures(msgspec.Struct, frozen=True):
    """float64[accounts] each: means over an account's reviews."""

    silence: Floats
    """-ln(1 + days from its first to its last review): 0 for accounts that were seen on one day only."""
    pace: Floats
    """ln of the reviews around its own over those that the place's own pace leads to."""
    agreement: Floats
    """-log10 p that so many of those are accounts which do nothing else and rate alike (detector.cohorts)."""

    def score(self, weights: Weights) -> Floats:
        """The figures added up; silence has weight 1."""
        return self.silence + weights.pace * self.pace + weights.agreement * self.agreement


WINDOWS_DAYS = (7, 14, 30, 60)
GRID = tuple(product((0.0, 0.5, 1.0, 2.0), (0.0, 0.3, 1.0, 2.0)))


def figures_of(reviews: Reviews, window_days: int) -> Figures:
    """The three figures of every account."""
    cohorts = cohorts_of(reviews, window_days)
    rows = zip(cohorts.alike.tolist(), cohorts.reviews.tolist(), cohorts.alike_share.tolist(), strict=True)
    agreement = np.array([-binomial_tail_log10(int(alike), int(around), share) for alike, around, share in rows])
    pace = np.log((cohorts.reviews + 1) / (cohorts.reviews_expected + 1))
    return Figures(-np.log1p(_life_days(reviews)), reviews.per_account(pace), reviews.per_account(agreement))


def _life_days(reviews: Reviews) -> Floats:
    first = np.full(reviews.accounts, np.iinfo(np.int64).max)
    last = np.full(reviews.accounts, np.iinfo(np.int64).min)
    np.minimum.at(first, reviews.account, reviews.day)
    np.maximum.at(last, reviews.account, reviews.day)
    return np.asarray(last - first, np.float64)


def choose(reviews: Reviews) -> Weights:
    """Window and weights with the highest AUC on these reviews; the first of equals."""
    labels = reviews.labels()
    tried: list[tuple[float, Weights]] = []
    for window_days in WINDOWS_DAYS:
        figures = figures_of(reviews, window_days)
        for pace, agreement in GRID:
            weights = Weights(window_days, pace, agreement)
            tried.append((auc(figures.score(weights), labels), weights))
    return max(tried, key=lambda each: each[0])[1]
