"""`shoal demo`, as a newcomer runs it; and its exit code when something went wrong."""

import sys
from pathlib import Path

import pytest

from evaluation.simulator import Scenario
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.scenarios import demo
from streams.cli import main
from streams.store.open import open_store

pytestmark = pytest.mark.slow


def shoal_demo(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["shoal", "demo", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_both_armies_are_found_and_both_crowds_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shoal_demo(monkeypatch, "--seed", "11") == 0
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines() if line.split()].count("found") == 2
    assert told.count("left alone, listed") == 2
    assert "0 of them belong to no army" in told
    assert all(word in told for word in ("together", "suspicious", "look first at"))


def test_a_missed_army_is_exit_code_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = Scenario(
        "tiny", (LikeArmy(size=4, targets=2),), Organic(accounts=200, posts=80, likes=300, earlier_posts=50)
    )
    monkeypatch.setattr(demo, "DEMO", tiny)
    assert shoal_demo(monkeypatch, "--brief") == 1
    assert "MISSED" in capsys.readouterr().out


def test_the_last_line_opens_the_console_on_what_was_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    assert shoal_demo(monkeypatch, "--brief", "--store", url) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.endswith(f"shoal console --store {url}")
    store = open_store(url)
    assert len(store.newest(state="opened") + store.newest(state="updated")) >= 2
    store.close()
