"""Sentences of the detector in another language: figures, texts of strangers, what is not known, and what it costs."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count as numbers

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.web.hostile import hostile
from console.web.phrasebook import SENTENCE, Phrasebook, phrasebook
from console.web.render import make_environment
from console.web.sentences import SENTENCE_CHARACTERS_MAX, known, said_in, translated, unknown
from detector.evidence.words import chance, count, duration, percent

FIGURES = re.compile(r"[0-9⁰¹²³⁴⁵⁶⁷⁸⁹][0-9,.]*[0-9]|[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]")
BOOK = phrasebook("zh")
assert BOOK is not None
SAYS = "; no innocent explanation fits"
numbers_of_accounts = st.integers(0, 5_000_000)
milliseconds = st.integers(0, 400 * 86_400_000)
shares = st.floats(0, 1)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def figures(text: str) -> Counter[str]:
    return Counter(FIGURES.findall(text))


@given(numbers_of_accounts, numbers_of_accounts, milliseconds)
def test_headlines_keep_their_figures(accounts: int, targets: int, span_ms: int) -> None:
    english = (
        f"{count(accounts, 'account')} acted together on {count(targets, 'target')} (like) over {duration(span_ms)}"
    )
    said = known(english + SAYS, "zh")
    assert said is not None
    assert figures(said) == figures(english)


@given(numbers_of_accounts, numbers_of_accounts, shares, st.floats(-400, 0))
def test_evidence_keeps_its_figures(some: int, crowd: int, share: float, p_log10: float) -> None:
    for english in (
        (
            f"{some} of {count(crowd, 'account')} were registered on one day (chosen out of {crowd:,} acting there); "
            f"by chance {chance(p_log10)}."
        ),
        f"{percent(share)} of them use the same network; by chance {chance(p_log10)}.",
        (
            f"{count(some, 'account')} (of about {crowd:,} active lately) met again and again on "
            f"{count(some, 'target')} ({count(crowd, 'pair')} of windows share too many of them); "
            f"by chance: {chance(p_log10)}."
        ),
    ):
        said = known(english, "zh")
        assert said is not None
        assert figures(said) == figures(english)


@given(names)
def test_a_text_of_a_stranger_passes_as_it_stands(name: str) -> None:
    said = known(f"5 accounts acted on {name} (like) within 3 s{SAYS}", "zh")
    assert said is not None
    assert said == f"5 个账号在 3 秒内一起对 {name} 行动（点赞）；找不到合理解释"
    shown = said_in("zh")(f"5 accounts acted on {name} (like) within 3 s{SAYS}")
    assert shown == hostile(said)


@pytest.mark.parametrize(
    "topic",
    [
        "a» looks like people; place 3 of «b",
        "a» looks like people (3 accounts): the ages of the accounts are unlike the platform's usual mix",
        "x», which is openly sold.",
    ],
)
def test_a_topic_cannot_say_what_is_thought_of_it(topic: str) -> None:
    said = known(f"«{topic}» looks bought (312 accounts); place 1 of «hot» either way.", "zh")
    assert said == f"“{topic}”疑似刷榜（312 个账号）；在“hot”榜上第 1 名，去掉可疑账号也一样。"


def test_markup_of_a_stranger_stays_text() -> None:
    page = (
        make_environment("zh")
        .from_string("{{ each|said }}")
        .render(each=f"5 accounts acted on <b>\u202e</b> (like) within 3 s{SAYS}")
    )
    assert "&lt;b&gt;" in page
    assert "U+202E" in page
    assert "个账号" in page
    assert "<b>" not in page


def test_what_is_not_known_stays_and_is_marked_and_told_of_once() -> None:
    before, shapes = unknown.total, set(unknown.shapes)
    text = "Zyx4 accounts did something that nobody wrote <i> about"
    assert translated(text, "zh") == text
    assert said_in("zh")(text) == f'<bdi lang="en">{hostile(text)[5:]}'
    assert said_in("en")(text) == hostile(text)
    known.cache_clear()
    assert translated(text, "zh") == text
    assert unknown.total == before + 2
    assert unknown.shapes - shapes == {"… accounts did something that nobody … … about"}


def test_english_pages_have_the_records_words() -> None:
    sentence = "They acted within 19 s, 42 % of them inside two minutes."
    assert make_environment("en").from_string("{{ each|said }}").render(each=sentence) == f"<bdi>{sentence}</bdi>"


def hostile_sentences() -> Iterator[str]:
    pieces = [
        "a", " ", "9", "9,", "9 ", "«", "» looks bought", "» looks like people; place 3 of «", " (like) within 3 s",
        "; no innocent explanation fits", " (like) within 3 s; no innocent explanation fits", " accounts acted on ",
        "like, ", "confirm by a, ", ": ", " dismissed case 7 on 2012-10-25 04:20:31 UTC ", "less than 1 in 10⁹",
        "1,234,",
        " (5 of the accounts; 5 others do)", "7 % of their posts lead to one contact, ",
        " is 3, as with a bought topic",
        "4 min 10 s ", ": 7% of the accounts' posts were taken back within minutes, as with a bought topic", "e+9",
    ]  # fmt: skip
    for head in (
        "",
        "5 accounts acted on ",
        "«",
        "7 % of their posts lead to one contact, ",
        "5 accounts acted together on 3 targets (",
    ):
        for piece in pieces:
            for tail in ("", ".", "!", SAYS):
                for length in (SENTENCE_CHARACTERS_MAX - 200, 900):
                    yield head + piece * (length // len(piece)) + tail
        yield head + "a" * 20_000


def test_no_text_of_a_stranger_takes_long() -> None:
    slowest = 0.0
    for sentence in hostile_sentences():
        # time of this process: others on the machine do not count
        start = time.process_time()
        known.__wrapped__(sentence, "zh")
        slowest = max(slowest, time.process_time() - start)
    # measured 2 ms; catastrophic backtracking takes minutes
    assert slowest < 1.0


def test_a_page_of_sentences_costs_little() -> None:
    said, number = said_in("zh"), numbers()
    one = [f"{next(number)} of 12 accounts were registered on one day, which is not unusual." for _ in range(40)]
    for each in one:
        said(each)
    times = []
    for _ in range(20):
        start = time.process_time()
        for each in one:
            known(each, "zh")
        times.append(time.process_time() - start)
    assert min(times) < 0.002


@pytest.mark.parametrize(
    "wrong",
    [
        [["{n:number} cats", "{m} 只猫"]],
        [["{n:number} cats", "猫"]],
        [["{n:animal} cats", "{n} 只猫"]],
        [["one", "一", "1"]],
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(wrong: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"not the same parts|no table|not a pair"):
        Phrasebook({"units": {}, "comma": "、", "phrases": {}, "sentences": {"all": wrong}})


def test_no_line_of_the_table_is_there_twice_or_hidden_by_another() -> None:
    for name, lines in BOOK.lines.items():
        english = [line.english for line in lines]
        assert len(set(english)) == len(english), name
    assert len(BOOK.lines[SENTENCE]) > 90
