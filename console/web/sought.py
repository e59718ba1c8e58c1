"""Words that somebody types in the language of the page, as what the English of a headline must have.

Records are English and are said in another language where they are shown (`console.web.phrasebook`), so the words that
a person reads in the queue are not in the store. The same tables lead back: a run of Chinese letters is cut into the
longest pieces that stand in a phrase of a headline, and each piece becomes the English of those phrases. What is in no
phrase is a stranger's text (a contact, a topic), which the headline has as it stands.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from console.web.phrasebook import LIST, Phrasebook, phrasebook

_HEADLINE: Final = ("head", "tail", "closed")
"""Tables of a headline; those that their parts name follow from them."""
_LETTERS: Final = re.compile("([\u3400-\u9fff]+)")
"""Chinese letters: they are written without spaces, so that a word may hold several phrases."""
_MARKS: Final = re.compile("[（）；：、“”]")
"""Of the sentences in this language, where the record has others."""
_OTHER: Final = re.compile(r"\w+")
_PART: Final = re.compile(r"\{[^}]*\}")
_LITERAL_CHARACTERS_MIN: Final = 3

Literals = tuple[str, ...]
"""Texts that a headline has, all of them."""


class Piece(NamedTuple):
    """A piece of what was typed."""

    text: str
    means: tuple[Literals, ...]
    """What the headline has instead of `text`, any one of them; empty where no phrase has `text`."""


def pieces(word: str, language: str) -> list[Piece]:
    """Cut a word without spaces into pieces, each once; empty where nothing of a headline is in it."""
    if not _phrases(language):
        return []
    found = [piece for run in _LETTERS.split(word) for piece in _cut(run, language)]
    said = _MARKS.search(word) or any(piece.means for piece in found)
    return list(dict.fromkeys(found)) if said else []


def meanings(text: str, language: str) -> tuple[Literals, ...]:
    """Return what the English headlines have whose translation has `text` in one of its phrases."""
    return tuple(dict.fromkeys(english for said, english in _phrases(language) if text in said))


def _cut(run: str, language: str) -> list[Piece]:
    if not _LETTERS.fullmatch(run):
        return [Piece(each, ()) for each in _OTHER.findall(run)]
    whole = list(_longest(run, language, 1))
    # a lone letter such as 对 is in phrases and in names: it counts where all around it is known
    return whole if all(piece.means for piece in whole) else list(_longest(run, language, 2))


def _longest(run: str, language: str, letters_min: int) -> Iterator[Piece]:
    at, unknown, most = 0, "", max((len(said) for said, _ in _phrases(language)), default=0)
    while at < len(run):
        ends = range(min(len(run), at + most), at + letters_min - 1, -1)
        end = next((end for end in ends if meanings(run[at:end], language)), None)
        if end is None:
            at, unknown = at + 1, unknown + run[at]
            continue
        if unknown:
            yield Piece(unknown, ())
        yield Piece(run[at:end], meanings(run[at:end], language))
        at, unknown = end, ""
    if unknown:
        yield Piece(unknown, ())


@cache
def _phrases(language: str) -> tuple[tuple[str, Literals], ...]:
    """Runs of letters in the phrases of headlines, each with the English of its phrase."""
    book = phrasebook(language)
    if book is None:
        return ()
    found = [
        (run, literals)
        for table, listed in _tables(book).items()
        for line in book.lines[table]
        for run in _LETTERS.findall(_PART.sub(" ", line.other))
        for literals in (_listed(line.english) if listed else [_literals(line.english)])
    ]
    # a duration ends the head of a headline, or goes on with a smaller unit
    units = [(said, (f" {unit}{end}",)) for unit, said in book.units.items() for end in (" ", ";")]
    return (*found, *units)


def _tables(book: Phrasebook) -> dict[str, bool]:
    """Tables that headlines are made of; True where several of one stand in brackets with commas between."""
    found: dict[str, bool] = {}
    waiting = [(name, False) for name in _HEADLINE]
    while waiting:
        name, listed = waiting.pop()
        if name not in book.lines:
            continue
        if name in found:
            found[name] = found[name] or listed
            continue
        found[name] = listed
        kinds = [kind for line in book.lines[name] for kind in line.types.values()]
        waiting += [(kind.removeprefix(LIST), kind.startswith(LIST)) for kind in kinds]
    return found


def _literals(english: str) -> Literals:
    return tuple(each for each in _PART.split(english) if len(each) >= _LITERAL_CHARACTERS_MIN)


def _listed(english: str) -> list[Literals]:
    return [(f"{before}{english}{after}",) for before in ("(", ", ") for after in (")", ", ")]
