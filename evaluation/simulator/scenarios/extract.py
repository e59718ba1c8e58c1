"""A small extract, as analysts replay it: nothing but an army and a few honest accounts."""

from evaluation.simulator.clock import DAY_MS, MINUTE_MS
from evaluation.simulator.organic import Organic
from evaluation.simulator.people import Farm
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.scenario import Scenario, simulate
from evaluation.simulator.truth import Simulation

ARMY_EXTRACT = Scenario(
    "army extract",
    (
        LikeArmy(
            "army",
            size=100,
            targets=20,
            participation=0.7,
            jitter_ms=6 * MINUTE_MS,
            after_ms=20 * MINUTE_MS,
            camouflage=0.5,
            # nothing about the accounts tells: they were bought from people
            farm=Farm(marked=0.0),
        ),
    ),
    Organic(accounts=30, posts=60, likes=200, earlier_posts=600),
    duration_ms=DAY_MS,
)


def army_extract(seed: int) -> Simulation:
    """100 accounts on 20 posts by different authors over a day, among 30 honest accounts."""
    return simulate(ARMY_EXTRACT, seed)
