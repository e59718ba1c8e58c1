"""Contacts whose form is enough: e-mail addresses, mobile numbers, bare join links."""

import re
from collections.abc import Iterator
from typing import Final

from detector.diversion.folding import GAP
from detector.diversion.links import contact_of_link
from detector.diversion.numbers import evenly_grouped, mobile

_MAIL: Final = re.compile(
    r"(?<![\w.+-])([a-z0-9][a-z0-9._+-]{1,40})@([a-z0-9][a-z0-9-]{0,40}(?:[.][a-z]{2,10}){1,3})(?![\w-])"
)
_MOBILE: Final = re.compile(
    rf"(?<![a-z0-9_.+-])(?:[+]?86{GAP}?)?1{GAP}{{0,2}}[3-9](?:{GAP}{{0,2}}\d){{9}}(?!{GAP}?\d)(?![a-z_])(?!\s?[元万亿人个块])"
)
_BARE: Final = re.compile(
    r"(?<![\w./@-])(?:t[.]me|telegram[.]me|wa[.]me|u[.]wechat[.]com|chat[.]whatsapp[.]com|discord[.]gg|line[.]me)/[\w+/~-]{3,64}",
    re.ASCII,
)


def unmarked_contacts(folded: str) -> Iterator[str]:
    """Yield the keys of what needs no marker word; `folded` as `folding.digits_of` returns it."""
    for mail in _MAIL.finditer(folded):
        yield f"mail:{mail[1]}@{mail[2]}"
    for number in _MOBILE.finditer(folded):
        found = mobile(number[0])
        if found is not None and evenly_grouped(number[0]):
            yield f"phone:{found}"
    for link in _BARE.finditer(folded):
        contact = contact_of_link(link[0])
        if contact is not None:
            yield contact
