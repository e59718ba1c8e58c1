"""Contacts that nobody has, written so that a filter does not see them.

Telephone numbers begin with 140, which no person's telephone has; handles and accounts are invented.
"""

from random import Random
from typing import Literal

from evaluation.simulator.words.hired import SURNAMES

Contact = Literal["wechat", "qq", "phone", "link"]
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_BEFORE: dict[Contact, tuple[str, ...]] = {
    "wechat": ("微信", "加微", "薇信：", "VX ", "v信", "➕薇 ", "wechat: ", "威❤", "w x: ", "卫星号 "),
    "qq": ("QQ", "扣扣", "企鹅号", "加Q", "qq: ", "Q群", "蔻蔻 "),
    "phone": ("电话", "手机 ", "致电", "tel: ", "同号", "☎ "),
    "link": ("看这里 ", "入口 ", "more at ", "戳 ", "details: ", ""),
}


def invent(kind: Contact, words: Random) -> str:
    """A contact of this kind."""
    if kind == "wechat":
        return f"{words.choice(SURNAMES)}{words.choice(SURNAMES)}{words.randint(100, 9_999)}"
    if kind == "qq":
        return str(words.randint(200_000_000, 3_999_999_999))
    if kind == "phone":
        return f"140{words.randint(0, 99_999_999):08d}"
    return f"https://go{words.randint(10, 99)}.example/{words.choice(SURNAMES)}{words.randint(10, 999)}"


def written(kind: Contact, contact: str, words: Random, disguise: float) -> str:
    """The contact in a text. `disguise`, 0 to 1: chance that it is written otherwise than plainly."""
    before = words.choice(_BEFORE[kind])
    if words.random() >= disguise:
        return before + contact
    if kind == "link":
        return before + words.choice(
            (contact.removeprefix("https://"), contact.replace(".", "。"), contact.replace(".", " . "))
        )
    ways = [
        contact.translate(_FULL_WIDTH), contact.translate(_SPELLED), contact.translate(_CIRCLED), " ".join(contact),
        "-".join(contact[at : at + 4] for at in range(0, len(contact), 4)),
    ]  # fmt: skip
    if kind == "wechat":
        ways.append(contact.upper())
    return before + words.choice(ways)
