"""The two sets of judged pairs."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from models.ids import hash64_of

CHOOSING, REPORTING = 0, 1


class Pair(msgspec.Struct, frozen=True):
    """Two texts, and whether people take them to say the same."""

    one: str
    other: str
    same: bool

    @property
    def half(self) -> int:
        """0 or 1 by a hash of both texts: choosing or reporting."""
        return hash64_of(self.one, self.other) % 2


def english_url_pairs(file: Path) -> list[Pair]:
    """Columns a, b, votes6. Four to six votes of six are the same, none to two are not, three are left out.

    Source: Lan, Qiu, He, Xu: A continuously growing dataset of sentential paraphrases, EMNLP 2017.
    """
    return [Pair(a, b, votes >= 4) for a, b, votes in _rows(file, ("a", "b", "votes6")) if votes != 3]


def chinese_question_pairs(file: Path) -> list[Pair]:
    """Columns sentence1, sentence2, label."""
    return [Pair(a, b, label == 1) for a, b, label in _rows(file, ("sentence1", "sentence2", "label"))]


def _rows(file: Path, columns: tuple[str, str, str]) -> list[tuple[str, str, int]]:
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=list(columns))
    one, other, label = (table[name].to_pylist() for name in columns)
    return [(a or "", b or "", int(c)) for a, b, c in zip(one, other, label, strict=True)]


SETS: Mapping[str, tuple[str, Callable[[Path], list[Pair]]]] = {
    "english URL pairs": ("english_url_pairs.parquet", english_url_pairs),
    "chinese question pairs": ("chinese_question_pairs_dev.parquet", chinese_question_pairs),
}
"""By name: the file in `near_duplicate_pairs`, and how it is read."""
