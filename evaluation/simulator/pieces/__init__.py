"""Armies and honest crowds, one small file each; every dial is a field with a default.

To add one: a frozen struct with a `group` name and `plant(world, rng) -> Planted`, its line in the
table of `armies` or `crowds`, then a scenario file that names it. `rng` belongs to the piece alone.
"""

from collections.abc import Mapping

from evaluation.simulator.pieces.armies import ARMIES
from evaluation.simulator.pieces.crowds import CROWDS
from evaluation.simulator.world import Piece

PIECES: Mapping[str, type[Piece]] = {**ARMIES, **CROWDS}
"""Every kind of piece, by the name that a scenario file calls it."""
