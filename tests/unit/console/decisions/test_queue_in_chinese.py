"""Searching the queue in the words that a Chinese page shows, though the store has English headlines."""

import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from console.decisions import queue
from console.decisions.filters import TEXT_CHARACTERS_MAX, WORDS_MAX, conditions
from console.decisions.queue import Filters
from console.web.sentences import translated
from console.web.sought import pieces
from models.alerts import Alert
from streams.store.engine import writing
from streams.store.sql import SqlStore
from streams.store.tables import alerts
from tests.unit.console.decisions.cases import NOW_MS, case

OUTWEIGHED = "the evidence outweighs the innocent explanations"
HEADLINES = {
    "likes": "120 accounts acted together on 14 targets (like) over 43 min 5 s; no innocent explanation fits",
    "both": "30 accounts acted together on 3 targets (like, repost) over 1 h; " + OUTWEIGHED,
    "texts": "46 accounts posted the same text within 19 s; an honest crowd explains it (closed: quiet since)",
    "contact": "9 accounts sent their readers to 加微信 vx-77 within 2 d 4 h; too little is known to tell",
    "topic": "82 accounts acted on hashtags:对手like三周年 (hashtags) within 16 min 9 s; an honest crowd explains it",
    "joined": "7 accounts acted on p-7 (follow) within 9 s; no innocent explanation fits (closed: joined campaign c1)",
}
SHOWN = {name: translated(headline, "zh") for name, headline in HEADLINES.items()}
WORDS: dict[str, set[str]] = {
    "点赞": {"likes", "both"},
    "转发": {"both"},
    "点赞 转发": {"both"},
    "引流": {"contact"},
    "相似的文本": {"texts"},
    "找不到合理解释": {"likes", "joined"},
    "合理解释": {"likes", "joined", "both"},
    "14个目标": {"likes"},
    "14 个目标": {"likes"},
    "43分钟": {"likes"},
    "（点赞）；找不到合理解释": {"likes"},
    "话题标签": {"topic"},
    "三周年": {"topic"},
    "三周年话题标签": {"topic"},
    "对手": {"topic"},
    "微信": {"contact"},
    "引流vx-77": {"contact"},
    "并入案件": {"joined"},
    "like": {"likes", "both", "topic"},
    "水果": set(),
    "举报": set(),
}


LETTERS = re.compile("[\u3400-\u9fff]+")


def told(name: str) -> Alert:
    made = case(name, headline=HEADLINES[name])
    layer = "follow" if name == "joined" else "like"
    return msgspec.structs.replace(made, targets=[msgspec.structs.replace(each, layer=layer) for each in made.targets])


@pytest.fixture
def queued(engine: Engine) -> Engine:
    with writing(engine) as connection:
        connection.execute(alerts.delete())
    SqlStore(engine).put([told(name) for name in HEADLINES])
    return engine


def found(engine: Engine, text: str, *, names_hidden: bool = False) -> set[str]:
    filters = Filters(text=text, language="zh", names_hidden=names_hidden or None)
    return {row.campaign for row in queue.page(engine, filters, NOW_MS).rows}


def test_the_words_of_the_page_find(queued: Engine) -> None:
    assert {text: found(queued, text) for text in WORDS} == WORDS


def test_a_headline_that_is_pasted_finds_its_case_and_no_other(queued: Engine) -> None:
    assert all(len(shown) <= TEXT_CHARACTERS_MAX for shown in SHOWN.values())
    for name, headline in HEADLINES.items():
        assert found(queued, SHOWN[name]) == {name}
        assert found(queued, headline) == {name}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_every_part_of_what_is_shown_finds_it(queued: Engine, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SHOWN)))
    run = data.draw(st.sampled_from(LETTERS.findall(SHOWN[name])))
    begin = data.draw(st.integers(0, len(run) - 1))
    assert name in found(queued, run[begin : data.draw(st.integers(begin + 1, len(run)))])


def test_english_pages_search_english_only(queued: Engine) -> None:
    rows = queue.page(queued, Filters(text="点赞", language="en"), NOW_MS).rows
    assert [row.campaign for row in rows] == []
    assert pieces("点赞", "en") == []


def test_a_headline_that_names_an_account_is_not_searched_for_who_may_not_see_it(queued: Engine) -> None:
    assert found(queued, "关注") == {"joined"}
    assert found(queued, "关注", names_hidden=True) == set()
    assert found(queued, "点赞", names_hidden=True) == {"likes", "both"}


@given(st.text(st.sampled_from("个账号点赞在对引流一abc1；（）%_'\\ "), max_size=TEXT_CHARACTERS_MAX))
def test_what_was_typed_is_cut_whole_and_in_order(text: str) -> None:
    for word in text.split():
        cut = pieces(word, "zh")
        assert all(piece.text in word for piece in cut)
        assert len(set(cut)) == len(cut)
        letters: Sequence[str] = LETTERS.findall(word)
        if cut:
            assert {letter for run in letters for letter in run} == {
                letter for piece in cut for run in LETTERS.findall(piece.text) for letter in run
            }


def test_the_longest_search_is_answered(queued: Engine) -> None:
    assert found(queued, "在对一起引流账号目标分钟点赞" * 20) == set()
    assert found(queued, "个 " * 100) == set(HEADLINES)
    assert len(conditions(Filters(text="个 账 " * 30, language="zh"))) == 2
    assert len(conditions(Filters(text=" ".join(map(chr, range(0x4E00, 0x4E63))), language="zh"))) == WORDS_MAX
