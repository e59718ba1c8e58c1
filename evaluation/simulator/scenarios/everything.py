"""Every army and every honest crowd in one hour."""

from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.scenario import Scenario
from evaluation.simulator.scenarios.crowds import CROWDS

EVERYTHING = Scenario("everything", (LikeArmy(), CopyArmy(), Flood(), *CROWDS.pieces))
