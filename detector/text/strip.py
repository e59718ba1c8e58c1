"""Take off what is not the account's own words, before comparing them.

Links, mentions, hashtags and face marks are signals of their own (targets, visible sources); left in
the text they would tie strangers together, or hide a template behind changing links.
"""

import re
from typing import Final

_FORWARDED: Final = "//@"
"""On Weibo everything from here on is what others wrote before."""
_MARKERS: Final = ("@", "＠", "#", "＃", "://", "www.", "[")
_PREFIX: Final = re.compile(r"^\s*(?:回复\s*[@＠][^:：\s]{1,40}\s*[:：]|RT\s+[@＠][^:：\s]{1,40}\s*:)")
# links end at the first character beyond ASCII: Chinese is often glued to them
_MARK: Final = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[@＠][\w\-]{1,40}|[#＃][^#＃\s](?:[^#＃\n]{0,58}[^#＃\s])?[#＃]|[#＃]\w{1,60}|\[[^\[\]\s]{1,8}\]"
)


def strip(text: str) -> str:
    """Return the account's own words: no forwarded part, reply prefix, link, mention, hashtag or face mark."""
    forwarded = text.find(_FORWARDED)
    if forwarded >= 0:
        text = text[:forwarded]
    for marker in _MARKERS:
        if marker in text:
            return _MARK.sub(" ", _PREFIX.sub("", text))
    return text
