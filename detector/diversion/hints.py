"""A cheap look that spares most texts the search: it may say yes for nothing, never no for a contact."""

import re
from typing import Final

_DRESSED: Final = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u20e3\u2460-\u24ff\u2776-\u2793\U0001d400-\U0001d7ff"
"""Letters and digits in full width, in circles, as keycaps, mathematical."""
_HANZI: Final = "零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
# no handle without a letter or digit of the ASCII set, or something that is read as one
_READABLE: Final = re.compile(rf"[0-9A-Za-z{_DRESSED}]|[{_HANZI}][\W_]{{0,2}}[{_HANZI}][\W_]{{0,2}}[{_HANZI}]")
# one set in front of all branches, each of which looks back at what it matched: the matcher skips from one
# member of the set to the next, five times faster than branches that begin with sets of their own
_FORM: Final = re.compile(
    rf"[0-9@+(\[。微薇威徽溦维卫衛扣叩蔻企飞电電加一壹幺点點{_DRESSED}](?:"
    r"(?<=[微威徽薇溦维])(?:[\W_]{0,3}信|芯|[❤♥♡💚💬])|(?<=薇)|(?<=[扣叩蔻])[扣叩蔻]|(?<=企)[鹅鵝]|(?<=飞)机"
    r"|(?<=[电電])[报報]|(?<=[卫衛])星|(?<=。)[ ]?[a-z]|(?<=加)(?:\s?[vq]|微)"
    r"|(?<=@)[a-z0-9-]{1,40}[.][a-z]"
    r"|(?<=1)[^\w\n:/,%$]{0,2}[3-9](?:[^\w\n:/,%$]{0,2}\d){9}|(?<=[0-9])(?:[ ().-]{0,2}\d){8}|(?<=[+])\s?\d\d"
    r"|(?<=[一壹幺])[\W_]{0,2}[三叁四肆五伍六陆七柒八捌九玖][\W_]{0,2}[\d" + _HANZI + r"]"
    r"|(?<=\[)(?:[.]|dot)\]|(?<=\()(?:[.]|dot|点)\)|(?<=[点點])[ ]?[a-z]"
    rf"|(?<=[{_DRESSED}]))",
    re.ASCII,
)
_LONG: Final = (
    "wechat", "weixin", "telegra", "whatsapp", "t.me/", "wa.me", "we chat", "wei xin", "whats app", "v信", "v 信",
    "v.信", "line.me", "signal.group", "discord", "alipay", "hxxp", "www.", " dot ", " . ",
)  # fmt: skip
_SHORT: Final = (
    "qq",
    "vx",
    "wx",
    "tg",
    "q群",
    "+v",
    "v❤",
    "v♥",
    "v:",
    "v：",
    "v :",
    "w e",
    "w.e",
    "w-e",
    "q q",
    "q-q",
    "q.q",
    "v x",
    "w x",
    "v.x",
    "w.x",
)
# letters beside them, or the mark of a share, a tag or a person, make a word of them
_SHORT_ALONE: Final = re.compile(
    r"(?<![a-z0-9$#@])(?:q[^\w\n]?q(?![a-z])|q群|v[❤♥]|[vw][^\w\n]?x(?![a-z])|tg(?![a-z])|v\s?[:：])|w[^\w\n]{1,2}e[^\w\n]{1,2}c|加[vw]x|\+v"
)


def may_hold_contact(text: str) -> bool:
    """Whether `text` is worth searching."""
    if _READABLE.search(text) is None:
        return False
    plain = text.casefold()
    for word in _LONG:
        if word in plain:
            return True
    for word in _SHORT:
        if word in plain:
            return _SHORT_ALONE.search(plain) is not None or _FORM.search(plain) is not None
    return _FORM.search(plain) is not None
