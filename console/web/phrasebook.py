"""A table of sentences with parts in two languages: finds the line that a sentence was made by, and says it again.

Whole sentences only, so that nothing is half translated. A part is a figure, a text that passes as it stands, or a
phrase with a table of its own. Bounded: what a stranger writes into a sentence costs little to read, and cannot change
how the words around it are read, since a text reaches as far as the rest of the sentence allows.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

TEXT_CHARACTERS_MAX: Final = 1_000
WORD_CHARACTERS_MAX: Final = 300
SENTENCE: Final = "sentence"
"""The table of whole sentences."""
LIST: Final = "list "
_NUMBER: Final = r"[-+−]?\d++(?:,\d{3})*+(?:\.\d++)?+(?:e[-+]?\d++)?+"
_UNIT: Final = r"-?\d{1,12} (?:s|min|h|d)"
FIGURES: Final[Mapping[str, str]] = {
    "number": _NUMBER,
    "percent": rf"{_NUMBER} ?%",
    "duration": rf"{_UNIT}(?: {_UNIT})?+",
    "exponent": "[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}+",
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC",
    "clock_time": r"\d\d:\d\d",
    "feature": "[A-Za-z ]{1,40}",
    "word": rf"[^\s]{{1,{WORD_CHARACTERS_MAX}}}",
    "text": rf"(?s:.{{1,{TEXT_CHARACTERS_MAX}}})",
}
"""Parts that need no table: what they look like in English."""
_PART: Final = re.compile(r"\{(\w+)(?::([\w ]+))?\}")


class Line(NamedTuple):
    """A sentence or phrase in both languages."""

    english: str
    pattern: re.Pattern[str]
    told_by: str
    """The longest run of letters that every sentence of this line has: most lines are ruled out by it."""
    types: dict[str, str]
    other: str


class Phrasebook:
    """The tables of one language. Raises `ValueError` for a table that cannot be meant."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.units: Mapping[str, str] = tables["units"]
        """Units of durations in both languages."""
        self._comma: str = tables["comma"]
        lines = {name: _pairs(name, table) for name, table in tables["phrases"].items()}
        lines[SENTENCE] = [pair for name, table in tables["sentences"].items() for pair in _pairs(name, table)]
        self._pairs = lines
        self._sources: dict[str, str] = {}
        self.lines = {name: [self._line(*pair) for pair in table] for name, table in lines.items()}

    def say(self, text: str, table: str = SENTENCE) -> str | None:
        """Return `text` in the other language; None where no line of the table made it."""
        if table.startswith(LIST):
            said = [self.say(each, table.removeprefix(LIST)) for each in text.split(", ")]
            return None if None in said else self._comma.join(each for each in said if each is not None)
        for line in self.lines[table]:
            if line.told_by in text and (found := line.pattern.fullmatch(text)) is not None:
                parts = {name: self._part(kind, found[name]) for name, kind in line.types.items()}
                return _PART.sub(lambda place, parts=parts: parts[place[1]], line.other)  # type: ignore[misc]  # mypy cannot infer the lambda's default
        return None

    def _part(self, kind: str, text: str) -> str:
        if kind == "percent":
            return text.replace(" ", "")
        if kind == "duration":
            return " ".join(self.units.get(each, each) for each in text.split(" "))
        if kind in FIGURES:
            return text
        said = self.say(text, kind)
        # the sentence's own pattern is made of the phrase's: a phrase in it is always known
        return text if said is None else said

    def _line(self, english: str, other: str) -> Line:
        types = dict(_PART.findall(english))
        if sorted(types) != sorted({name for name, _ in _PART.findall(other)}):
            raise ValueError(f"not the same parts: {english!r}, {other!r}")
        literals = _PART.split(english)[::3]
        pattern = re.compile(self._source(english, named=True))
        return Line(english, pattern, max(literals, key=len), types, other)

    def _source(self, english: str, *, named: bool) -> str:
        pieces = _PART.split(english)
        source = re.escape(pieces[0])
        for name, kind, literal in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            source += f"(?P<{name}>{self._type(kind)})" if named else f"(?:{self._type(kind)})"
            source += re.escape(literal)
        return source

    def _type(self, kind: str) -> str:
        if kind in FIGURES:
            return FIGURES[kind]
        if kind.startswith(LIST):
            one = self._type(kind.removeprefix(LIST))
            return f"(?:{one})(?:, (?:{one})){{0,30}}"
        if kind not in self._sources:
            if kind not in self._pairs:
                raise ValueError(f"no table {kind!r}")
            told = (self._source(english, named=False) for english, _ in self._pairs[kind])
            self._sources[kind] = "|".join(told)
        return self._sources[kind]


def _pairs(name: str, table: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    if any(len(pair) != 2 for pair in table):
        raise ValueError(f"a line of {name} is not a pair")
    return [(english, other) for english, other in table]


@cache
def phrasebook(language: str) -> Phrasebook | None:
    """Return the tables of a language; None where it has none, as English."""
    source = files("console").joinpath(f"locales/{language}/sentences.toml")
    return Phrasebook(tomllib.loads(source.read_text(encoding="utf-8"))) if source.is_file() else None
