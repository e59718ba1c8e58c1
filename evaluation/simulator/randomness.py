"""Independent random streams from one seed, so that adding a piece to a scenario leaves the others as they are."""

from random import Random

import numpy as np
from numpy.random import Generator

from models.ids import hash64


def stream(seed: int, name: str) -> Generator:
    """The random stream of one piece. `seed` is 0 or more."""
    return np.random.default_rng([seed, hash64(name)])


def words_of(rng: Generator) -> Random:
    """A plain `Random` seeded from `rng`, for the many small choices that texts are made of."""
    return Random(int(rng.integers(2**63)))
