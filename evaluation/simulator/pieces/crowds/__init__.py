"""Honest crowds: whoever these pieces plant must be left alone."""

from collections.abc import Mapping

from evaluation.simulator.pieces.crowds.breaking_news import BreakingNews
from evaluation.simulator.pieces.crowds.chat import Chat
from evaluation.simulator.pieces.crowds.class_assignment import ClassAssignment
from evaluation.simulator.pieces.crowds.copypasta import Copypasta
from evaluation.simulator.pieces.crowds.customer_service import CustomerService
from evaluation.simulator.pieces.crowds.data_group import DataGroup
from evaluation.simulator.pieces.crowds.emergency_appeal import EmergencyAppeal
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.giveaway import Giveaway
from evaluation.simulator.pieces.crowds.greetings import Greetings
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.protest import Protest
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from evaluation.simulator.pieces.crowds.shared_moment import SharedMoment
from evaluation.simulator.pieces.crowds.starter_pack import StarterPack
from evaluation.simulator.pieces.crowds.station_bots import StationBots
from evaluation.simulator.pieces.crowds.syndication import Syndication
from evaluation.simulator.world import Piece

CROWDS: Mapping[str, type[Piece]] = {
    "breaking-news": BreakingNews,
    "chat": Chat,
    "class-assignment": ClassAssignment,
    "copypasta": Copypasta,
    "customer-service": CustomerService,
    "data-group": DataGroup,
    "emergency-appeal": EmergencyAppeal,
    "fan-club": FanClub,
    "giveaway": Giveaway,
    "greetings": Greetings,
    "petition": Petition,
    "protest": Protest,
    "share-button": ShareButton,
    "shared-moment": SharedMoment,
    "starter-pack": StarterPack,
    "station-bots": StationBots,
    "syndication": Syndication,
}
"""By the name that a scenario file calls them."""
