"""Spun copy: one template, many variants (spintax), then noise that a filter is meant to trip over."""

import re
from random import Random

from msgspec import Struct

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


PLAIN = Spin(0.0, 0.0, 0, 0.0)


def fill(template: str, random: Random) -> str:
    """Choose one alternative of every `{a|b|c}`; alternatives may nest."""
    while found := _CHOICE.search(template):
        template = template[: found.start()] + random.choice(found[1].split("|")) + template[found.end() :]
    return template


def spin(template: str, random: Random, dials: Spin) -> str:
    """One variant of a template."""
    text = fill(template, random)
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
