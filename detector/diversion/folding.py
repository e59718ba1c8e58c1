"""One spelling for the ways of writing a letter or a digit so that no filter reads it."""

import re
from typing import Final
from unicodedata import normalize

CHARACTERS_MAX: Final = 4_000
"""Only so much of a text is searched: contacts stand where they are read."""
GAP: Final = r"[^\w,，。;；!！?？、:：/\\@+()\n]"
"""What may stand between the characters of one number: spaces, dots, dashes, emoji; no sentence marks."""

_HANZI: Final = "零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
_VALUES: Final = "0011122233445566778899"
_DIGIT_OF: Final = dict(zip(_HANZI, _VALUES, strict=True))
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT_OF_WORD: Final = {word: str(value) for value, word in enumerate(_WORDS)}
_WORD: Final = f"(?:{'|'.join(_WORDS)})"
# "one two three": three in a row, since "one" alone is a word
_WORD_RUN: Final = re.compile(rf"(?<![a-z]){_WORD}(?:{GAP}{{1,2}}{_WORD}){{2,19}}(?![a-z])")
_ONE_WORD: Final = re.compile(_WORD)
# 一二三, or one or two of them among digits (1三8); a single 一 is the beginning of 一起
_HANZI_RUN: Final = re.compile(
    rf"[{_HANZI}](?:{GAP}{{0,2}}[{_HANZI}]){{2,19}}|(?<=\d)[{_HANZI}]{{1,2}}(?=\d)",
)
_FORMS: Final = {
    # digits in black and double circles, which NFKC leaves
    **{code: str(value) for value, code in enumerate(range(0x2776, 0x277F), 1)},
    **{code: str(value) for value, code in enumerate(range(0x2780, 0x2789), 1)},
    **{code: str(value) for value, code in enumerate(range(0x278A, 0x2793), 1)},
    **{code: str(value) for value, code in enumerate(range(0x24F5, 0x24FE), 1)},
    0x24FF: "0",
    0x1F51F: "10",
    # traditional forms of the markers
    ord("電"): "电",
    ord("報"): "报",
    ord("號"): "号",
    ord("鵝"): "鹅",
    ord("話"): "话",
    ord("機"): "机",
    ord("點"): "点",
    ord("衛"): "卫",
    # what changes the look of the character before it, or has none
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0xFE0E, 0xFE0F, 0x20E3)),
}


def fold(text: str) -> str:
    """Compatibility forms (full width, circled, keycap, mathematical) as plain ones, lower case.

    At most `CHARACTERS_MAX` characters of `text`. Source: Unicode Standard Annex 15, NFKC.
    """
    return normalize("NFKC", text[:CHARACTERS_MAX]).casefold().translate(_FORMS)


def digits_of(folded: str) -> str:
    """The same text with digits that were spelled out, in Chinese or English, as digits."""
    with_words = _WORD_RUN.sub(lambda run: "".join(_DIGIT_OF_WORD[w] for w in _ONE_WORD.findall(run[0])), folded)
    return _HANZI_RUN.sub(lambda run: "".join(_DIGIT_OF.get(letter, letter) for letter in run[0]), with_words)
