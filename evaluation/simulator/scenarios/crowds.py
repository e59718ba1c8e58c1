"""Nothing but honest crowds among organic life: whoever is called here is called wrongly."""

from evaluation.simulator.pieces import BreakingNews, FanClub, Petition, ShareButton, Syndication
from evaluation.simulator.scenario import Scenario

CROWDS = Scenario("crowds", (FanClub(), Petition(), ShareButton(), Syndication(), BreakingNews()))
