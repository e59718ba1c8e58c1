"""Check of the alerts' "1 in N": the share of replications that reach N where chance is all there is.

    python -m evaluation.calibration.honesty --replications 3000

Every dispersion φ is set to 1 and every threshold as low as it goes, so that chance makes as many
"campaigns" as it can. An honest N is reached in at most 1/N of the replications.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from math import log10
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.random import Generator

from detector.calibration.evalues import calibrated_log10, overlap_e_log10, weight_log10
from detector.calibration.settings import PhiSettings
from detector.campaigns.chance import campaign_e_log10
from detector.campaigns.components import find_campaigns
from detector.cohorts.overlap import Overlaps
from detector.cohorts.significance import span_log10
from detector.settings import CampaignSettings, OverlapSettings
from evaluation.calibration.null_world import HOUR_MS, SMALLER_THAN_TOLD, WORLDS, NullWorld

LEVELS: Final = (10, 100, 1_000)
NO_DISPERSION: Final = msgspec.convert(dict.fromkeys(PhiSettings.__struct_fields__, 1.0), PhiSettings)
LOOSEST: Final = CampaignSettings(targets_min=2, edges_min=1, accounts_min=3, overlap_kept_min=1)


class Shares(Struct, frozen=True):
    """How often each N was reached."""

    what: str
    replications: int
    reached: tuple[int, ...]
    """Replications that reached each of `LEVELS`."""
    mean_e: float
    """Average e-value, at most 1 if it is one."""


def loosest(world: NullWorld, p_log10_max: float = -3.0) -> OverlapSettings:
    """Settings under which chance finds as much as it can."""
    return OverlapSettings(
        overlap_min=3, p_log10_max=p_log10_max, prior_memberships=world.prior_memberships, phi=NO_DISPERSION
    )


def strongest_case_log10(world: NullWorld, rng: Generator) -> float:
    """log₁₀ e of the strongest campaign that the detector sees at any moment of one replication."""
    overlaps = Overlaps(loosest(world), (HOUR_MS,))
    best = -np.inf
    for update in world.cohorts(rng):
        overlaps.update(update)
        within = overlaps.reach(overlaps.take_changed())
        for found in find_campaigns(overlaps, within, LOOSEST):
            best = max(best, campaign_e_log10(overlaps, found))
    return float(best)


def one_pair_log10(world: NullWorld, rng: Generator) -> float:
    """log₁₀ e of one pair of cohorts, chosen before looking: the last two."""
    overlaps = Overlaps(loosest(world), (HOUR_MS,))
    for update in world.cohorts(rng):
        overlaps.update(update)
    if len(overlaps.cohorts) < 2:
        return -np.inf
    older, newer = (overlaps.cohorts[index] for index in sorted(overlaps.cohorts)[-2:])
    shared = len(older.members.keys() & newer.members.keys())
    return overlap_e_log10(shared, overlaps.rate(newer, older))


def one_batch_log10(rng: Generator) -> float:
    """log₁₀ e of the span of a dozen independent actions in an hour, without the weight of the test."""
    times = rng.uniform(0, HOUR_MS, 12)
    return calibrated_log10(span_log10(12, int(np.ptp(times)), HOUR_MS))


def strongest_batch_log10(rng: Generator) -> float:
    """The same with its weight, the strongest of 200 in a row."""
    return max(one_batch_log10(rng) + weight_log10(number) for number in range(1, 201))


def poisson_log10(mean: float, rng: Generator) -> float:
    """log₁₀ e of an overlap drawn from the null itself."""
    return overlap_e_log10(int(rng.poisson(mean)), mean)


def uniform_log10(rng: Generator) -> float:
    """log₁₀ e of a p-value drawn from the null itself."""
    return calibrated_log10(log10(1.0 - rng.random()))


def shares(what: str, draw: Callable[[Generator], float], replications: int, seed: int) -> Shares:
    """Draw so many independent e-values and count."""
    values = np.array([draw(np.random.default_rng([seed, number])) for number in range(replications)])
    reached = tuple(int((values >= log10(level)).sum()) for level in LEVELS)
    return Shares(what, replications, reached, float(np.mean(10.0 ** np.minimum(values, 300))))


def measure(replications: int, seed: int, worlds: Sequence[NullWorld] = WORLDS) -> list[Shares]:
    """Everything that is checked."""
    drawn: dict[str, Callable[[Generator], float]] = {}
    for world in worlds:
        drawn[f"any case, {world.name}"] = partial(strongest_case_log10, world)
        drawn[f"one pair, {world.name}"] = partial(one_pair_log10, world)
    for mean in (0.1, 1.0, 10.0):
        drawn[f"an overlap that is exactly Poisson, mean {mean:g}"] = partial(poisson_log10, mean)
    drawn["a p-value that is exactly uniform"] = uniform_log10
    drawn["one batch on a target"] = one_batch_log10
    drawn["any of 200 batches"] = strongest_batch_log10
    return [shares(what, draw, replications, seed) for what, draw in drawn.items()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replications", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1_000)
    asked = parser.parse_args()
    print(f"{'':58}" + "".join(f"e ≥ {level:<8,}" for level in LEVELS) + "mean e")
    for found in measure(asked.replications, asked.seed, (*WORLDS, SMALLER_THAN_TOLD)):
        cells = "".join(f"{count / found.replications:<12.5f}" for count in found.reached)
        print(f"{found.what:58}{cells}{found.mean_e:.3g}")
    print(f"{'honest if at most':58}" + "".join(f"{1 / level:<12.5f}" for level in LEVELS) + "1")


if __name__ == "__main__":
    main()
