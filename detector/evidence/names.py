"""The items and explanations that can be switched off (`evidence.disabled`), to measure what each is worth."""

from typing import Final

from detector.evidence.catalogue import CATALOGUE

SYNCHRONY: Final = frozenset({"overlap", "span"})
"""Told with every case; they decide nothing that could be switched off."""
ITEMS: Final = tuple(name for name in CATALOGUE if name not in SYNCHRONY)
EXPLANATIONS: Final = (
    "appointment",
    "chance",
    "classroom",
    "community",
    "fans",
    "friends",
    "hashtag",
    "named_house",
    "newcomers",
    "news",
    "occasion",
    "organisation",
    "prize_draw",
    "shared_list",
    "visible_source",
)
KNOWN: Final = frozenset(ITEMS) | frozenset(EXPLANATIONS)
