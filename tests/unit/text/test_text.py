import unicodedata
from collections.abc import Callable
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.text import normalise, strip
from detector.text.marks import hashtags_in, links_in
from detector.text.normalise import SEPARATOR, table
from evaluation.tables.code_points import build


def plain(*texts: str) -> list[str]:
    points, offsets = normalise(texts)
    whole = points.astype("<u4").tobytes().decode("utf-32-le")
    return [whole[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]


@pytest.mark.parametrize(
    ("variant", "same"),
    [
        ("Ｆｕｌｌ　Ｗｉｄｔｈ １２", "full width 12"),
        ("Straße", "strase"),
        ("раураl", "paypal"),  # Cyrillic look-alikes
        ("演唱會真好看", "演唱会真好看"),  # traditional
        ("he\u200bl\u200dl\u202eo", "hello"),  # zero-width and bidi marks
        ("good 👍🏽 job!!!", "goodjob"),
        ("①②③", "123"),
        ("CAFÉ", "cafe"),
    ],
)
def test_variants_become_the_same(variant: str, same: str) -> None:
    left, right = plain(variant, same)
    assert left == right != ""


@given(st.lists(st.text(max_size=60), max_size=20))
def test_a_batch_is_the_sum_of_its_texts(texts: list[str]) -> None:
    assert plain(*texts) == [plain(text)[0] for text in texts] if texts else plain() == []


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text: str) -> None:
    (once,) = plain(text)
    assert plain(once) == [once]


def test_the_table_maps_onto_itself() -> None:
    # every code point, not a sample: what normalised text holds must stay as it is
    points = table()
    np.testing.assert_array_equal(points[points], points)


DISGUISES = (
    lambda text: text.upper(),
    "\u200b".join,
    lambda text: "\u202e" + text + "\u202c!!",
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),  # full width
    lambda text: text.translate(str.maketrans("aeopcx", "аеорсх")),  # Cyrillic
    lambda text: text.translate(str.maketrans("会爱国马车龙门", "會愛國馬車龍門")),
    " 👍🏽 ".join,
)


@given(st.text(st.sampled_from("abceopxyz012会爱国马车龙门天"), min_size=1, max_size=60), st.sampled_from(DISGUISES))
def test_a_disguise_changes_nothing(text: str, disguise: Callable[[str], str]) -> None:
    left, right = plain(text, disguise(text))
    assert left == right == text


def test_the_committed_table_is_what_the_script_builds() -> None:
    for needed in ("opencc", "confusable_homoglyphs"):
        pytest.importorskip(needed, reason=f"{needed} is needed only to rebuild the table")
    if unicodedata.unidata_version != "14.0.0":
        pytest.skip(f"the table is of Unicode 14.0, this Python has {unicodedata.unidata_version}")
    points, become = build()
    built = np.zeros(len(table()), np.uint32)
    built[points] = become
    built[ord(SEPARATOR)] = ord(SEPARATOR)
    np.testing.assert_array_equal(table(), built)


def test_a_megabyte_of_marks_takes_no_time() -> None:
    for text in ("#" * 10**6, "[" * 10**6, " " * 10**6, "@a" * 500_000, "回复" * 300_000):
        started = process_time()
        strip(text)
        hashtags_in(text)
        assert process_time() - started < 5.0, text[:4]


def test_separators_and_lone_surrogates_do_not_break_a_batch() -> None:
    assert plain("a\x1eb", "\ud800c", "") == ["ab", "c", ""]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("看http://t.cn/abc真的好看", "看 真的好看"),
        ("好看//@小明: 真的吗 //@小红: 是", "好看"),
        ("回复@小明:好看", "好看"),
        ("RT @bob: so true", "so true"),
        ("look https://example.org/a?b=c now", "look now"),
        ("@ann @bob hello", "hello"),
        ("#生日快乐# 祝福", "祝福"),
        ("#cats are great", "are great"),
        ("好[哈哈][爱你]", "好"),
        ("nothing to take off", "nothing to take off"),
        ("//@x: only others", ""),
    ],
)
def test_only_the_accounts_own_words_stay(text: str, own: str) -> None:
    assert strip(text).split() == own.split()


def test_hashtags_and_links_are_signals() -> None:
    text = "#several words# and #plain see https://example.org/x, #plain"
    assert hashtags_in(text) == ("several words", "plain")
    assert links_in(text) == ("https://example.org/x",)
    assert links_in("看http://t.cn/abc真的 http://t.cn/abc。") == ("http://t.cn/abc",)
    assert hashtags_in("no mark") == ()


def test_the_batch_form_returns_flat_arrays() -> None:
    points, offsets = normalise(["ab", "", "c"])
    assert points.dtype == np.uint32
    assert offsets.tolist() == [0, 2, 2, 3]
