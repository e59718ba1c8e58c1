"""Normalise a whole batch of texts with one code-point table.

The table folds case, width, compatibility forms, accents, traditional Chinese and look-alike letters,
and drops everything that is not a letter or a digit (spaces, punctuation, emoji, zero-width and bidi
marks). It is built offline by `evaluation/tables/code_points.py` and committed beside this file.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEPARATOR: Final = "\x1e"
_SEPARATOR_POINT: Final = 0x1E
_POINTS: Final = 0x110000


@cache
def table() -> NDArray[np.uint32]:
    """uint32[0x110000]: what each code point becomes, 0 for nothing."""
    with files("detector.text").joinpath("code_points.npz").open("rb") as file:
        stored = np.load(file)
        points = np.cumsum(stored["steps"], dtype=np.int64)
        full = np.zeros(_POINTS, np.uint32)
        full[points] = points + stored["shifts"]
    full[_SEPARATOR_POINT] = _SEPARATOR_POINT
    full.setflags(write=False)
    return full


def normalise(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return (uint32[m] code points of all texts, int64[n + 1] offsets of each text in them).

    Code points that turn into several keep the first: comparisons need equal texts to stay equal, not
    to be readable. Lone surrogates become nothing.
    """
    if not texts:
        return np.zeros(0, np.uint32), np.zeros(1, np.int64)
    joined = SEPARATOR.join(texts)
    if joined.count(SEPARATOR) != len(texts) - 1:
        joined = SEPARATOR.join(text.replace(SEPARATOR, "") for text in texts)
    points = table()[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)]
    points = points[points != 0]
    ends = np.flatnonzero(points == _SEPARATOR_POINT)
    offsets = np.zeros(len(texts) + 1, np.int64)
    offsets[1:-1] = ends - np.arange(len(ends))
    offsets[-1] = len(points) - len(ends)
    return points[points != _SEPARATOR_POINT], offsets
