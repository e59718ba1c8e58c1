"""The Chinese of pages, sentences and messages: one word for each term, calm, and set as Chinese is set."""

import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import console
from console.messages.words import REASONS, WORDS

FOLDER = Path(console.__file__).parent / "locales" / "zh"
LETTER = "[\u3400-\u9fff]"
OTHERS = {
    "驳回": "判为正常: beside an appeal 驳回 means that the appeal is refused, the opposite",
    "报警": "告警: 报警 calls the police",
    "警报": "告警",
    "占用": "认领",
    "移交": "转交: 移交 is to the police",
    "案例": "案件",
    "操作者": "操盘方: 操作者 is who uses the console",
    "操纵": "操盘方: 操纵 accuses",
    "幕后": "操盘方",
    "活动": "协同行动 or 行为: 活动 is a promotion",
    "动作": "行为",
    "文本族": "相似文本组",
    "相同文本": "相似文本: near copies",
    "允许名单": "白名单",
    "准确率": "精确率: 准确率 is accuracy",
    "正当": "合理解释, 属正常",
    "编辑部": "新闻机构",
    "保存期": "保留期",
    "修订": "版本",
    "重开": "重新打开",
    "相遇": "一同出现",
    "苏醒": "重新活跃",
    "名字": "昵称, 用户名",
    "被删除": "删掉: by whom is not said",
    "榜上无名": "榜外, 不在榜上",
    "撤回": "撤销",
    "您": "你",
    "控制台的管理者": "控制台的运维人员",
    "数据太少": "数据不足",
}
ACCUSING = ("水军", "造假", "违规", "作弊", "虚假", "非法", "恶意", "黑产", "骗", "罪", "嫌疑", "假账号", "僵尸")
FLAWS = {
    "half-width punctuation beside Chinese": re.compile(f"{LETTER} ?[,;:?!()]|[,;:?!()] ?{LETTER}"),
    "a half-width full stop": re.compile(rf"{LETTER}\.(?![A-Za-z])"),
    "no space between Chinese and Latin": re.compile(f"{LETTER}[A-Za-z0-9]|[A-Za-z0-9]{LETTER}"),
    "a space between Chinese": re.compile(f"{LETTER} {LETTER}|{LETTER} [，。；：、（）]|[，。；：、（）] "),
    "a space before a percent sign": re.compile(" %(?!\\()"),
    "three dots": re.compile(r"\.\.\."),
    "English quotation marks": re.compile(f"[\"']{LETTER}|{LETTER}[\"']"),
}
PLACES = re.compile(r"%\(\w+\)s")


def of_pages() -> Iterator[tuple[str, str]]:
    for message in read_po(BytesIO((FOLDER / "messages.po").read_bytes()), locale="zh"):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            yield from ((str(message.id), str(string or "")) for string in strings)


def of_sentences() -> Iterator[tuple[str, str]]:
    tables = tomllib.loads((FOLDER / "sentences.toml").read_text(encoding="utf-8"))
    for part in ("phrases", "sentences"):
        for lines in tables[part].values():
            yield from ((english, chinese) for english, chinese in lines)


def of_messages() -> Iterator[tuple[str, str]]:
    yield from WORDS["zh"].items()
    yield from REASONS["zh"].items()


SAID = [*of_pages(), *of_sentences(), *of_messages()]


@pytest.mark.parametrize("word", OTHERS)
def test_one_word_for_each_term(word: str) -> None:
    assert [(english, chinese) for english, chinese in SAID if word in chinese] == [], f"say {OTHERS[word]}"


@pytest.mark.parametrize("word", ACCUSING)
def test_nothing_accuses(word: str) -> None:
    assert [(english, chinese) for english, chinese in SAID if word in chinese] == []


@pytest.mark.parametrize("flaw", FLAWS)
def test_it_is_set_as_chinese_is_set(flaw: str) -> None:
    # a place in a message of pages has a figure or a name, x stands for both; a role is in Chinese
    said = [
        (english, PLACES.sub("x", chinese.replace("%(role)s", "某")).replace("%%", "%")) for english, chinese in SAID
    ]
    assert [(english, chinese) for english, chinese in said if FLAWS[flaw].search(chinese)] == []


def test_buttons_beside_an_appeal_cannot_be_taken_for_its_answer() -> None:
    words = dict(of_pages())
    assert words["Confirm"] not in {"确认", "确定"}, "on a button both mean OK"
    assert len({words[name] for name in ("Confirm", "Dismiss", "Watch", "Undo", "Hand over", "Reopen", "Hold")}) == 7
    assert words["Confirm"] in words[next(each for each in words if each.startswith("Your decision answers it"))]
    assert words["Dismiss"] in words[next(each for each in words if each.startswith("Your decision answers it"))]


def test_pages_sentences_and_messages_say_an_action_alike() -> None:
    pages = dict(of_pages())
    tables = tomllib.loads((FOLDER / "sentences.toml").read_text(encoding="utf-8"))["phrases"]
    actions = dict(tables["action"])
    for word, name in (
        ("Confirm", "confirm"), ("Dismiss", "dismiss"), ("Watch", "watch"), ("Undo", "undo"),
        ("Hand over", "hand_over"), ("Reopen", "reopen"),
    ):  # fmt: skip
        assert pages[word] == actions[name]
    assert pages["Confirm"] in WORDS["zh"]["confirmed"]
    assert pages["Dismiss"] in WORDS["zh"]["dismissed"]
    assert pages["Watch"] in WORDS["zh"]["watched"]
    outcomes = dict(tables["outcome"])
    assert pages["coordinated, not what they seem"] == outcomes["coordinated inauthentic"]
    assert pages["coordinated, honest"] == outcomes["coordinated organic"]
    assert pages["coordinated, too little known"] == outcomes["coordinated unknown"]
    for severity in ("critical", "high", "medium", "low"):
        assert pages[severity] == WORDS["zh"][severity]
    for reason in ("fans", "petition", "newsroom"):
        assert pages[reason] == REASONS["zh"][reason]
    assert pages["other reason"] == REASONS["zh"]["other"]


def test_templates_leave_commas_colons_and_percent_signs_to_the_language() -> None:
    by_hand = re.compile(r"""\}\}(?:</\w+>)?(?:: |, | %)|\{% endif %\}(?:: |, )|join\(["'], ["']\)(?!\|said)""")
    found = {
        path.name: by_hand.findall(text)
        for path in sorted((FOLDER.parents[1] / "templates").rglob("*.html"))
        if by_hand.search(text := path.read_text(encoding="utf-8"))
    }
    # scopes of a token are the words of the API
    assert found == {"tokens.html": ['join(", ")']}, 'write {{ _(", ") }}'
