"""Links that lead to a person or a group, and links that hide from filters."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from detector.diversion.folding import fold
from detector.diversion.numbers import PHONE_DIGITS, mobile, only_digits

LINKS_MAX: Final = 8
_TOP: Final = "|".join(
    "com net org cn io me cc top xyz vip club shop site online info biz co app link store live pro ru uk de jp hk tw "
    "example".split()
)
_DOT: Final = r"(?:[.]|[ ]?(?:\[[.]\]|\(dot\)|\[dot\]|\(点\))[ ]?|[ ]dot[ ]|[ ]?点[ ]?|[ ]?。[ ]?|[ ][.][ ])"
_WEAK_DOT: Final = re.compile("。|[ ][.][ ]")
"""Also the end of a sentence: a dot only inside a link with a scheme or a path."""
_HIDDEN: Final = re.compile(
    r"(?<![\w@./-])(?:(h(?:xx|tt)ps?://)|(www[.]))?"
    rf"([a-z0-9][a-z0-9-]{{1,40}}(?:{_DOT}[a-z0-9-]{{2,40}}){{0,2}}{_DOT}(?:{_TOP}))(?![\w-])(/[\w./~?=&%+-]{{0,200}})?",
    re.ASCII,
)
_ANY_DOT: Final = re.compile(_DOT)
_NO_NAME: Final = frozenset("the a an our your this that of in on at during since like from with pre post last".split())
"""Words before "dot com" where a bubble, not a site, is meant."""
_GROUPS: Final = {
    # (host, start of the path) → kind of contact; what follows in the path is its value
    ("u.wechat.com", "/"): "wechat-qr",
    ("weixin.qq.com", "/g/"): "wechat-qr",
    ("weixin.qq.com", "/r/"): "wechat-qr",
    ("qr.alipay.com", "/"): "alipay-qr",
    ("chat.whatsapp.com", "/"): "whatsapp-group",
    ("line.me", "/ti/p/"): "line",
    ("line.me", "/ti/g/"): "line",
    ("line.me", "/r/ti/p/"): "line",
    ("discord.gg", "/"): "discord-group",
    ("discord.com", "/invite/"): "discord-group",
    ("signal.group", "/"): "signal-group",
}
_KEYED: Final = {"qm.qq.com": ("k",), "jq.qq.com": ("k", "wv"), "shang.qq.com": ("idkey",), "wpa.qq.com": ("uin",)}
_TELEGRAM: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_TELEGRAM_OWN: Final = frozenset({"s", "share", "proxy", "addstickers", "iv", "c", "login", "setlanguage"})
_HANDLE: Final = re.compile(r"[a-z][a-z0-9_]{4,31}")
_TOKEN: Final = re.compile(r"[\w~-]{4,128}", re.ASCII)


def contact_of_link(url: str) -> str | None:
    """The key of the person or group that a link (also the text of a QR code) leads to; None for a page."""
    try:
        parts = urlsplit(url if "://" in url else "//" + url)
    except ValueError:
        return None
    host = parts.netloc.casefold().removeprefix("www.")
    if host in _TELEGRAM:
        return _of_telegram(parts.path)
    if host in ("wa.me", "api.whatsapp.com"):
        return _of_whatsapp(parts.path, dict(parse_qsl(parts.query)))
    if host in _KEYED:
        values = dict(parse_qsl(parts.query, max_num_fields=None))
        value = next((values[name] for name in _KEYED[host] if values.get(name)), "")
        kind = "qq" if host == "wpa.qq.com" else "qq-group"
        return f"{kind}:{value}" if _TOKEN.fullmatch(value) else None
    for (known, start), kind in _GROUPS.items():
        if host == known and parts.path.startswith(start):
            value = parts.path[len(start) :].strip("/").partition("/")[0]
            return f"{kind}:{value}" if _TOKEN.fullmatch(value) else None
    return None


def _of_telegram(path: str) -> str | None:
    first, _, rest = path.strip("/").partition("/")
    if first == "joinchat" or first.startswith("+"):
        token = rest if first == "joinchat" else first[1:]
        return f"telegram-group:{token}" if _TOKEN.fullmatch(token) else None
    name = first.casefold()
    return f"telegram:{name}" if _HANDLE.fullmatch(name) and name not in _TELEGRAM_OWN else None


def _of_whatsapp(path: str, query: dict[str, str]) -> str | None:
    digits = only_digits(query.get("phone", "") or path)
    fits = PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1]
    return f"phone:{mobile(digits) or digits}" if fits else None


def hidden_links_in(text: str) -> tuple[str, ...]:
    """Those of `spelled_links_in` that are written against a filter, not only without a scheme."""
    return tuple(link for link, hidden in _spelled(text).items() if hidden)


def spelled_links_in(text: str) -> tuple[str, ...]:
    """Links that a reader follows and a filter does not see, as plain ones; at most 8.

    `hxxp://`, `example[.]com`, `example dot com/x`, `example点com`, `www.example.com` without a scheme.
    A bare `example.com` is taken only with a path: full stops without a space after them are common.
    """
    return tuple(_spelled(text))


def _spelled(text: str) -> dict[str, bool]:
    """At most `LINKS_MAX` links, and whether each is hidden."""
    found: dict[str, bool] = {}
    for scheme, www, host, path in _HIDDEN.findall(fold(text)):
        plain = _ANY_DOT.sub(".", host)
        hidden = scheme.startswith("hxx") or plain != host
        if (scheme.startswith("htt") and not hidden) or plain.partition(".")[0] in _NO_NAME:
            continue
        if not scheme and len(path) <= 1 and _WEAK_DOT.search(host):
            continue
        if hidden or www or len(path) > 1:
            found[plain + path] = hidden
        if len(found) == LINKS_MAX:
            break
    return found
