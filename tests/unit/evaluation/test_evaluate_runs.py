"""`shoal evaluate` from the suite to the scorecard, on a platform of a few hundred people."""

import json
import os
import sys
from pathlib import Path

import msgspec
import pytest

from detector.settings import DetectorSettings
from evaluation.evaluate import pool
from evaluation.evaluate.card import SCHEMA, Card, build
from evaluation.evaluate.markdown import tell
from evaluation.evaluate.plan import changed, plan, scenarios_of, switched_off
from evaluation.evaluate.plots import draw
from evaluation.evaluate.real import missing, plant_into, read_slice, write_slice
from evaluation.evaluate.record import SHOAL
from evaluation.evaluate.runs import Task, execute
from evaluation.evaluate.suite import Suite, WrongSuite, chosen, load_suite, parse_suite, suite_names
from evaluation.simulator.background import Background
from evaluation.simulator.files import parse_scenario
from evaluation.simulator.scenario import Scenario
from models.errors import InvalidConfiguration
from models.events import Account, Like, Post, PostKind
from models.moments import when_ms
from streams.cli import main

ORGANIC = "[organic]\naccounts = 300\nposts = 150\nlikes = 900\nearlier_posts = 100\n"
ARMY = (
    'about = "twenty-four likers"\ntags = ["army"]\n'
    + ORGANIC
    + '[[pieces]]\nkind = "like-army"\nsize = 24\ntargets = 8\ncamouflage = 0.5\n'
)
CROWD = 'about = "a petition"\ntags = ["crowd"]\n' + ORGANIC + '[[pieces]]\nkind = "petition"\nsize = 30\n'
SETTINGS = DetectorSettings()


def scenario(text: str, name: str = "mine") -> Scenario:
    return parse_scenario(text, name)


def shoal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["shoal", "evaluate", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("name", suite_names())
def test_every_suite_loads_and_its_scenarios_exist(name: str) -> None:
    suite = load_suite(name)
    assert suite.about
    assert plan(suite, scenarios_of(suite), SETTINGS, {}, ablate=suite.ablation is not None)


def test_seeds_for_reporting_are_not_those_for_choosing() -> None:
    assert [name for name in suite_names() if load_suite(name).first_seed < 1000] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('scenarios = ["demo"]', "missing required field `about`"),
        ('about = "x"\nscenario = ["demo"]', "unknown field `scenario`"),
        (
            'about = "x"\n[[targets]]\nmeasure = "recall"\nat_least = 1.0',
            "no measure recall; there are .*account_recall",
        ),
        ('about = "x"\n[[targets]]\nmeasure = "account_recall"', "needs at_least or at_most"),
        ('about = "x"\nseeds = 0', ">= 1"),
        ('about = "x"\ninclude = ["everythin"]', "no suite everythin"),
    ],
)
def test_a_wrong_suite_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(WrongSuite, match=told):
        parse_suite(text, "mine")


def test_scenarios_are_chosen_by_name_pattern_and_tag_each_once() -> None:
    names = [each.name for each in chosen(["demo", "de*", "tag:crowd"])]
    assert names[0] == "demo"
    assert "crowds" in names
    assert len(names) == len(set(names))
    with pytest.raises(WrongSuite, match="tag:nothing matches no scenario"):
        chosen(["tag:nothing"])


def test_a_plan_holds_every_run_once() -> None:
    suite = parse_suite(
        'about = "x"\nscenarios = ["demo"]\nseeds = 2\n[[sweeps]]\ndial = "participation"\nvalues = [0.5, 1.0]\n'
        'scenarios = ["dial-likes"]\n',
        "mine",
    )
    tasks = plan(suite, scenarios_of(suite), SETTINGS, {}, ["copycatch"], ablate=True)
    plain = [task for task in tasks if not task.variant.kind]
    assert [(task.seed, task.method) for task in plain] == [
        (1000, SHOAL), (1000, "copycatch"), (1001, SHOAL), (1001, "copycatch"),
    ]  # fmt: skip
    dials = [task for task in tasks if task.variant.kind == "dial"]
    assert [(task.variant.value, task.seed) for task in dials] == [(0.5, 1000), (0.5, 1001), (1.0, 1000), (1.0, 1001)]
    assert [task.scenario.pieces[0].participation for task in dials[::2]] == [0.5, 1.0]  # type: ignore[attr-defined]  # an army
    assert len(tasks) == len(plain) + len(dials) + len(switched_off())


