"""Scenario files: what they give, and how mistakes in them are answered."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.simulator import Expected, simulate
from evaluation.simulator.clock import HOUR_MS
from evaluation.simulator.files import WrongScenario, load_scenario, parse_scenario, scenario_names, with_dial
from evaluation.simulator.pieces import PIECES
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.scenarios.demo import DEMO
from streams.cli import main

SMALL = """
about = "An army of twelve among few people"
tags = ["army"]
duration_min = 30
[organic]
accounts = 200
posts = 80
likes = 300
earlier_posts = 50
[[pieces]]
kind = "like-army"
size = 12
targets = 3
participation = 0.9
farm = { phones = 0 }
"""


def refused(text: str) -> str:
    with pytest.raises(WrongScenario) as found:
        parse_scenario(text, "mine", "mine.toml")
    return str(found.value)


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_loads_and_says_what_it_is(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.about
    assert set(scenario.tags) & {"army", "crowd", "mixed", "organic", "dial", "real"}


def test_a_file_gives_what_it_says() -> None:
    scenario = parse_scenario(SMALL, "mine")
    (army,) = scenario.pieces
    assert isinstance(army, LikeArmy)
    assert (army.size, army.participation, army.farm.phones, army.farm.batches) == (12, 0.9, 0, 2)
    assert (scenario.duration_ms, scenario.organic.accounts) == (HOUR_MS // 2, 200)


def test_a_path_is_read_and_a_name_is_not_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_scenario(path) == parse_scenario(SMALL, "mine")
    with pytest.raises(WrongScenario, match="cannot be read"):
        load_scenario(tmp_path / "other.toml")


def test_an_unknown_name_gets_a_suggestion_and_the_list() -> None:
    with pytest.raises(WrongScenario, match=r"did you mean demo\?.*army-extract"):
        load_scenario("dmeo")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('kind = "like-army"', 'kind = "like-armi"', ("pieces[0]", "did you mean like-army?", "copy-army")),
        ('kind = "like-army"', "", ("pieces[0] has no kind", "petition")),
        ("size = 12", "sise = 12", ("pieces[0] (like-army)", "did you mean size?", "jitter_ms")),
        ("size = 12", "size = -1", ("size = -1 is out of range", "0 to 10,000,000")),
        ("size = 12", 'size = "12"', ("pieces[0] (like-army), size", "Expected `int`")),
        ("participation = 0.9", "participation = 1.5", ("participation = 1.5 is out of range", "0 to 1")),
        ("phones = 0", "phone = 0", ("farm", "did you mean phones?", "marked")),
        ("accounts = 200", "acounts = 200", ("organic", "did you mean accounts?")),
        ("duration_min = 30", "duration_min = 0", ("duration_min", "> 0")),
        ("duration_min = 30", "duration = 30", ("duration", "unknown", "duration_min")),
        ('about = "An army of twelve among few people"', "", ("missing required field `about`",)),
        ("[organic]", "[organic", ("mine.toml",)),
    ],
)
def test_a_mistake_is_answered_with_its_place_and_what_may_stand_there(
    wrong: str, right: str, told: tuple[str, ...]
) -> None:
    answer = refused(SMALL.replace(wrong, right))
    assert answer.startswith("mine.toml")
    assert all(each in answer for each in told), answer


def test_two_groups_of_one_name_are_refused() -> None:
    assert 'called "like army"' in refused(SMALL + '\n[[pieces]]\nkind = "like-army"\n')


VALUES = st.one_of(st.integers(), st.floats(), st.booleans(), st.sampled_from(["'x'", "[]", "{}"]))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*Flood.__struct_fields__, "sise"]), VALUES, max_size=3))
def test_whatever_stands_in_a_piece_is_taken_or_refused_in_words(values: dict[str, object]) -> None:
    lines = "".join(f"{name} = {str(value).lower()}\n" for name, value in values.items())
    with suppress(WrongScenario):
        (piece,) = parse_scenario(f'about = "x"\n[[pieces]]\nkind = "flood"\n{lines}', "mine").pieces
        assert "sise" not in values
        assert isinstance(piece, Flood)
        assert piece.size >= 0
        assert 0 <= piece.at <= 1


@pytest.mark.parametrize("kind", sorted(PIECES))
def test_every_kind_of_piece_can_be_written_without_a_dial(kind: str) -> None:
    (piece,) = parse_scenario(f'about = "x"\n[[pieces]]\nkind = "{kind}"\n', "mine").pieces
    assert type(piece) is PIECES[kind]


def test_a_dial_is_turned_on_every_army_that_has_it_or_on_one() -> None:
    both = with_dial(DEMO, None, "participation", 0.25)
    assert [getattr(piece, "participation", None) for piece in both.pieces] == [0.25, 0.25, 0.8, None]
    one = with_dial(DEMO, "like army", "farm.marked", 0.0)
    assert [piece.farm.marked for piece in one.pieces[:2]] == [0.0, 0.85]  # type: ignore[attr-defined]  # armies have one
    with pytest.raises(WrongScenario, match="no like army with a dial sise"):
        with_dial(DEMO, "like army", "sise", 1)
    with pytest.raises(WrongScenario, match="out of range"):
        with_dial(DEMO, None, "participation", 2)


def test_the_truth_knows_the_paid_actions_and_the_class_of_an_army() -> None:
    scenario = parse_scenario(SMALL, "mine")
    (army,) = simulate(scenario, 3).truth.groups
    assert army.expected is Expected.ALERT
    assert 20 <= len(army.actions_ms) <= 36
    assert list(army.actions_ms) == sorted(army.actions_ms)
    assert army.actions_ms[0] == army.first_ms
    assert army.actions_ms[-1] < scenario.start_ms + scenario.duration_ms
    assert (army.participation, army.window_ms) == (0.9, 180_000)
    assert not army.target_class  # twelve are too few
    (larger,) = simulate(with_dial(scenario, None, "size", 20), 3).truth.groups
    assert larger.target_class
    for dial, value in (("participation", 0.4), ("jitter_ms", HOUR_MS + 1)):
        (weaker,) = simulate(with_dial(with_dial(scenario, None, "size", 20), None, dial, value), 3).truth.groups
        assert not weaker.target_class, dial


def test_simulate_takes_a_file_and_refuses_an_unknown_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, encoding="utf-8")
    for argument, code in ((str(path), 0), ("nothing", 1)):
        monkeypatch.setattr(sys, "argv", ["shoal", "simulate", argument, "-o", str(tmp_path / "x.jsonl")])
        with pytest.raises(SystemExit) as ended:
            main()
        assert bool(ended.value.code) == bool(code)
    assert "there are army-extract" in capsys.readouterr().err.replace("\n", " ")
