"""The hour that `shoal demo` streams: organic life, two armies, a fan club and a petition."""

from evaluation.simulator.pieces import CopyArmy, FanClub, LikeArmy, Petition
from evaluation.simulator.scenario import Scenario, simulate
from models.events import AnyEvent

DEMO = Scenario("demo", (LikeArmy(), CopyArmy(), FanClub(), Petition()))


def events(seed: int) -> list[AnyEvent]:
    """The demo's events, for `shoal produce --simulate demo`."""
    return simulate(DEMO, seed).events
