"""Search terms of trending lists, looked for in texts: not every topic is a hashtag."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from detector.trends.topics import TOPICS_OF_A_POST_MAX, key_of

TERMS_MAX: Final = 200
"""Newest terms that are looked for: a comparison each for every post."""
LETTERS_MIN: Final = 2
TEXT_MAX: Final = 2_000
"""Characters of a text that are looked at."""


class Terms:
    """The newest terms, in the order in which they were listed last."""

    def __init__(self) -> None:
        self._terms: dict[str, str] = {}
        """Term as it is looked for, to the topic as it is listed."""

    def listed(self, topic: str) -> None:
        """A list names `topic`; the oldest beyond `TERMS_MAX` is forgotten."""
        term = fold(topic)
        if len(term) < LETTERS_MIN:
            return
        # words of alphabets are looked for as words: "art" is not in "party"
        wanted = f" {term} " if term.isascii() else term
        self._terms.pop(wanted, None)
        self._terms[wanted] = topic
        if len(self._terms) > TERMS_MAX:
            del self._terms[next(iter(self._terms))]

    def found_in(self, text: str, topics: Sequence[str]) -> tuple[str, ...]:
        """Listed topics that a text names and that are not among its `topics`, a few at most."""
        if not self._terms:
            return ()
        known = {key_of(topic) for topic in topics}
        folded = f" {fold(text)} "
        found = [topic for term, topic in self._terms.items() if term in folded and key_of(topic) not in known]
        return tuple(found[: TOPICS_OF_A_POST_MAX - len(topics)]) if len(topics) < TOPICS_OF_A_POST_MAX else ()

    def snapshot(self) -> list[str]:
        """The topics, oldest first."""
        return [*self._terms.values()]

    def restore(self, topics: Sequence[str]) -> None:
        """Take the state of `snapshot`."""
        self._terms = {}
        for topic in topics:
            self.listed(topic)


def fold(text: str) -> str:
    """Lower case, and one space for whatever stands between letters and digits."""
    plain = unicodedata.normalize("NFKC", text[:TEXT_MAX]).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
