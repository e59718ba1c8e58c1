"""Text that strangers wrote, made safe to look at."""

import unicodedata
from itertools import groupby

from markupsafe import Markup, escape

CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
LEFT_ALONE = frozenset("\n\t")
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters that show nothing; they hide words and names."""


def is_unseen(character: str) -> bool:
    """Whether a reader would not see the character: controls of direction, zero width, private use and the like."""
    if character in LEFT_ALONE:
        return False
    return character in BLANK_LETTERS or unicodedata.category(character) in CATEGORIES


def hostile(text: str) -> Markup:
    """Return `text` as markup that shows unseen characters by their code and cannot change what stands around it.

    Escaped, of its own direction, and never a link.
    """
    return Markup("<bdi>{}</bdi>").format(shown(text))


def shown(text: str) -> Markup:
    """Return `text` escaped, with unseen characters shown; for parts of what `hostile` or a `<bdi>` isolates."""
    if text.isprintable() and BLANK_LETTERS.isdisjoint(text):
        return escape(text)  # nearly every text: no look at each character
    return Markup("").join(
        Markup("").join(map(_mark, run)) if unseen else escape("".join(run)) for unseen, run in groupby(text, is_unseen)
    )


def _mark(character: str) -> Markup:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "unseen character")
    return Markup('<span class="unseen" title="{}">{}</span>').format(f"{code} {name}", code)
