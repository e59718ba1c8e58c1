"""Streams of short texts for the near-duplicate benchmark: seeded with copies and edited copies, and real."""

import os
from pathlib import Path
from random import Random

import pyarrow.parquet as pq

CONSONANTS = "bcdfghklmnprstvw"
VOWELS = "aeiou"
HAN_FROM, HAN_TO = 0x4E00, 0x5E00


class Texts:
    """Draws texts like short posts: half Latin words, half Chinese characters, 20 to 90 characters.

    `copies` of them repeat a recent text, `edits` of them change a tenth of one; the rest are new.
    """

    def __init__(self, seed: int, copies: float = 0.6, edits: float = 0.1, recent: int = 20_000) -> None:
        self._rnd = Random(seed)
        self._copies = copies
        self._edits = edits
        self._recent_max = recent
        self._recent: list[str] = []
        self._words = ["".join(self._syllable() for _ in range(self._rnd.randrange(1, 4))) for _ in range(20_000)]

    def _syllable(self) -> str:
        return self._rnd.choice(CONSONANTS) + self._rnd.choice(VOWELS)

    def new(self) -> str:
        """A text that nothing resembles."""
        if self._rnd.random() < 0.5:
            return " ".join(self._rnd.choice(self._words) for _ in range(self._rnd.randrange(5, 15)))
        return "".join(chr(self._rnd.randrange(HAN_FROM, HAN_TO)) for _ in range(self._rnd.randrange(12, 60)))

    def edited(self, text: str, share: float) -> str:
        """`text` with a share of its words (or characters) replaced, at least one."""
        latin = " " in text
        parts = text.split(" ") if latin else list(text)
        for _ in range(max(1, round(share * len(parts)))):
            parts[self._rnd.randrange(len(parts))] = (
                self._rnd.choice(self._words) if latin else chr(self._rnd.randrange(HAN_FROM, HAN_TO))
            )
        return (" " if latin else "").join(parts)

    def draw(self, count: int) -> list[str]:
        """The next `count` texts of the stream."""
        found = []
        for _ in range(count):
            choice = self._rnd.random()
            if self._recent and choice < self._copies:
                text = self._rnd.choice(self._recent)
            elif self._recent and choice < self._copies + self._edits:
                text = self.edited(self._rnd.choice(self._recent), 0.1)
            else:
                text = self.new()
            if len(self._recent) < self._recent_max:
                self._recent.append(text)
            else:
                self._recent[self._rnd.randrange(self._recent_max)] = text
            found.append(text)
        return found


def real_texts(count: int) -> list[str]:
    """The first `count` texts of `weibo_reposts` in order of time, none where the research data is missing."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    path = Path(os.environ.get("SHOAL_DATA", beside)) / "weibo_reposts" / "reposts.parquet"
    if not path.is_file():
        return []
    table = pq.read_table(path, columns=["date", "text"]).sort_by("date")
    return [text or "" for text in table.column("text").slice(0, count).to_pylist()]
