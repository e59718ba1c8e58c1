"""Words of messages, and what is left of hostile text."""

import re
import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.messages.facts import trial_facts
from console.messages.neutral import HEADLINE_CHARACTERS_MAX, calm, for_cards, for_markdown, for_slack
from console.messages.text import Links, message_text
from console.messages.words import REASONS, WORDS
from console.web.hostile import is_unseen

PLACES = re.compile(r"\{\w+\}")
PARTS = [
    "@everyone",
    "https://",
    "www.",
    "evil.example",
    "<!channel>",
    "[a](b)",
    "\u202e",
    "\n",
    "\x00",
    "ａ",
    " ",
    "`",
]
attacks = st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=30).map("".join)


def test_both_languages_say_the_same() -> None:
    assert set(WORDS["en"]) == set(WORDS["zh"])
    assert set(REASONS["en"]) == set(REASONS["zh"])
    for word, sentence in WORDS["en"].items():
        assert sorted(PLACES.findall(sentence)) == sorted(PLACES.findall(WORDS["zh"][word])), word


@given(attacks)
def test_nothing_in_it_is_a_link_a_mention_or_unseen(text: str) -> None:
    left = calm(text)
    assert "@" not in left
    assert "://" not in left
    assert not re.search(r"\w\.[a-z]{2}", left)
    assert not any(is_unseen(character) or character in "\n\t" for character in left)
    assert len(left.replace("[.]", ".").replace("[:]//", "://")) <= HEADLINE_CHARACTERS_MAX


@given(attacks)
def test_nothing_in_it_is_markup_of_a_service(text: str) -> None:
    left = calm(text)
    assert not set(for_slack(left)) & set("<>")
    assert not set(for_cards(left)) & set("<>[]*`#")
    plain = re.sub(r"\\[^A-Za-z0-9\s]", "", for_markdown(left))
    assert not set(plain) & set("*_`<>[]()|~\\")


@given(st.text(string.ascii_letters + string.digits + " ,.%", max_size=200))
def test_calm_words_stay_as_they_are(text: str) -> None:
    if not re.search(r"\w\.[A-Za-z]{2}", text):
        assert calm(text) == " ".join(text.split())


@pytest.mark.parametrize("campaign", ["c1", "a/b?c#d", "../../logout"])
def test_links_lead_to_the_case_only(campaign: str) -> None:
    link = Links("https://shoal.example/base/").case(campaign)
    assert link.startswith("https://shoal.example/base/cases/")
    assert not set(link.removeprefix("https://shoal.example/base/cases/")) & set("/?#")
    assert Links(None).case(campaign) == ""


def test_a_test_says_that_it_is_one() -> None:
    text = message_text(trial_facts(1), "en", Links(None))
    assert text.title == "Shoal: a test"


def test_headlines_are_said_in_the_language_of_the_destination() -> None:
    headline = "12 accounts posted the same text within 2 min; no innocent explanation fits"
    facts = msgspec.structs.replace(trial_facts(1), event="opened", headline=headline, severity="high")
    assert message_text(facts, "en", Links(None)).title == f"High: {headline}"
    title = message_text(facts, "zh", Links(None)).title
    assert title.startswith("高：")
    assert "12 个账号" in title
    assert "accounts" not in title
    stranger = msgspec.structs.replace(facts, headline="see evil.example @everyone")
    assert message_text(stranger, "zh", Links(None)).title == "高：see evil[.]example ＠everyone"
