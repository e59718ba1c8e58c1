"""`shoal trends` as people run it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.army_scenario import scenario
from evaluation.trends.stream import LIST, SOLD, with_trends
from models.codec import decode_corrected_list, decode_trend_verdict
from streams.cli.app import app
from streams.files import write


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trends") / "events.jsonl"
    write(str(path), [with_trends(scenario(7, organic=300), 7)])
    return path


def test_calls_are_printed_and_lists_shown_with_both_places(events: Path, tmp_path: Path) -> None:
    verdicts, lists = tmp_path / "verdicts.jsonl", tmp_path / "lists.jsonl"
    done = CliRunner().invoke(
        app, ["trends", str(events), "--verdicts", str(verdicts), "--lists", str(lists), "--explain"]
    )
    assert done.exit_code == 0, done.output
    assert "«middle0» looks bought" in done.stdout
    assert f"{LIST} (the platform's)" in done.stdout
    assert "activity (built from posts and likes)" in done.stdout
    rows = [line.split() for line in done.stdout.split(f"{LIST} (the platform's)")[1].splitlines()]
    places = {row[2]: row[:2] for row in rows if len(row) > 3 and row[0].isdigit()}
    assert places["middle0"][1] == "off"
    assert places[SOLD][0] == places[SOLD][1]
    told = [decode_trend_verdict(line) for line in verdicts.read_bytes().splitlines()]
    assert {"manufactured", "organic"} <= {verdict.outcome.value for verdict in told}
    listed = [decode_corrected_list(line) for line in lists.read_bytes().splitlines()]
    assert {each.name for each in listed} == {LIST, "activity"}


def test_one_list_can_be_asked_for_and_another_is_answered_with_those_there_are(events: Path) -> None:
    done = CliRunner().invoke(app, ["trends", str(events), "--list", LIST])
    assert "activity" not in done.stdout.split("(the platform's)")[1]
    missing = CliRunner().invoke(app, ["trends", str(events), "--list", "videos"])
    assert missing.exit_code != 0
    assert "lists seen: activity, hot" in str(missing.exception)


def test_bad_lines_of_lists_are_counted_and_kept(tmp_path: Path) -> None:
    path, letters = tmp_path / "events.jsonl", tmp_path / "letters.jsonl"
    path.write_text('{"type": "trend", "list": "hot", "topic": "a", "rank": 0, "observed_at_ms": 1767268860000}\n')
    done = CliRunner().invoke(app, ["trends", str(path), "--dead-letters", str(letters)])
    assert done.exit_code == 0
    assert "1 lines were rejected: range 1" in done.stderr
    assert json.loads(letters.read_text())["field"] == "rank"


def test_switched_off_it_says_so(events: Path, tmp_path: Path) -> None:
    settings = tmp_path / "off.toml"
    settings.write_text("[trends]\nenabled = false\n")
    done = CliRunner().invoke(app, ["trends", str(events), "--settings", str(settings)])
    assert done.exit_code != 0
    assert "switches trends off" in str(done.exception)
