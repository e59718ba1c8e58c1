"""Searches kept under a name: one's own, bounded, nothing but a search."""

from urllib.parse import parse_qsl, urlencode

import pytest
from fastapi import FastAPI
from hypothesis import example, given
from hypothesis import strategies as st

from console.cases.searches import FIELDS, SEARCHES_MAX, cleaned, save, searches_of
from console.decisions.errors import InvalidOrder
from console.security.roles import Role
from tests.unit.console.web.visitors import Visit


def test_a_search_is_kept_for_its_owner_and_found_again(visit: Visit, app: FastAPI) -> None:
    visitor = visit(Role.VIEWER)
    answer = visitor.fill("/searches/save", name="  My   <b>ring ", query="severity=high&status=any&after=1_x&evil=1")
    assert answer.headers["location"] == "/?status=any&severity=high"
    page = visitor.get("/").text
    assert 'href="/?status=any&amp;severity=high"' in page
    assert "My &lt;b&gt;ring" in page
    assert 'aria-current="page"' in visitor.get(answer.headers["location"]).text
    assert "ring" not in visit(Role.LEAD).get("/").text
    visit(Role.LEAD).fill("/searches/remove", name="My <b>ring")
    assert len(searches_of(app.state.engine, "viewer")) == 1
    visitor.fill("/searches/remove", name="My <b>ring")
    assert searches_of(app.state.engine, "viewer") == []


def test_a_name_is_used_once_and_there_are_not_too_many(app: FastAPI) -> None:
    engine = app.state.engine
    for number in range(SEARCHES_MAX):
        save(engine, "ann", f"n{number:02}", "days=7", 1)
    save(engine, "ann", "n00", "days=30", 2)
    with pytest.raises(InvalidOrder, match="remove one first"):
        save(engine, "ann", "one more", "", 3)
    found = searches_of(engine, "ann")
    assert len(found) == SEARCHES_MAX
    assert found[0] == ("n00", "days=30")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", ""),
        (" ", ""),
        ("x" * 65, ""),
        ("a\x00b", ""),
        ("long", "&".join(f"{field}=" + "ß" * 200 for field in FIELDS)),
    ],
)
def test_what_cannot_be_kept_is_refused(visit: Visit, app: FastAPI, name: str, query: str) -> None:
    assert visit(Role.LEAD).fill("/searches/save", name=name, query=query).status_code == 422
    assert searches_of(app.state.engine, "lead") == []


@example({"status": "\0"})
@given(st.dictionaries(st.sampled_from([*FIELDS, "after", "next"]), st.text(max_size=20)))
def test_cleaning_keeps_known_fields_and_is_done_once(fields: dict[str, str]) -> None:
    once = cleaned(urlencode({name: value.encode(errors="replace") for name, value in fields.items()}))
    assert cleaned(once) == once
    assert set(dict(parse_qsl(once))) <= set(FIELDS)


def test_a_long_search_is_shown_and_kept(visit: Visit) -> None:
    visitor = visit(Role.LEAD)
    words = "深" * 200
    assert visitor.get("/", params={"text": words}).status_code == 200
    assert visitor.fill("/searches/save", name="long", query=urlencode({"text": words})).status_code == 303
