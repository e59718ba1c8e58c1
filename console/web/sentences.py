"""The detector's sentences in the language of the page. Records stay English: they are translated where they are shown.

A sentence that no line of the table made stays English, is marked so for screen readers, and is told of once in the
log: without its names and figures, which are nobody's business there.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

import structlog
from markupsafe import Markup

from console.web.hostile import hostile, shown
from console.web.phrasebook import SENTENCE, phrasebook

SENTENCE_CHARACTERS_MAX: Final = 4_000
"""Longer ones are not looked up: no sentence of the detector is, and a stranger's text must not cost time."""
CACHED: Final = 4_096
SHAPES_MAX: Final = 256
"""Shapes of unknown sentences that are told apart; what comes after is counted only."""
SHAPE_WORDS_MAX: Final = 30
_MARKS: Final = ".,;:()«»"
log = structlog.get_logger()


class _Unknown:
    """What could not be said, for the log and for tests."""

    def __init__(self) -> None:
        self.total = 0
        self.shapes: set[str] = set()

    def add(self, sentence: str, language: str) -> None:
        self.total += 1
        shape = _shape(sentence, language)
        if shape not in self.shapes and len(self.shapes) < SHAPES_MAX:
            self.shapes.add(shape)
            log.info("sentence without translation", language=language, shape=shape)


unknown = _Unknown()


@lru_cache(maxsize=CACHED)
def known(sentence: str, language: str, table: str = SENTENCE) -> str | None:
    """Return `sentence` in `language`; None where it has to stay English. `table`: what it is, see `phrasebook`."""
    book = phrasebook(language)
    if book is None:
        return None
    said = book.say(sentence, table) if len(sentence) <= SENTENCE_CHARACTERS_MAX else None
    if said is None:
        unknown.add(sentence[:SENTENCE_CHARACTERS_MAX], language)
    return said


def translated(sentence: str, language: str, table: str = SENTENCE) -> str:
    """Return `sentence` in `language`, or as it is where there is no such sentence. Not escaped."""
    said = known(sentence, language, table)
    return sentence if said is None else said


def said_in(language: str) -> Callable[..., Markup]:
    """Make the filter `said` of templates: translated, then through `hostile`, and marked where it stays English."""
    phrasebook(language)

    def said(sentence: str, table: str = SENTENCE) -> Markup:
        """Show a sentence of the detector; what strangers wrote in it stays as it is, and harmless."""
        text = known(sentence, language, table)
        if text is not None:
            return hostile(text)
        return hostile(sentence) if language == "en" else Markup('<bdi lang="en">{}</bdi>').format(shown(sentence))

    return said


@cache
def _vocabulary(language: str) -> frozenset[str]:
    book = phrasebook(language)
    lines = [line.english for table in book.lines.values() for line in table] if book else []
    return frozenset(word.strip(_MARKS) for line in lines for word in line.split() if "{" not in word) - {""}


def _shape(sentence: str, language: str) -> str:
    """The sentence with everything that is not one of our own words left out."""
    words = _vocabulary(language)
    return " ".join(
        plain if (plain := word.strip(_MARKS)) in words else "…" for word in sentence.split()[:SHAPE_WORDS_MAX]
    )
