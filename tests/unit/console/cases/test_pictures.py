"""Pictures and parts of a case: bounded, safe, the same for the same case."""

import re
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace

from console.cases.bars import inauthenticity, synchrony
from console.cases.diff import diff, words_of
from console.cases.graph import NODES_MAX, TIES_EACH, graph
from console.cases.lockstep import ROWS_MAX, TARGETS_MAX, lockstep, shape
from models.alerts import Alert, TargetSummary
from models.example_answers import ALERT

HOSTILE = '<script>alert("x")</script>\u202e'


def case(accounts: int, targets: int, seed: int = 1, names: str = "acc") -> Alert:
    rnd = Random(seed)
    links = sorted(
        (
            (a, t, 1_767_272_404_000 + t * 600_000 + rnd.randrange(20_000))
            for a in range(accounts)
            for t in range(targets)
        ),
        key=lambda link: link[2],
    )[:2_000]
    summaries = [TargetSummary("like", f"p{t}", accounts, accounts, 0, 1) for t in range(targets)]
    return replace(
        ALERT, accounts=[f"{names}{n}" for n in range(accounts)], accounts_total=accounts, targets=summaries,
        targets_total=targets, links=links,
    )  # fmt: skip


def parsed(svg: Markup) -> ET.Element:
    return ET.fromstring(str(svg))  # noqa: S314  # made a line above


@pytest.mark.parametrize(("accounts", "targets"), [(0, 0), (1, 1), (10, 3), (500, 4), (40, 12)])
def test_pictures_are_wellformed_bounded_and_repeatable(accounts: int, targets: int) -> None:
    alert = case(accounts, targets)
    drawn, tied = lockstep(alert), graph(alert)
    assert drawn == lockstep(alert)
    assert tied == graph(alert)
    labels = [each for each in parsed(drawn.svg).iter() if each.get("class") == "account"]
    assert len(labels) <= ROWS_MAX
    assert len(drawn.targets) <= TARGETS_MAX
    nodes = [each for each in parsed(tied.svg).iter() if each.get("class") == "node"]
    paths = [each.get("d") or "" for each in parsed(tied.svg).iter() if each.get("class") == "edge"]
    edges = [line for path in paths for line in path.split("M")[1:]]
    assert len(nodes) <= NODES_MAX
    assert len(edges) <= max(1, TIES_EACH * len(nodes))
    assert len(str(drawn.svg)) + len(str(tied.svg)) < 250_000


def test_every_act_of_a_small_case_is_drawn_where_and_when_it_was() -> None:
    alert = case(6, 3)
    marks = [each for each in parsed(lockstep(alert).svg).iter() if (each.get("class") or "").startswith("act")]
    assert len(marks) == 18
    assert {mark.get("class") for mark in marks} == {"act t0", "act t1", "act t2"}
    places = [float(re.match(r"M([\d.]+)", mark.get("d") or "").group(1)) for mark in marks]  # type: ignore[union-attr]  # each path begins so
    assert all(140 <= place <= 960 for place in places)


def test_a_long_silence_is_cut_out_and_said() -> None:
    alert = replace(case(4, 1), links=[(0, 0, 0), (1, 0, 60_000), (2, 0, 86_400_000), (3, 0, 86_460_000)])
    svg = lockstep(alert).svg
    assert "a long silence is left out here" in svg
    assert svg.isascii()  # fonts with a sign for it are rare, and others show a box
    marks = [each for each in parsed(svg).iter() if (each.get("class") or "").startswith("act")]
    places = sorted(float((mark.get("d") or "M0 ")[1:].split(" ")[0]) for mark in marks)
    assert places[1] - places[0] > 200  # a minute is seen although a day lies between


def test_names_cannot_break_out_of_a_picture() -> None:
    alert = case(3, 2, names=HOSTILE)
    for svg in (lockstep(alert).svg, graph(alert).svg):
        assert "<script" not in svg
        assert "\u202e" not in svg
        parsed(svg)


def test_the_core_is_said_when_not_all_are_drawn() -> None:
    assert "strongest ties are drawn" in graph(case(500, 4)).words
    assert "the others are in the table" in lockstep(case(500, 4)).words


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_a_diff_keeps_the_text_and_never_leaves_markup(leader: str, text: str) -> None:
    assert "".join(words_of(text)) == text
    shown = diff(leader, text)
    rest = re.sub(r"</?(?:bdi|ins|del|span)(?: class=\"(?:unseen|uncompared)\")?(?: title=\"[^\"<>]*\")?>", "", shown)
    assert "<" not in rest
    assert ">" not in rest


def test_words_that_were_changed_are_marked() -> None:
    assert diff("buy now cheap", "buy later cheap") == (
        "<bdi>buy </bdi><del><bdi>now</bdi></del><ins><bdi>later</bdi></ins><bdi> cheap</bdi>"
    )
    assert "<ins><bdi>很</bdi></ins>" in diff("这个好吃", "这个很好吃")


def test_bars_show_what_is_counted_and_what_holds_the_rest_back() -> None:
    answer = inauthenticity(ALERT)
    assert [bar.counted for bar in answer.bars] == sorted((bar.counted for bar in answer.bars), reverse=True)
    assert all(0 <= bar.counted_width <= 100 for bar in answer.bars)
    assert answer.needed == ALERT.points_min
    assert answer.reached == 100.0
    assert len(synchrony(ALERT).bars) == len(ALERT.synchrony)


def test_every_shape_of_the_legend_is_drawn() -> None:
    assert len({str(shape(f"t{number}")) for number in range(TARGETS_MAX + 1)}) == TARGETS_MAX + 1
