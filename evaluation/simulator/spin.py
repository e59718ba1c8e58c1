"""Spun copy: one template, many variants (spintax), then noise that a filter is meant to trip over."""

import re
from random import Random

from msgspec import Struct

from evaluation.simulator.words.synonyms import SYNONYMS

_CHOICE = re.compile(r"\{([^{}]*)\}")
_HOMOGLYPHS = str.maketrans({"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "i": "і"})
_TRADITIONAL = str.maketrans(
    "这来说时实发开买过间产书国会为与东车门问见觉让钱给写听读业亲应体点无压后极员单经级观",
    "這來說時實發開買過間產書國會為與東車門問見覺讓錢給寫聽讀業親應體點無壓後極員單經級觀",
)
_NOISE = ("\u200b", "✨", "!!", "~", " ", "🔥", "。。", "\u2060")


class Spin(Struct, frozen=True):
    """How strongly copies differ. All are shares of the texts, but `noise`: insertions in a text at most."""

    homoglyphs: float = 0.15
    traditional: float = 0.2
    noise: int = 3
    dropped: float = 0.1
    """A clause left out."""
    reordered: float = 0.0
    """The clauses between the first and the last in another order."""
    swapped: float = 0.0
    """Words exchanged for others of like meaning (`words.synonyms`); the chance of each such word."""


PLAIN = Spin(0.0, 0.0, 0, 0.0)
HEAVY = Spin(0.3, 0.3, 4, 0.3, 0.7, 0.5)
"""Everything that spinning programs offer, all at once."""


def scaled(dials: Spin, paraphrase: float) -> Spin:
    """The dials at a strength of 0 (verbatim) to 1 (as they are)."""
    if paraphrase >= 1:
        return dials
    return Spin(
        dials.homoglyphs * paraphrase,
        dials.traditional * paraphrase,
        round(dials.noise * paraphrase),
        dials.dropped * paraphrase,
        dials.reordered * paraphrase,
        dials.swapped * paraphrase,
    )


def fill(template: str, random: Random, paraphrase: float = 1.0) -> str:
    """Choose one alternative of every `{a|b|c}`; alternatives may nest. Below 1, the first one more often."""
    while found := _CHOICE.search(template):
        options = found[1].split("|")
        chosen = random.choice(options) if paraphrase >= 1 or random.random() < paraphrase else options[0]
        template = template[: found.start()] + chosen + template[found.end() :]
    return template


def spin(template: str, random: Random, dials: Spin, paraphrase: float = 1.0) -> str:
    """One variant of a template, the dials turned down to the strength of `paraphrase`."""
    dials = scaled(dials, paraphrase)
    text = fill(template, random, paraphrase)
    if dials.swapped:
        text = swap(text, random, dials.swapped)
    if dials.reordered and random.random() < dials.reordered:
        text = _reordered(text, random)
    if random.random() < dials.dropped:
        clauses = text.split("，")
        if len(clauses) > 4:
            clauses.pop(random.randrange(1, len(clauses)))
        text = "，".join(clauses)
    if random.random() < dials.homoglyphs:
        text = text.translate(_HOMOGLYPHS)
    if random.random() < dials.traditional:
        text = text.translate(_TRADITIONAL)
    for _ in range(random.randint(0, dials.noise)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(_NOISE) + text[at:]
    return text


def swap(text: str, random: Random, share: float) -> str:
    """Exchange words for others of like meaning; each that has some with this chance."""
    for group in SYNONYMS:
        for word in group:
            if word in text:
                if random.random() < share:
                    text = text.replace(word, random.choice(group))
                break
    return text


def _reordered(text: str, random: Random) -> str:
    comma = "，" if "，" in text else ", "
    first, *middle, last = text.split(comma) if text.count(comma) > 1 else (text, "")
    if not last:
        return text
    random.shuffle(middle)
    return comma.join((first, *middle, last))
