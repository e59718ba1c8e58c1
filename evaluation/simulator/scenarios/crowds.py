"""Nothing but honest crowds among organic life: whoever is called here is called wrongly."""

from evaluation.simulator.pieces.crowds.breaking_news import BreakingNews
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from evaluation.simulator.pieces.crowds.syndication import Syndication
from evaluation.simulator.scenario import Scenario

CROWDS = Scenario("crowds", (FanClub(), Petition(), ShareButton(), Syndication(), BreakingNews()))
