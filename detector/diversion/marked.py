"""Contacts after a marker word: 微信 and its disguises, QQ, Telegram, WhatsApp, telephone."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from detector.diversion.folding import GAP
from detector.diversion.numbers import account_number, mobile, only_digits, telephone

REACH: Final = 64
"""Characters after a marker in which its handle must end."""
_BETWEEN: Final = re.compile(
    r"(?>[^\w@+]|_|号码?|账号|帐号|群|是|为|加|搜索?|联系|客服|咨询|私聊?|我|请|聊|或|同|及|和|微信|q+(?![a-z0-9])"
    r"|(?:id|no|number|me|us|at|on|my|add|contact|is|group|or|text|handle|account)(?![a-z0-9])){0,14}+"
)
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_-]{4,31}(?![a-z0-9_@]|[.][a-z])")
_DIGITS: Final = re.compile(rf"[+]?\d(?:[()]?{GAP}{{0,2}}[()]?\d){{4,17}}")
_CHUNK: Final = re.compile(r"\d+")
_SPACED: Final = re.compile(rf"[a-z0-9](?:{GAP}{{1,2}}[a-z0-9](?![a-z0-9])){{5,19}}")
_AMOUNT: Final = re.compile(r"\s?(?:[万亿元块人个名位年月日点次分条股%$€]|users|people|followers|members)")
_SAYS_SO: Final = re.compile(r"[:：号=]|\bid\b")
_SHORT: Final = re.compile(r"[+加]?\s?[vw]")
_LETTER: Final = re.compile(r"[a-z]")
_DIGIT: Final = re.compile(r"\d")
Reader = Callable[[str, str], str | None]


def _wechat(between: str, rest: str) -> str | None:
    number = _number(rest)
    if number:
        phone = mobile(number)
        if phone is not None:
            return f"phone:{phone}"
        counted = account_number(number)
        return f"qq:{counted}" if counted else None
    handle = _handle(rest, 6, 20)
    if handle is None or not (_DIGIT.search(handle) or "_" in handle or _tells(between)):
        return None
    # a dash is put in to hide; an underscore belongs to the name
    return None if handle in _WORDS else f"wechat:{handle.replace('-', '')}"


def _tells(between: str) -> bool:
    """Whether a handle of letters alone is announced as one; vx and wx are also other people's abbreviations."""
    return _SAYS_SO.search(between) is not None and _SHORT.match(between) is None


def _qq(_between: str, rest: str) -> str | None:
    number = _number(rest)
    counted = account_number(number) if number else None
    return f"qq:{counted}" if counted else None


def _telegram(between: str, rest: str) -> str | None:
    named = rest.startswith("@")
    handle = _handle(rest.removeprefix("@"), 5, 32)
    if handle is None or "-" in handle:
        return None
    told = named or _DIGIT.search(handle) or "_" in handle or ":" in between
    return f"telegram:{handle}" if told and handle not in _WORDS else None


def _phone(_between: str, rest: str) -> str | None:
    number = _number(rest)
    found = telephone(number) if number else None
    return f"phone:{found}" if found else None


_CJK_WECHAT: Final = rf"(?:[微薇威v]{GAP}{{0,2}}信|徽信|溦信|维信|微芯|卫星号?|[微威薇v][❤♥♡💚💬]|加微(?!信))"
_APART: Final = f"{GAP}{{1,2}}".join("wechat")
_LATIN_WECHAT: Final = rf"(?<![a-z0-9$])(?:we{GAP}?chat|wei{GAP}?xin|[vw]{GAP}?x|{_APART})(?![a-z0-9])"
_SHORT_WECHAT: Final = r"(?:[加+➕]\s?(?:我\s?)?(?:薇|[vw]x|v)(?=[^a-z]|[a-z]{0,8}\d)|(?<!\w)[薇v]\s?[:：])"
_MARKERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (re.compile(f"{_CJK_WECHAT}|{_LATIN_WECHAT}|{_SHORT_WECHAT}"), _wechat),
    (re.compile(rf"(?<![a-z0-9.])q{GAP}?q(?![a-z.])|扣扣|叩叩|蔻蔻|企鹅|q群|加\s?q(?![a-z])"), _qq),
    (re.compile(r"telegra?m|电报|飞机|(?<![a-z0-9])tg(?=\s?[:：@]|群|号)"), _telegram),
    (re.compile(r"whats\s?app"), _phone),
    (re.compile(r"电话|手机|热线|致电|拨打|(?<![a-z])(?:tel|telephone|phone|call|mobile)(?![a-z])"), _phone),
)
_WORDS: Final = frozenset(
    "account android available business channel contact customer download facebook follow friend friends gmail google "
    "groups instagram iphone group inbox international joined linkedin manager message messages messenger mobile "
    "moment moments mp3 number official online payment phone please public sales service signal skype snapchat support "
    "telegram tencent tiktok twitter wechat weibo whatsapp youtube".split()
)


def marked_contacts(folded: str) -> Iterator[str]:
    """Yield the keys of handles that follow a marker; `folded` as `folding.digits_of` returns it."""
    for marker, read in _MARKERS:
        for found in marker.finditer(folded):
            window = folded[found.end() : found.end() + REACH]
            between = _BETWEEN.match(window)
            start = between.end() if between else 0
            key = read(found[0] + window[:start], window[start:])
            if key is not None:
                yield key


def _number(text: str) -> str | None:
    """Digits at the start of `text`, with their gaps closed; None for an amount or a date.

    Groups of up to four digits belong together; a longer group stands for itself.
    """
    found = _DIGITS.match(text)
    if found is None:
        return None
    groups = _CHUNK.findall(found[0])
    end = found.end()
    if len(groups) > 1 and len(groups[0]) > 4:
        groups = groups[:1]
        end = found.start() + found[0].index(groups[0]) + len(groups[0])
    following = text[end : end + 12]
    if _AMOUNT.match(following) or _LETTER.match(following):
        return None
    plus = "+" if text.startswith("+") else ""
    return plus + only_digits("".join(groups))


def _handle(text: str, least: int, most: int) -> str | None:
    plain = _PLAIN.match(text)
    if plain is not None:
        handle = plain[0].rstrip("_-")
    else:
        spaced = _SPACED.match(text)
        handle = re.sub(GAP, "", spaced[0]) if spaced else ""
        if not handle[:1].isalpha():
            return None
    return handle if least <= len(handle) <= most else None
