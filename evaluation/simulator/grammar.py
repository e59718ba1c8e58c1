"""Texts in people's own words: patterns filled from word tables."""

import re
from random import Random
from types import ModuleType

from evaluation.simulator.words import chinese, english

_SLOT = re.compile(r"\{(\w+)\}")


class Grammar:
    """Makes texts of one language. Two texts share words but rarely phrases, as honest posts do.

    A text has 1 to 4 sentences of 3 to 6 slots each, from tables of 6 to 40 entries.
    """

    def __init__(self, language: ModuleType) -> None:
        self._tables: dict[str, tuple[str, ...]] = language.TABLES
        self._patterns = [_SLOT.split(pattern) for pattern in language.SENTENCES]
        self._ends: tuple[str, ...] = language.END
        self._join: str = language.JOIN

    def sentence(self, random: Random) -> str:
        """One sentence, without its full stop."""
        parts = random.choice(self._patterns)
        # after a split at the slots every second part is the name of a table
        return "".join(random.choice(self._tables[part]) if at % 2 else part for at, part in enumerate(parts))

    def text(self, random: Random, sentences: int | None = None) -> str:
        """A post of `sentences` sentences; 1 to 4 of them if not told, two at the median."""
        number = sentences or random.choice((1, 1, 2, 2, 2, 3, 3, 4))
        return self._join.join(self.sentence(random) + random.choice(self._ends) for _ in range(number))

    def greeting(self, random: Random) -> str:
        """A short phrase that many people post word for word."""
        return random.choice(self._tables["greeting"]) + random.choice(("", "", "!", "～"))

    def word(self, random: Random, table: str) -> str:
        """One entry of a table."""
        return random.choice(self._tables[table])


CHINESE = Grammar(chinese)
ENGLISH = Grammar(english)


def grammar(chinese_share: float, random: Random) -> Grammar:
    """Draw a language; `chinese_share` is within 0 to 1."""
    return CHINESE if random.random() < chinese_share else ENGLISH
