"""One contact is one key, however it is dressed; what is no contact is left alone."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.diversion import contacts_in, diversions_in, spelled_links_in
from detector.diversion.contacts import CONTACTS_MAX, _all
from detector.diversion.folding import digits_of, fold
from detector.diversion.hints import may_hold_contact

MARKERS_WECHAT = (
    "加微信", "微信号：", "威信", "薇信:", "V信", "v 信 ", "微❤信 ", "VX:", "加vx ", "Ｗｅｉｘｉｎ ", "WeChat id: ",
    "w e c h a t ",
    "加V ", "+v ", "加薇",
)  # fmt: skip
HANZI = ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "零幺两三四五六七八九")
WORDS = "zero one two three four five six seven eight nine".split()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("联系QQ:413578720加好友", "qq:413578720"),
        ("客服Q-Q【2744--117375】", "qq:2744117375"),
        ("扣扣 一二三四五六七八九", "qq:123456789"),
        ("企鹅号 1 2 3 4 5 6 7 8 9", "qq:123456789"),
        ("Telegram: @Some_Name", "telegram:some_name"),
        ("電報 @some_name", "telegram:some_name"),
        ("join t.me/Some_name now", "telegram:some_name"),
        ("https://t.me/joinchat/AAbbCC11", "telegram-group:AAbbCC11"),
        ("https://t.me/+AAbbCC11", "telegram-group:AAbbCC11"),
        ("WhatsApp +44 7911 123456", "phone:447911123456"),
        ("https://wa.me/447911123456", "phone:447911123456"),
        ("https://api.whatsapp.com/send?phone=447911123456&text=hi", "phone:447911123456"),
        ("call 138-0013-8001 today", "phone:13800138001"),
        ("加微信 138 0013 8001", "phone:13800138001"),
        ("幺三八零零幺三八零零幺 找我", "phone:13800138001"),
        ("热线 010-62063650", "phone:01062063650"),
        ("write to a.Buyer@shop.example please", "mail:a.buyer@shop.example"),
        ("还有名额威❤abc12345", "wechat:abc12345"),
        ("详细 卫星号 ab-c12-345", "wechat:abc12345"),
        ("想了解加微abc12345", "wechat:abc12345"),
        ("蔻蔻 3462545726", "qq:3462545726"),
        ("私聊Q群3462-5457-26", "qq:3462545726"),
        ("详细问同号一四零零五零七七二一四", "phone:14005077214"),
        ("see hxxp://nordal.com/x", "link:nordal.com/x"),
        ("http://u.wechat.com/Ab3_dkk", "wechat-qr:Ab3_dkk"),
        ("https://qm.qq.com/cgi-bin/qm/qr?k=abcDEF123", "qq-group:abcDEF123"),
        ("https://qr.alipay.com/fkx12345", "alipay-qr:fkx12345"),
        ("https://discord.gg/abcd12", "discord-group:abcd12"),
    ],
)
def test_forms_of_contacts(text: str, key: str) -> None:
    assert contacts_in(text) == (key,)


@pytest.mark.parametrize(
    "text",
    [
        "微信公众号", "微信支付 iphone 很方便", "QQ用户 100000000 人", "2013年13800138001元", "whatsapp me",
        "威信扫地 100万",
        "QQ 2013年12月", "（1930~2012.6.14）", "$VXX: inflation falls", "VX: smaller report", "call me at 5",
        "the WeChat download page",
        "order 4006123456789012", "@someone hello", "QQ 12345", "tg 2 1 win", "电话 110", "http://t.cn/zj5XraZ",
        "https://t.me/s/share",
        "example number 13800000000", "//@other: 加微信 abc12345",
    ],
)  # fmt: skip
def test_what_is_no_contact(text: str) -> None:
    assert contacts_in(text) == ()


@pytest.mark.parametrize("marker", MARKERS_WECHAT)
@pytest.mark.parametrize("end", ["", " 领取", "！一起来"])
def test_every_name_of_wechat_is_a_marker(marker: str, end: str) -> None:
    assert contacts_in(f"兼职 {marker}abc12345{end}") == ("wechat:abc12345",)


def dress(letter: str, how: int, table: str) -> str:
    if how == 1 and letter.isdigit():
        return table[int(letter)]
    if how == 2:
        return chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter
    if how == 3 and letter.isdigit():
        return f"{letter}\ufe0f\u20e3"
    return letter.upper() if how == 4 else letter


number = st.from_regex(r"[1-9][0-9]{5,9}", fullmatch=True).filter(
    lambda digits: len(set(digits)) >= 3 and len(digits.rstrip("0")) >= 5
)


@given(
    number, st.sampled_from(["", " ", ".", "-", "·", "✨", "  "]), st.sampled_from(HANZI), st.sampled_from([0, 1, 2, 3])
)
def test_one_number_one_key(digits: str, gap: str, table: str, how: int) -> None:
    shown = gap.join(dress(digit, how, table) for digit in digits)
    assert contacts_in(f"详情 QQ：{shown} 。") == (f"qq:{digits}",)


@given(number, st.sampled_from([" ", "-", " ."]))
def test_digits_in_english_words(digits: str, gap: str) -> None:
    shown = gap.join(WORDS[int(digit)] for digit in digits)
    assert contacts_in(f"QQ: {shown}!") == (f"qq:{digits}",)


handle = st.from_regex(r"[a-z]{2,6}[0-9]{4,6}", fullmatch=True)


@given(handle, st.sampled_from(MARKERS_WECHAT), st.lists(st.sampled_from([0, 2, 3, 4]), min_size=12, max_size=12))
def test_one_handle_one_key(name: str, marker: str, hows: list[int]) -> None:
    shown = "".join(dress(letter, how, HANZI[0]) for letter, how in zip(name, hows, strict=False))
    assert contacts_in(f"兼职{marker}{shown}，速来") == (f"wechat:{name}",)


@given(st.text(max_size=400))
def test_any_text_is_read_without_harm(text: str) -> None:
    contacts, links = diversions_in(text, (text[:60],))
    assert len(contacts) <= CONTACTS_MAX
    assert all(":" in key for key in contacts)
    assert len(links) <= CONTACTS_MAX


pieces = st.sampled_from(
    [
        *MARKERS_WECHAT,
        *"0123456789",
        "abc12345",
        "13800138001",
        "QQ",
        "tg:@",
        "t.me/",
        "www.",
        ".com",
        " dot com",
        "@",
        "一",
        "三",
        "❤",
        " ",
        "-",
    ]
)


@settings(max_examples=400)
@given(st.lists(pieces, max_size=12).map("".join))
def test_the_cheap_look_misses_nothing(text: str) -> None:
    found = tuple(_all(text, (), True)), spelled_links_in(text)
    if any(found):
        assert may_hold_contact(text), (text, found)


@pytest.mark.parametrize(
    "piece", ["微信", "q q ", "1 ", "三", "a.", "加v", "@a.", "微 ", "1-", "www.a.", "one ", "(点)", "abc_"]
)
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = (piece * characters)[:characters]
        started = time.process_time()
        for _ in range(5):
            diversions_in("微信 " + text)
        return time.process_time() - started

    seconds(500)
    assert seconds(4_000) <= 60 * max(seconds(500), 0.001)


def test_a_directory_is_cut() -> None:
    text = "; ".join(f"QQ {123456 + at * 7}" for at in range(40))
    assert len(contacts_in(text)) == CONTACTS_MAX


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("hxxp://shop.example.com/x", ("shop.example.com/x",)),
        ("see shop[.]com/abc", ("shop.com/abc",)),
        ("nordal dot com now", ("nordal.com",)),
        ("去 nordal点com 看", ("nordal.com",)),
        ("www.nordal.com好", ("nordal.com",)),
        ("the Dot Com bubble", ()),
        ("ends here.com e in", ()),
        ("plain https://nordal.com/x", ()),
        ("入口 https://nordal。com/x 好", ("nordal.com/x",)),
        ("https://nordal . com/x", ("nordal.com/x",)),
        ("the end . co and so on", ()),
    ],
)
def test_links_that_hide(text: str, links: tuple[str, ...]) -> None:
    assert spelled_links_in(text) == links


def test_folding() -> None:
    assert fold("１２③④⓿ ＡＢ") == "12340 ab"
    assert digits_of("abc一起 1三8 一二三") == "abc一起 138 123"
