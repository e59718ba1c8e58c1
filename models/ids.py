"""Typed identifiers and the one stable hash.

Ids of the platform stay the strings the platform gave: an alert must name accounts as moderators
know them. Wherever a number is needed (sharding, sampling, sketches) `hash64` is used, so that
every process and every run agrees.
"""

from typing import TypeAlias

import xxhash

# Aliases, not new types: they say in a signature what a string is without a conversion at each of the
# hundred places where an id enters; the codec checks ids where they come in.

AccountId: TypeAlias = str
"""An account as the platform names it, 1 to 128 characters."""

TargetId: TypeAlias = str
"""What an action is aimed at: a post, an account, a product, a poll option, `url:…`, a family."""

EventId: TypeAlias = str
"""One event: the post's own id, or a hash of the content for events without one."""

CampaignId: TypeAlias = str
"""16 hex digits; a hash of the pair of cohorts that first tied the campaign together."""

CohortId: TypeAlias = int
"""64-bit hash of (layer, target, window length, window start)."""

FIELD_SEPARATOR = "\x1f"
"""Joins the parts of a composite key; the codec refuses control characters inside ids."""


def hash64(text: str) -> int:
    """Return the 64-bit XXH3 hash of the UTF-8 form of `text`, the same in every process.

    Source: Y. Collet, xxHash, XXH3 64-bit, seed 0.
    """
    return xxhash.xxh3_64_intdigest(text.encode())


def hash64_of(*parts: object) -> int:
    """Hash several parts as one key; parts are joined by a character that ids cannot contain."""
    return hash64(FIELD_SEPARATOR.join(map(str, parts)))