def test_a_run_is_the_same_every_time_but_for_its_speed() -> None:
    task = Task(scenario(ARMY), 1, SETTINGS)
    one, other = execute(task), execute(task)
    assert msgspec.structs.replace(one, performance=other.performance) == other
    (army,) = one.measures.armies
    assert army.named >= 12
    assert army.target_class
    assert one.measures.communities.pairs > 0


def test_a_switched_off_signal_that_does_not_occur_is_not_run_again() -> None:
    off = {each.name: each for each in switched_off() if each.kind == "signal"}
    assert execute(Task(scenario(ARMY), 1, SETTINGS, variant=off["reports"])).unchanged
    without = execute(Task(scenario(ARMY), 1, SETTINGS, variant=off["likes"]))
    assert not without.unchanged
    assert without.measures.armies[0].named == 0


def test_a_run_that_breaks_or_hangs_is_told_and_breaks_nothing_else() -> None:
    good, broken = Task(scenario(CROWD), 1, SETTINGS), Task(scenario(CROWD), 1, SETTINGS, method="nobody")
    records, failed = pool.run_all([broken, good], jobs=2, seconds_max=120)
    assert [record.method for record in records] == [SHOAL]
    assert records[0].performance.peak_rss_mb > records[0].performance.before_rss_mb > 20
    assert [(each.method, each.reason.split(":")[0]) for each in failed] == [("nobody", "KeyError")]
    _, (late,) = pool.run_all([good], jobs=1, seconds_max=0.0)
    assert "took longer than" in late.reason


def test_the_ablation_compares_the_same_runs() -> None:
    suite = Suite("x", ("mine",), seeds=1)
    mine = scenario(ARMY)
    wanted = {"", "likes", "reports", "late_onset"}
    tasks = [task for task in plan(suite, [mine], SETTINGS, {}, ablate=True) if task.variant.name in wanted]
    card = build("x", suite, SETTINGS, [mine], [execute(task) for task in tasks])
    rows = {row.name: row.summary for row in card.ablation}
    assert list(rows) == ["", "late_onset", "likes"]  # there are no reports to leave out
    assert rows["likes"].account_recall == 0.0
    assert rows[""].account_recall == card.overall.account_recall
    told = tell(card)
    assert "| likes (signal) | -1.000 |" in told
    assert "Nothing changes without any one of: late_onset." in told


def test_a_sweep_gives_a_curve_a_table_and_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "likers.toml"
    path.write_text(ARMY, encoding="utf-8")
    sweep = f'dial = "participation"\nvalues = [0.0625, 1.0]\nper = 0.25\nscenarios = ["{path}"]\n'
    suite = parse_suite(f'about = "x"\n[[sweeps]]\n{sweep}', "mine")
    tasks = plan(suite, [], SETTINGS, {})
    card = build("mine", suite, SETTINGS, [], [execute(task) for task in tasks])
    (curve,) = card.dials
    assert [point.value for point in curve.points] == [0.25, 4.0]
    assert [point.summary.armies_found for point in curve.points] == [0, 1]
    told = tell(card, draw(card, tmp_path))
    assert "| likers | 0.25 | 4 |" in told
    assert "lowest at participation 0.25" in told
    assert (tmp_path / "dial-participation.png").exists()


STREAM = Background("stock-tweets", 0, 10_000)


def real_events(accounts: bool) -> list[Account | Like | Post]:
    """An invented stream of a day, as an importer gives it."""
    posts: list[Account | Like | Post] = [
        Post(
            f"r{number}", f"w{number % 90}", f"own words number {number}", 1_600_000_000_000 + number * 40_000,
            PostKind.REPOST if number % 4 == 0 else PostKind.POST, None, f"r{number - 1}" if number % 4 == 0 else None,
        )
        for number in range(1, 2_000)
    ]  # fmt: skip
    if accounts:
        posts += [Account(f"w{n}", 1_500_000_000_000 + n, observed_at_ms=1_600_000_000_000 + n) for n in range(90)]
    return sorted(posts, key=when_ms)


@pytest.mark.parametrize("accounts", [False, True])
def test_an_army_planted_into_a_real_stream_has_nothing_that_the_stream_has_not(accounts: bool) -> None:
    events = real_events(accounts)
    mine = scenario(ARMY.replace("size = 24", 'size = 24\naction = "repost"'))
    planted = plant_into(mine, 3, events)
    (army,) = planted.truth.groups
    assert planted == plant_into(mine, 3, events)
    assert planted.events != plant_into(mine, 4, events).events
    assert [event for event in planted.events if event.account_id not in army.accounts] == events
    own = [event for event in planted.events if event.account_id in army.accounts]
    assert any(isinstance(event, Account) for event in own) == accounts
    assert all(event.client is event.device_id is event.network_id is None for event in own)
    targets = {event.target_id for event in own if isinstance(event, Like)}
    assert len(targets) >= 8
    assert targets <= {event.post_id for event in events if isinstance(event, Post)}
    assert when_ms(events[0]) < army.first_ms < when_ms(events[-1])


