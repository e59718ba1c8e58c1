"""Paid batches: whoever these pieces plant must be called."""

from collections.abc import Mapping

from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.diversion import Diversion
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.hashtag_push import HashtagPush
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.armies.operator_armies import OperatorArmies
from evaluation.simulator.pieces.armies.rating_army import RatingArmy
from evaluation.simulator.pieces.armies.repost_ring import RepostRing
from evaluation.simulator.pieces.armies.task_platform import TaskPlatform
from evaluation.simulator.world import Piece

ARMIES: Mapping[str, type[Piece]] = {
    "copy-army": CopyArmy,
    "diversion": Diversion,
    "flood": Flood,
    "hashtag-push": HashtagPush,
    "like-army": LikeArmy,
    "operator-armies": OperatorArmies,
    "rating-army": RatingArmy,
    "repost-ring": RepostRing,
    "task-platform": TaskPlatform,
}
"""By the name that a scenario file calls them."""
