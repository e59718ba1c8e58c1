"""Names of topics: one key for every spelling."""

import unicodedata
from functools import lru_cache
from typing import Final

TOPICS_OF_A_POST_MAX: Final = 8
"""A post with more hashtags counts for its first ones: lists of hashtags are bait."""
KEY_MAX: Final = 256
"""Characters of a key: folding may lengthen a name."""
_MARKS: Final = "#＃ \t"


@lru_cache(65_536)
def key_of(topic: str) -> str:
    """Fold case, width and number signs away, so that a list's line and a post's hashtag meet."""
    return unicodedata.normalize("NFKC", topic).strip(_MARKS).casefold()[:KEY_MAX]
