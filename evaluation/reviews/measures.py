"""AUC, precision at k, and their bootstrap intervals."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


def auc(scores: Floats, labels: Marks) -> float:
    """Chance that a marked account scores above an unmarked one, ties half. In [0, 1]; NaN without both.

    Source: Hanley and McNeil (1982), the rank form.
    """
    marked = int(labels.sum())
    unmarked = len(labels) - marked
    if not marked or not unmarked:
        return float("nan")
    ranks = float(rankdata(scores)[labels].sum())
    return (ranks - marked * (marked + 1) / 2) / (marked * unmarked)


def precision_at(scores: Floats, labels: Marks, k: int = 100) -> float:
    """Share of marked accounts among the k highest scores; of accounts tied at the border, their mean share."""
    k = min(k, len(scores))
    border = np.partition(scores, -k)[-k]
    above, tied = scores > border, scores == border
    return float((labels[above].sum() + (k - above.sum()) * labels[tied].mean()) / k)


def intervals(
    scores: Mapping[str, Floats],
    labels: Marks,
    measure: Callable[[Floats, Marks], float],
    rng: np.random.Generator,
    rounds: int,
) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals over accounts: of each score, and of the first minus each other (`first - other`).

    Every round measures all scores on the same resample, so that differences are paired.
    Source: Efron (1979), percentile intervals.
    """
    names = list(scores)
    told = np.zeros((rounds, len(names)))
    for number in range(rounds):
        drawn = rng.integers(len(labels), size=len(labels))
        told[number] = [measure(scores[name][drawn], labels[drawn]) for name in names]
    columns = {name: told[:, at] for at, name in enumerate(names)}
    columns |= {f"{names[0]} - {name}": told[:, 0] - told[:, at] for at, name in enumerate(names) if at}
    return {
        name: (float(np.quantile(column, 0.025)), float(np.quantile(column, 0.975))) for name, column in columns.items()
    }
