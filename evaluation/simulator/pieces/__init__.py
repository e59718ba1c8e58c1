"""Armies and honest crowds, one small file each; every dial is a field with a default.

To add one: a frozen struct with a `group` name and `plant(world, rng) -> Planted`, then put it into
a scenario. `rng` belongs to the piece alone.
"""

from evaluation.simulator.pieces.breaking_news import BreakingNews
from evaluation.simulator.pieces.copy_army import CopyArmy
from evaluation.simulator.pieces.fan_club import FanClub
from evaluation.simulator.pieces.flood import Flood
from evaluation.simulator.pieces.like_army import LikeArmy
from evaluation.simulator.pieces.petition import Petition
from evaluation.simulator.pieces.share_button import ShareButton
from evaluation.simulator.pieces.syndication import Syndication

__all__ = [
    "BreakingNews",
    "CopyArmy",
    "FanClub",
    "Flood",
    "LikeArmy",
    "Petition",
    "ShareButton",
    "Syndication",
]
