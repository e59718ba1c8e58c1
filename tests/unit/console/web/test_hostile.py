"""Text of strangers."""

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from console.web.hostile import hostile, is_unseen

MARKS = re.compile(r'<span class="unseen"[^>]*>U\+[0-9A-F]{4,6}</span>')
TAGS = re.compile(r'</?bdi>|<span class="unseen" title="U\+[0-9A-F]{4,6} [A-Za-z0-9 -]+">|</span>')
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(BIDI + "<>&\"'\u200b\u3164"))))
def test_nothing_leaves_markup_or_unseen_characters(text: str) -> None:
    page = str(hostile(text))
    rest = TAGS.sub("", page)
    assert "<" not in rest
    assert ">" not in rest
    assert '"' not in rest
    assert not [each for each in page if each not in "\n\t" and unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co"}]
    seen = "".join(each for each in text if each in "\n\t" or not is_unseen(each))
    assert html.unescape(TAGS.sub("", MARKS.sub("", page))) == seen


@pytest.mark.parametrize("character", BIDI + "\u200b\u200d\ufeff\u3164\x00\u2028")
def test_each_is_shown_by_its_code(character: str) -> None:
    assert f"U+{ord(character):04X}</span>" in hostile(f"a{character}b")


def test_links_are_not_live() -> None:
    assert hostile("https://evil.example/?a=1&b=2") == Markup("<bdi>https://evil.example/?a=1&amp;b=2</bdi>")
