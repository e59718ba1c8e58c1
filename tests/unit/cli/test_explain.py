"""`shoal explain`: from a file or a store, by id or its beginning, for people or as JSON."""

import json
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.alerts import FamilySummary
from models.codec import encode_alert
from models.example_answers import ALERT
from streams.cli import main
from streams.store.open import open_store

NASTY = FamilySummary("f", 3, 0.8, ("buy\x1b[31m this\u202e",))
REVISIONS = [replace(ALERT, accounts_total=8), replace(ALERT, revision=2, families=[NASTY])]
OTHER = replace(ALERT, campaign="1c9f000000000000")


def shoal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["shoal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture(params=["file", "store"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    alerts = [REVISIONS[1], REVISIONS[0], OTHER]
    if request.param == "file":
        path = tmp_path / "alerts.jsonl"
        path.write_bytes(b"\n".join(map(encode_alert, alerts)) + b"\n")
        return ["--alerts", str(path)]
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    store.put(alerts)
    store.close()
    return ["--store", url]


def test_the_whole_reasoning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert shoal(monkeypatch, "explain", ALERT.campaign, *options) == 0
    told = " ".join(capsys.readouterr().out.split())
    for part in (
        "act as one, and are not what they seem",
        "3 points, and 3 call a group inauthentic",
        "2 shared_devices + 1 inside_share = 3",
        "10 of 10 accounts share a device",
        "evidence.shared_device_share_min = 20 %",
        "falls fans",
        "It would take away: inside share",
        "u-4711",
        "r2",
        "+2 accounts",
        ALERT.configuration,
    ):
        assert part in told, part
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_the_beginning_of_an_id_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert shoal(monkeypatch, "explain", ALERT.campaign[:6], "--json", *options) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["alert"]["campaign"] == ALERT.campaign
    assert told["alert"]["revision"] == 2
    assert [step["revision"] for step in told["history"]] == [1, 2]
    assert told["inauthenticity"][0]["formula"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("1c9f", "2 cases"), ("1c9fc152d5a8fda2", "near it: 1c9fc152d5a8fda1"), ("zz", "no campaign zz")],
)
def test_a_case_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], name: str, words: str
) -> None:
    assert shoal(monkeypatch, "explain", name, *options) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_graph_is_found_by_the_beginning_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, graph = tmp_path / "alerts.jsonl", tmp_path / "case.graphml"
    path.write_bytes(encode_alert(ALERT) + b"\n")
    assert shoal(monkeypatch, "export", "1c9f", "--alerts", str(path), "-o", str(graph)) == 0
    assert graph.stat().st_size > 500
    assert "10 accounts" in capsys.readouterr().err
