"""The hour that `shoal demo` streams: organic life, two armies, a fan club and a petition."""

from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.scenario import Scenario, simulate
from models.events import AnyEvent

DEMO = Scenario("demo", (LikeArmy(), CopyArmy(), FanClub(), Petition()))


def events(seed: int) -> list[AnyEvent]:
    """The demo's events, for `shoal produce --simulate demo`."""
    return simulate(DEMO, seed).events
