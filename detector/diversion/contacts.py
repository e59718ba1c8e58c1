"""Contacts in a text: one key for each, however it is written."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from detector.diversion.folding import digits_of, fold
from detector.diversion.hints import may_hold_contact
from detector.diversion.links import contact_of_link, hidden_links_in, spelled_links_in
from detector.diversion.marked import marked_contacts
from detector.diversion.unmarked import unmarked_contacts
from detector.text.marks import links_in

CONTACTS_MAX: Final = 8
"""Contacts taken of one post; a directory of numbers is no diversion."""
_GROUPED: Final = re.compile(r"(?<=\d{3})[ -](?=\d{3})", re.ASCII)
_QUOTED: Final = "//@"
"""What follows on Weibo is somebody else's text."""


def contacts_in(text: str, urls: Sequence[str] = ()) -> tuple[str, ...]:
    """Keys of the contacts in a text and its links, sorted by kind of finding, each once, at most 8.

    A key is `kind:value`: `wechat`, `qq`, `telegram`, `phone`, `mail`, the name of a join link such as
    `wechat-qr`, or `link` for a link that is written against a filter. Linear in the length of the text.
    Text after `//@` is a quotation and is left out.
    """
    return diversions_in(text, urls)[0]


def is_disguised(contact: str, text: str) -> bool:
    """Whether a contact is written so that a plain search of the text for it fails.

    Numbers may be grouped as people group them, by single spaces and dashes between groups of three or
    more digits.
    """
    kind, _, value = contact.partition(":")
    if kind == "link":
        return True
    plain = text.casefold()
    return value.casefold() not in plain and value not in _GROUPED.sub("", plain)


def diversions_in(text: str, urls: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (contacts as `contacts_in` has them, disguised links as `spelled_links_in` has them)."""
    own = text.partition(_QUOTED)[0] if _QUOTED in text else text
    searched = may_hold_contact(own)
    if not searched and not urls:
        return (), ()
    found = tuple(dict.fromkeys(_all(own, urls, searched)))[:CONTACTS_MAX]
    return found, spelled_links_in(own) if searched else ()


def _all(text: str, urls: Sequence[str], searched: bool) -> Iterator[str]:
    links = (*urls, *links_in(text))
    for link in links:
        contact = contact_of_link(link)
        if contact is not None:
            yield contact
    if not searched:
        return
    yield from (f"link:{link.rstrip('/')}" for link in hidden_links_in(text))
    folded = digits_of(fold(_without(text, links)))
    yield from marked_contacts(folded)
    yield from unmarked_contacts(folded)


def _without(text: str, links: Sequence[str]) -> str:
    """Numbers inside links are no telephone numbers."""
    for link in links:
        text = text.replace(link, " ")
    return text
