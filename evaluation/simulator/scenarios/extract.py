"""A small extract, as analysts replay it: nothing but an army and a few honest accounts."""

from evaluation.simulator.files import load_scenario
from evaluation.simulator.scenario import simulate
from evaluation.simulator.truth import Simulation

ARMY_EXTRACT = load_scenario("army-extract")


def army_extract(seed: int) -> Simulation:
    """100 accounts on 20 posts by different authors over a day, among 30 honest accounts."""
    return simulate(ARMY_EXTRACT, seed)
