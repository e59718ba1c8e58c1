"""Trending lists in the console: pages and JSON, from the store alone."""

from xml.etree import ElementTree as ET

from fastapi import FastAPI
from msgspec.structs import replace

from console.security.roles import Role
from console.trends.sparkline import HEIGHT, sparkline
from models.example_answers import CORRECTED_LIST, TREND_VERDICT
from models.trends import TrendMoment, TrendOutcome
from streams.store.sql import SqlStore
from tests.unit.console.web.visitors import Visit

HOSTILE = "<script>alert(1)</script>\u202e"


def filled(app: FastAPI) -> None:
    hostile = replace(TREND_VERDICT, topic=HOSTILE, key="a/b#c", outcome=TrendOutcome.ORGANIC, places=[], accuracy=None)
    SqlStore(app.state.engine).put_trends([TREND_VERDICT, hostile], [CORRECTED_LIST])


def test_a_list_shows_each_place_with_and_without(app: FastAPI, visit: Visit) -> None:
    filled(app)
    page = visit(Role.VIEWER).get("/trends?list=hot").text
    assert "a place that is sold openly" in page
    assert "<strong>off the list</strong>" in page
    assert "looks bought" in page
    assert visit(Role.VIEWER).get("/trends?list=nothing").status_code == 404


def test_topics_can_be_narrowed_to_a_verdict(app: FastAPI, visit: Visit) -> None:
    filled(app)
    page = visit(Role.VIEWER).get("/trends?outcome=manufactured").text
    assert "/trends/battery" in page
    assert "/trends/a/b%23c" not in page
    assert visit(Role.VIEWER).get("/trends?outcome=fake").status_code == 422


def test_a_topic_tells_why_and_how_sure_it_is(app: FastAPI, visit: Visit) -> None:
    filled(app)
    page = visit(Role.MODERATOR).get("/trends/battery").text
    assert "88% of the accounts share their day of registration" in page
    assert "99 % of simulated bought topics were called, and 1.3 % of honest ones" in page
    assert "48,211" in page
    assert 'role="img"' in page
    assert visit(Role.MODERATOR).get("/trends/nothing").status_code == 404


def test_names_of_topics_are_hostile_and_may_hold_any_character(app: FastAPI, visit: Visit) -> None:
    filled(app)
    for path in ("/trends", "/trends/a/b%23c"):
        page = visit(Role.VIEWER).get(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "U+202E" in page


def test_pages_without_anything_say_so(visit: Visit) -> None:
    assert "No topic has burst" in visit(Role.VIEWER).get("/trends").text


def test_the_same_as_json(app: FastAPI, visit: Visit) -> None:
    filled(app)
    told = visit(Role.VIEWER).get("/api/v1/trends?list=hot").json()
    assert [topic["key"] for topic in told["topics"]] == ["battery"]
    assert told["topics"][0]["series"][0]["in_question"] == 3
    assert told["lists"] == [{"name": "hot", "at_ms": CORRECTED_LIST.at_ms, "lines": 3}]
    lines = visit(Role.VIEWER).get("/api/v1/trends/lists/hot").json()["lines"]
    assert [(line["rank"], line["rank_without"]) for line in lines] == [(1, 1), (2, 2), (3, None)]
    assert visit(Role.VIEWER).get("/api/v1/trends/lists/nothing").status_code == 404


def test_a_sparkline_is_bounded_and_its_dark_part_never_taller() -> None:
    series = [TrendMoment(n * 60_000, 9, n % 7, n % 9) for n in range(90)]
    drawn = ET.fromstring(str(sparkline(series, 'a "label" <b>')))  # noqa: S314  # made just now
    whole = [int(each.get("height") or 0) for each in drawn if each.get("class") == "c0"]
    assert len(whole) == 60
    assert max(int(each.get("height") or 0) for each in drawn) == HEIGHT
    assert sparkline([], "nothing").startswith("<svg")
