"""From figures to a score: a logistic model for each set of attributes that can be known.

The weights come from simulated bursts (`python -m evaluation.trends.fit`, seeds 1 to 99), one fit for each of the
32 sets, so that a platform that tells less gets a model made for less, with an accuracy of its own. What they
were measured at on other seeds is stated beside them and goes out with every verdict.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log1p
from typing import Final

import msgspec
from msgspec import Struct

from models.trends import TrendAccuracy

FLAGGED_WEIGHT: Final = 12.0
RETURNING_WEIGHT: Final = 12.0
"""Accounts that an alert names, or that served an earlier manufactured topic, are no matter of mixes: their
share counts by itself, with a weight that calls a topic of the usual score at about four in ten."""


SHRINK: Final = 20
"""Accounts at which a mix counts half."""


class Weighed(Struct, frozen=True):
    """One figure's part in a score."""

    name: str
    value: float
    weight: float
    """What it adds."""


class Model(Struct, frozen=True):
    """The model of one set of attributes."""

    intercept: float
    weights: Mapping[str, float]
    """By figure, on the scale of `shrunk`."""
    score_min: float
    """Called from here on: at most 1 % of the honest topics on the seeds that chose it."""
    accuracy: TrendAccuracy | None = None
    """Measured on seeds that chose nothing."""

    def weigh(self, figures: Mapping[str, float], accounts: int) -> list[Weighed]:
        """Parts of the score in the order of the weights, without the intercept."""
        return [
            Weighed(name, figures[name], weight * shrunk(name, figures[name], accounts))
            for name, weight in self.weights.items()
            if name in figures
        ]


def shrunk(name: str, value: float, accounts: int) -> float:
    """The scale that a figure is weighed on: log(1 + 5x), and x itself below 0.

    Mixes and dependences of few accounts are mostly noise: theirs is taken times n / (n + 20).
    """
    scaled = log1p(5 * value) if value > 0 else value
    return scaled * accounts / (accounts + SHRINK) if name.endswith("_mix") or "_with_" in name else scaled


def set_name(known: Sequence[str]) -> str:
    """Name of a set of attributes."""
    return " ".join(sorted(known))


@cache
def models() -> Mapping[str, Model]:
    """All models by the name of their set."""
    raw = files("detector.trends").joinpath("weights.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, Model])


def model_for(known: Sequence[str]) -> Model | None:
    """The model of a set; None where nothing is known."""
    return models().get(set_name(known))
