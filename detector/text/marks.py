"""Signals inside a text: hashtags and links, for platforms that do not send them apart."""

import re
from typing import Final

ITEMS_MAX: Final = 16
_HASHTAG: Final = re.compile(r"[#＃]([^#＃\s](?:[^#＃\n]{0,58}[^#＃\s])?)[#＃]|[#＃](\w{1,60})")
# a closed hashtag ends in its mark: a space before the mark means that the next one begins
_SENTENCE: Final = ".,;:!?'"
"""Marks after a link that belong to the sentence around it."""
_LINK: Final = re.compile(r"https?://[\w\-.~/?%&=+,;@!$'()*\[\]:]{4,500}", re.ASCII)
# ASCII: Chinese is often glued to a link


def hashtags_in(text: str) -> tuple[str, ...]:
    """Hashtags in order, without their marks: `#tag` and Weibo's `#several words#`; at most 16."""
    if "#" not in text and "＃" not in text:
        return ()
    found = (weibo or plain for weibo, plain in _HASHTAG.findall(text))
    return tuple(dict.fromkeys(found))[:ITEMS_MAX]


def links_in(text: str) -> tuple[str, ...]:
    """Links in order, each once; at most 16."""
    if "http" not in text:
        return ()
    found = (link.rstrip(_SENTENCE) for link in _LINK.findall(text))
    return tuple(dict.fromkeys(found))[:ITEMS_MAX]
