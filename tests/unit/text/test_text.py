import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.text import normalise, strip
from detector.text.marks import hashtags_in, links_in


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


def test_separators_and_lone_surrogates_do_not_break_a_batch() -> None:
    assert plain("a\x1eb", "\ud800c", "") == ["ab", "c", ""]


@pytest.mark.parametrize(
    ("text", "own"),
    [
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
    assert links_in(text) == ("https://example.org/x,",)
    assert hashtags_in("no mark") == ()


def test_the_batch_form_returns_flat_arrays() -> None:
    points, offsets = normalise(["ab", "", "c"])
    assert points.dtype == np.uint32
    assert offsets.tolist() == [0, 2, 2, 3]
