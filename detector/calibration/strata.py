"""Strata: pairs of cohorts that chance treats alike, each with a dispersion φ of its own.

Fifteen: what ties the two targets (one author, one hour, nothing) times what was done to them. Rare
layers share a kind; chosen by measuring (docs/decisions/0005-calibration-and-e-values.md).
"""

from typing import Final

from detector.cohorts.cohort import OF_POSTS
from models.actions import Layer

RELATIONS: Final = ("same_author", "near", "far")
KINDS: Final = ("likes", "reposts", "links", "words", "mixed")
NAMES: Final = tuple(f"{relation}_{kind}" for relation in RELATIONS for kind in KINDS)
"""Name of each stratum, by number."""
SAME_AUTHOR, NEAR, FAR = range(0, len(NAMES), len(KINDS))
_LIKES, _REPOSTS, _LINKS, _WORDS, MIXED = range(len(KINDS))
_WORDED: Final = (Layer.HASHTAGS, Layer.FAMILY)


def kind(layer: int, other: int) -> int:
    """Number of the kind of a pair of layers: likes, follows, votes and such count as likes."""
    one = KIND_OF[layer]
    return one if one == KIND_OF[other] else MIXED


def _kind(layer: int) -> int:
    if layer in (Layer.REPOST, Layer.REPLY):
        return _REPOSTS
    if layer in _WORDED:
        return _WORDS
    return _LINKS if layer in OF_POSTS else _LIKES


KIND_OF: Final = {int(layer): _kind(layer) for layer in Layer}
"""Number of each layer's kind."""
