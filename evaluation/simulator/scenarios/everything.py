"""Every army and every honest crowd in one hour."""

from evaluation.simulator.pieces import CopyArmy, Flood, LikeArmy
from evaluation.simulator.scenario import Scenario
from evaluation.simulator.scenarios.crowds import CROWDS

EVERYTHING = Scenario("everything", (LikeArmy(), CopyArmy(), Flood(), *CROWDS.pieces))