def test_a_real_stream_that_is_not_here_is_named(tmp_path: Path) -> None:
    assert "stock_tweets is not in the folder" in str(missing(STREAM, tmp_path))
    (tmp_path / "stock_tweets").mkdir()
    assert missing(STREAM, tmp_path) is None


@pytest.mark.data
def test_a_part_of_a_real_stream_is_cut_out_in_order(tmp_path: Path) -> None:
    data = Path(os.environ.get("SHOAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
    if missing(STREAM, data):
        pytest.skip("the research data is not here; set SHOAL_DATA to its folder")
    path = str(tmp_path / "part.jsonl")
    assert write_slice(Background("stock-tweets", 1_000, 500), data, path) == 500
    events = read_slice(path)
    assert len(events) == 500
    assert [when_ms(event) for event in events] == sorted(when_ms(event) for event in events)


def test_a_scorecard_from_files_with_pictures_and_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "likers.toml").write_text(ARMY, encoding="utf-8")
    (tmp_path / "petition.toml").write_text(CROWD, encoding="utf-8")
    suite = tmp_path / "suite.toml"
    text = (
        f'about = "Two of my own."\nscenarios = ["{tmp_path}/likers.toml", "{tmp_path}/petition.toml", "real-*"]\n'
        '[[targets]]\nmeasure = "account_recall"\nat_least = 0.5\n'
        '[[targets]]\nmeasure = "honest_alerted"\nat_most = 0\n'
    )
    suite.write_text(text, encoding="utf-8")
    out = tmp_path / "card"
    assert not shoal(monkeypatch, str(suite), "-o", str(out), "--seeds", "1", "--data", str(tmp_path))
    card = msgspec.json.decode((out / "scorecard.json").read_bytes(), type=Card)
    assert card.schema == SCHEMA
    assert card.right
    assert [each.scenario for each in card.skipped] == [
        "real-stock-armies", "real-stock-organic", "real-weibo-armies", "real-weibo-organic",
    ]  # fmt: skip
    assert list(card.scenarios) == ["likers", "petition"]
    told = (out / "scorecard.md").read_text(encoding="utf-8")
    assert "2 of 2 met" in told
    assert "**1 of 1**" in told
    assert "stock_tweets is not in the folder" in told
    for picture in ("armies.png", "crowds.png", "delay.png"):
        assert f"({picture})" in told
        assert (out / picture).read_bytes().startswith(b"\x89PNG")
    assert shoal(monkeypatch, str(suite), "-o", str(out))  # it is not overwritten
    assert "--force" in capsys.readouterr().err
    suite.write_text(text.replace("at_least = 0.5", "at_least = 1.01"), encoding="utf-8")
    assert shoal(monkeypatch, str(suite), "-o", str(out), "--seeds", "1", "--data", str(tmp_path), "--force") == 1
    assert "target missed: account_recall" in capsys.readouterr().out


def test_wrong_arguments_are_answered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shoal(monkeypatch, "quikc", "-o", "nowhere")
    assert shoal(monkeypatch, "quick", "-o", "nowhere", "--against", "nobody")
    told = capsys.readouterr().err
    assert "did you mean quick?" in told
    assert "nobody: no such peer" in told
    assert not Path("nowhere").exists()


@pytest.mark.slow
def test_the_quick_suite_holds_what_it_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not shoal(monkeypatch, "quick", "-o", str(tmp_path / "card"), "--seeds", "1", "--jobs", "2")
    card = json.loads((tmp_path / "card" / "scorecard.json").read_bytes())
    assert card["overall"]["honest_alerted"] == 0
    assert card["overall"]["armies_found"] == card["overall"]["armies"] == 2


def test_settings_may_be_changed_for_some_runs() -> None:
    suite = load_suite("lanes")
    default = DetectorSettings()
    tasks = plan(suite, scenarios_of(suite), default, {})
    without = [task for task in tasks if task.variant.name == "no bursts"]
    assert len(without) == len(suite.scenarios) * suite.seeds
    assert {task.settings.bursts.enabled for task in without} == {False}
    assert {task.settings.overlap for task in without} == {default.overlap}
    with pytest.raises(InvalidConfiguration, match="bursts"):
        changed(default, {"bursts": {"colour": "red"}})
