"""What a name tells about the script that made it: its shape, and how rare its letters are."""

import re
from functools import lru_cache
from typing import Final

_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")
_PER_THOUSAND: Final = dict(
    zip(
        "etaoinsrhldcumfpgwybvkxjqz",
        (125, 93, 80, 76, 76, 72, 65, 63, 51, 41, 38, 33, 27, 25, 24, 21, 19, 17, 17, 15, 11, 5, 2, 2, 1, 1),
        strict=True,
    )
)
"""Letters of English text. Source: Norvig (2013), English Letter Frequency Counts: Mayzner Revisited."""
_COMMON, _RARE = 55.0, 42.0
"""Mean share of the letters, per thousand, over which a name reads like words and under which it does not."""


@lru_cache(maxsize=1 << 17)
def skeleton(name: str) -> str:
    """Shape of a name: each run of letters as a+length, of digits as 9+length; the rest is dropped."""
    return " ".join(("9" if run[0].isdigit() else "a") + str(len(run)) for run in _RUNS.findall(name))


def rarity(name: str) -> int:
    """0 for letters as in words, 1 between, 2 for letters as under a falling hand; 0 without ASCII letters."""
    shares = [_PER_THOUSAND[letter] for letter in name.casefold() if letter in _PER_THOUSAND]
    mean = sum(shares) / len(shares) if shares else _COMMON
    return 0 if mean >= _COMMON else 1 if mean >= _RARE else 2


@lru_cache(maxsize=1 << 17)
def pattern(name: str) -> str:
    """Shape and rarity, the key under which registrations are counted."""
    return f"{skeleton(name)}/{rarity(name)}"
