"""Honest crowds: whoever these pieces plant must be left alone."""

from collections.abc import Mapping

from evaluation.simulator.pieces.crowds.breaking_news import BreakingNews
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from evaluation.simulator.pieces.crowds.syndication import Syndication
from evaluation.simulator.world import Piece

CROWDS: Mapping[str, type[Piece]] = {
    "breaking-news": BreakingNews,
    "fan-club": FanClub,
    "petition": Petition,
    "share-button": ShareButton,
    "syndication": Syndication,
}
"""By the name that a scenario file calls them."""
