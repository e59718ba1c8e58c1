"""Fit the models that verdicts on topics are made by: one for each set of attributes that a platform may tell.

`python -m evaluation.trends.fit FOLDER` simulates seeds 1 to 99 and 1,000 to 1,059 into FOLDER (a quarter of an
hour on two cores; runs that are there are read), fits on seeds 1 to 40, chooses thresholds on 41 to 99, measures
on those from 1,000, and writes detector/trends/weights.json. Equal simulations give an equal file.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import typer
from msgspec import Struct
from numpy.typing import NDArray
from scipy.optimize import minimize

from detector.trends.cells import ATTRIBUTES
from detector.trends.figures import MIX, PAIRS, pair_name
from detector.trends.model import Model, set_name, shrunk
from evaluation.trends.looks import Watched, watched
from evaluation.trends.tables import Row, report
from models.trends import TrendAccuracy

FIT: Final = range(1, 41)
CHOOSE: Final = range(41, 100)
REPORT: Final = range(1_000, 1_060)
RIDGE: Final = 3.0
"""Penalty on the square of each standardised weight."""
FALSE_POSITIVE_RATE: Final = 0.01
HONEST_SPARED_MIN: Final = 0.998
"""The threshold is raised until at most one honest topic in 500 is called, where that costs little."""
COST_MAX: Final = 0.02
"""Share of bought topics that may be given up for that."""
LEAST: Final = {"gone_quickly": 3.0}
"""No order of the simulation needs this figure where more is known, real ones do: it keeps a weight that calls
a topic by itself when most of its posts are gone."""
FOR_HONEST: Final = frozenset({"posts_each", "unseen", "age_with_followers"})
"""Figures that can only speak for an honest crowd (people come back, are newcomers, have grown their followers with
their age); all others can only speak against one."""


def sets() -> Iterator[tuple[str, ...]]:
    """Every set of attributes of which something can be said."""
    everything = (*ATTRIBUTES, "deletions")
    yield from chain.from_iterable(combinations(everything, size) for size in range(1, len(everything) + 1))


def figures_known(known: Sequence[str]) -> list[str]:
    """Names of the figures that a set of attributes gives."""
    names = [MIX[name] for name in ATTRIBUTES if name in known]
    names += [pair_name(one, other) for one, other in PAIRS if one in known and other in known]
    names += ["registered_together"] if "age" in known else []
    names += ["gone_quickly"] if "deletions" in known else []
    return [*names, "posts_each", "unseen"]


class Table(Struct):
    """All glances at some topics as arrays."""

    figures: NDArray[np.float64]
    """float64[glances, figures], on the scale of the models."""
    topic: NDArray[np.int64]
    bought: NDArray[np.bool_]
    """bool[topics]."""
    kinds: list[str]


def table_of(topics: Sequence[Watched], names: Sequence[str]) -> Table:
    """Figures of every glance, as the models see them."""
    rows = [
        [shrunk(name, glance.figures.get(name, 0.0), glance.accounts) for name in names]
        for topic in topics
        for glance in topic.glances
    ]
    owners = np.repeat(np.arange(len(topics)), [len(topic.glances) for topic in topics])
    bought = np.array([topic.bought for topic in topics])
    return Table(np.array(rows), owners, bought, [topic.kind for topic in topics])


def weights_of(table: Table, names: Sequence[str]) -> tuple[float, NDArray[np.float64]]:
    """Logistic regression with ridge; a topic weighs 1 however often it was looked at, both classes the same."""
    answers = table.bought[table.topic]
    counts = np.bincount(table.topic, minlength=len(table.bought))
    share = table.bought.mean()
    weights = np.where(answers, 1 - share, share) / np.maximum(counts[table.topic], 1)
    weights *= len(table.bought) / weights.sum()
    spread = table.figures.std(axis=0) + 1e-9
    scaled = table.figures / spread

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = scaled @ parameters[1:] + parameters[0]
        losses = np.logaddexp(0, np.where(answers, -logits, logits))
        off = weights * (1 / (1 + np.exp(-logits)) - answers)
        gradient = scaled.T @ off + 2 * RIDGE * parameters[1:]
        return float(weights @ losses + RIDGE * (parameters[1:] ** 2).sum()), np.concatenate([[off.sum()], gradient])

    bounds: list[tuple[float | None, float | None]] = [(None, None)]
    for name, width in zip(names, spread, strict=True):
        bounds.append((None, 0.0) if name in FOR_HONEST else (LEAST.get(name, 0.0) * width, None))
    start = np.array([low or 0.0 for low, _ in bounds])
    found: Any = minimize(loss, start, jac=True, bounds=bounds)
    return float(found.x[0]), found.x[1:] / spread


def highest(table: Table, intercept: float, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[topics]: the highest score that each topic ever had; −99 where it was never looked at."""
    scores = np.full(len(table.bought), -99.0)
    np.maximum.at(scores, table.topic, table.figures @ weights + intercept)
    return scores


def threshold_of(scores: NDArray[np.float64], bought: NDArray[np.bool_]) -> float:
    """The lowest threshold that calls 1 % of the honest topics, raised while that costs few bought ones."""
    honest = np.sort(scores[~bought])[::-1]
    base = float(honest[int(FALSE_POSITIVE_RATE * len(honest))])
    strict = float(honest[int((1 - HONEST_SPARED_MIN) * len(honest))])
    lost = float((scores[bought] >= base).mean() - (scores[bought] >= strict).mean())
    return (strict if lost <= COST_MAX else base) + 1e-6


def fit(topics: dict[str, Sequence[Watched]], known: Sequence[str]) -> tuple[Model, Row]:
    """The model of one set, and how it did on the seeds that chose nothing."""
    names = figures_known(known)
    intercept, weights = weights_of(table_of(topics["fit"], names), names)
    chosen = table_of(topics["choose"], names)
    score_min = threshold_of(highest(chosen, intercept, weights), chosen.bought)
    later = table_of(topics["report"], names)
    called = highest(later, intercept, weights) >= score_min
    accuracy = TrendAccuracy(
        round(float(called[later.bought].mean()), 3), round(float(called[~later.bought].mean()), 4)
    )
    row: Row = {"known": set_name(known), "found": accuracy.found, "wrongly called": accuracy.wrongly_called}
    for kind in dict.fromkeys(later.kinds):
        row[kind] = float(np.mean([bool(one) for one, of in zip(called, later.kinds, strict=True) if of == kind]))
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    return Model(round(intercept, 3), rounded, round(score_min, 3), accuracy), row


def main(
    folder: Annotated[Path, typer.Argument(help="Where simulated looks are kept.")],
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("detector/trends/weights.json"),
) -> None:
    """Fit, choose, measure, write."""
    topics = {
        "fit": watched(FIT, folder),
        "choose": watched(CHOOSE, folder),
        "report": watched(REPORT, folder),
    }
    found = {set_name(known): fit(topics, known) for known in sets()}
    models = {name: model for name, (model, _) in sorted(found.items())}
    out.write_bytes(msgspec.json.format(msgspec.json.encode(models), indent=1) + b"\n")
    report("Highest score within half an hour, seeds from 1,000", [row for _, row in found.values()], None)


if __name__ == "__main__":
    typer.run(main)
