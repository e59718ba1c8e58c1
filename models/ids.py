"""Typed identifiers and the one stable hash.

Ids of the platform stay the strings the platform gave: an alert must name accounts as moderators
know them. Wherever a number is needed (sharding, sampling, sketches) `hash64` is used, so that
every process and every run agrees.
"""

from typing import NewType

import xxhash

AccountId = NewType("AccountId", str)
"""An account as the platform names it, 1 to 128 characters."""

TargetId = NewType("TargetId", str)
"""What an action is aimed at: a post, an account, a product, a poll option."""

EventId = NewType("EventId", str)
"""One event: the post's own id, or a hash of the content for events without one."""

CampaignId = NewType("CampaignId", str)
"""16 hex digits; a hash of the pair of cohorts that first tied the campaign together."""

CohortId = NewType("CohortId", int)
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
