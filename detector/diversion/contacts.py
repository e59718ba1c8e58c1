"""Contacts in a text: one key for each, however it is written."""

from collections.abc import Iterator, Sequence
from typing import Final

from detector.diversion.folding import digits_of, fold
from detector.diversion.hints import may_hold_contact
from detector.diversion.links import contact_of_link, spelled_links_in
from detector.diversion.marked import marked_contacts
from detector.diversion.unmarked import unmarked_contacts
from detector.text.marks import links_in

CONTACTS_MAX: Final = 8
"""Contacts taken of one post; a directory of numbers is no diversion."""
_QUOTED: Final = "//@"
"""What follows on Weibo is somebody else's text."""


def contacts_in(text: str, urls: Sequence[str] = ()) -> tuple[str, ...]:
    """Keys of the contacts in a text and its links, sorted by kind of finding, each once, at most 8.

    A key is `kind:value`: `wechat`, `qq`, `telegram`, `phone`, `mail`, or the name of a join link such
    as `wechat-qr`. Linear in the length of the text. Text after `//@` is a quotation and is left out.
    """
    return diversions_in(text, urls)[0]


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
    folded = digits_of(fold(_without(text, links)))
    yield from marked_contacts(folded)
    yield from unmarked_contacts(folded)


def _without(text: str, links: Sequence[str]) -> str:
    """Numbers inside links are no telephone numbers."""
    for link in links:
        text = text.replace(link, " ")
    return text
