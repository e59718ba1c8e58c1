"""Text that strangers may have written, for services that make links, mentions and layout of what they are sent.

What is left cannot call anybody, open anything or change what stands around it; people can still read it.
"""

import re

from console.web.hostile import is_unseen

HEADLINE_CHARACTERS_MAX = 300
_SPACE = re.compile(r"\s+")
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()])")
_CARDS = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "*": "∗", "`": "'", "\\": "/", "#": "＃"})
UNSEEN = "\ufffd"


def calm(text: str, characters_max: int = HEADLINE_CHARACTERS_MAX) -> str:
    """Return one line of at most `characters_max` characters without live links, mentions or unseen characters."""
    text = text[: 4 * characters_max]
    seen = "".join(UNSEEN if is_unseen(character) else character for character in _SPACE.sub(" ", text).strip())
    cut = seen if len(seen) <= characters_max else seen[: characters_max - 1] + "…"
    return _HOST_DOT.sub("[.]", cut.replace("://", "[:]//").replace("@", "＠"))


def for_markdown(text: str) -> str:
    """Return `calm` text for Discord: no character of it is markup."""
    return _MARKDOWN.sub(r"\\\1", text)


def for_cards(text: str) -> str:
    """Return `calm` text for cards of Teams, whose readers do not agree on backslashes: marks become look-alikes."""
    return text.translate(_CARDS)


def for_slack(text: str) -> str:
    """Return `calm` text for Slack's markup: the three characters that begin links and mentions, escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
