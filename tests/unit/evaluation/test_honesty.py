from functools import partial

import pytest
from scipy.stats import binom

from evaluation.calibration.honesty import (
    LEVELS,
    Shares,
    one_batch_log10,
    one_pair_log10,
    poisson_log10,
    shares,
    strongest_case_log10,
    uniform_log10,
)
from evaluation.calibration.null_world import MEMBERS_MIN, SMALLER_THAN_TOLD, WORLDS, NullWorld


def is_honest(found: Shares) -> bool:
    """No N reached more often than 1/N allows, up to one in a thousand such checks."""
    limits = [binom.ppf(0.999, found.replications, 1 / level) for level in LEVELS]
    return all(count <= limit for count, limit in zip(found.reached, limits, strict=True))


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name.partition(":")[0])
def test_one_in_n_is_not_reached_more_often_by_chance(world: NullWorld) -> None:
    assert is_honest(shares("case", partial(strongest_case_log10, world), 25, seed=1))
    assert is_honest(shares("pair", partial(one_pair_log10, world), 100, seed=2))


@pytest.mark.parametrize("mean", [0.1, 1.0, 10.0])
def test_overlaps_drawn_from_the_null_are_honest(mean: float) -> None:
    found = shares("overlap", partial(poisson_log10, mean), 20_000, seed=3)
    assert is_honest(found)
    assert found.mean_e < 1.2


def test_batches_and_calibrated_p_values_are_honest() -> None:
    assert is_honest(shares("p", uniform_log10, 20_000, seed=4))
    assert is_honest(shares("batch", one_batch_log10, 20_000, seed=5))


def test_the_check_finds_a_bound_that_is_none() -> None:
    found = shares("pair", partial(one_pair_log10, SMALLER_THAN_TOLD), 50, seed=6)
    assert not is_honest(found)


def test_worlds_are_made_of_cohorts_as_the_detector_sees_them() -> None:
    import numpy as np

    for world in WORLDS:
        told = list(world.cohorts(np.random.default_rng(7)))
        assert len(told) >= 10
        assert all(len(update.members) >= MEMBERS_MIN for update in told)
        assert told == list(world.cohorts(np.random.default_rng(7)))
