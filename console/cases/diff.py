"""What a copy changed, word by word, against the text that leads its family."""

import re
from difflib import SequenceMatcher
from typing import Final

from markupsafe import Markup

from console.web.hostile import hostile

_WORDS: Final = re.compile(r"\s+|[A-Za-z0-9À-ɏЀ-ӿ]+|.", re.DOTALL)
"""Words of alphabets, runs of spaces; every other character (Chinese, punctuation, emoji) by itself."""
TOKENS_MAX: Final = 2_000
"""Of each text; what is behind that is shown as it is, marked as not compared."""


def words_of(text: str) -> list[str]:
    """The text cut into what is compared; joined again it is the same."""
    return _WORDS.findall(text)


def diff(leader: str, text: str) -> Markup:
    """`text` with what it adds to the leader as `<ins>` and what it lacks of it as `<del>`."""
    old, new = words_of(leader)[:TOKENS_MAX], words_of(text)
    rest = "".join(new[TOKENS_MAX:])
    new = new[:TOKENS_MAX]
    parts = []
    for kind, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[begin:end]), "".join(new[new_begin:new_end])
        if kind == "equal":
            parts.append(hostile(come))
            continue
        if gone:
            parts.append(Markup("<del>{}</del>").format(hostile(gone)))
        if come:
            parts.append(Markup("<ins>{}</ins>").format(hostile(come)))
    if rest:
        parts.append(Markup('<span class="uncompared">{}</span>').format(hostile(rest)))
    return Markup("").join(parts)
