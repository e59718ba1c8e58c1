"""Paid batches: whoever these pieces plant must be called."""

from collections.abc import Mapping

from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.world import Piece

ARMIES: Mapping[str, type[Piece]] = {
    "copy-army": CopyArmy,
    "flood": Flood,
    "like-army": LikeArmy,
}
"""By the name that a scenario file calls them."""
