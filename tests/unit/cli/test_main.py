import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli import main
from streams.cli.app import app

COMMANDS = (
    ["replay"], ["worker"], ["export"], ["topics", "create"], ["topics", "check"], ["produce"], ["healthy"],
    ["check-config"], ["schema"], ["bench"], ["convert"], ["demo"], ["simulate"],
)  # fmt: skip


def shoal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["shoal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def likes(tmp_path: Path) -> Path:
    path = tmp_path / "likes.jsonl"
    lines = [
        {
            "type": "like",
            "account_id": f"a{at}",
            "target_id": "p",
            "action": "like",
            "acted_at_ms": 1_700_000_000_000 + at,
        }
        for at in range(50)
    ]
    text = "\n".join(map(json.dumps, lines)) + '\n{"type": "like"}\nnot json\n'
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert shown.exit_code == 0
    assert len(shown.output) > 300


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shoal(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("shoal 0.")


def test_replay_writes_what_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, likes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary, letters, alerts = tmp_path / "s.json", tmp_path / "d.jsonl", tmp_path / "a.jsonl"
    options = ["--summary", str(summary), "--dead-letters", str(letters), "--alerts", str(alerts)]
    assert shoal(monkeypatch, "replay", str(likes), *options) == 0
    told = json.loads(summary.read_text())
    assert {"events", "seconds", "events_per_s", "peak_rss_mb", "alerts", "rejected"} <= told.keys()
    assert told["events"] == 50
    assert sum(told["rejected"].values()) == 2
    assert len(letters.read_text().splitlines()) == 2
    assert alerts.exists()
    assert "2 lines were rejected" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["replay", "nowhere.jsonl"], "nowhere.jsonl: No such file"),
        (["replay", "{likes}", "--alerts", "{likes}"], "would be overwritten"),
        (["replay", "day.jsonl.gz"], "zcat day.jsonl.gz | shoal replay -"),
        (["replay", "{likes}", "--settings", "nowhere.toml"], "nowhere.toml"),
        (["convert", "--from", "weibo", "x", "-o", "y.jsonl"], "weibo-reposts"),
        (["convert", "--from", "csv", "x", "-o", "{likes}"], "--force"),
        (["convert", "--from", "csv", "x", "-o", "y.jsonl", "--map", "nonsense"], "FIELD=COLUMN"),
        (["produce"], "either a FILE or --simulate"),
        (["produce", "{likes}", "--speed", "warp"], "--speed warp"),
        (["produce", "{likes}", "--rebase"], "need --speed real"),
        (["produce", "--simulate", "atlantis"], "there are demo"),
        (["simulate", "atlantis", "-o", "y.jsonl"], "army-extract"),
        (["bench", "likes", "--against", "rensa"], "near-duplicates only"),
        (["bench", "near-duplicates", "--against", "abacus"], "no such peer"),
        (["healthy", "--url", "ftp://x"], "http://HOST:PORT"),
        (["export", "0123456789abcdef", "-o", "x.graphml", "--alerts", "{empty}"], "no campaign 0123456789abcdef"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_mistakes_end_in_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    likes: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    monkeypatch.chdir(tmp_path)
    filled = [each.format(likes=likes, empty=empty) for each in arguments]
    assert shoal(monkeypatch, *filled) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.startswith("shoal: ")
    assert error.count("\n") == 1


def test_a_wrong_setting_names_field_value_and_range(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOAL_LINGER_MS", "5000")
    assert shoal(monkeypatch, "check-config") == 2
    error = capsys.readouterr().err
    assert all(word in error for word in ("SHOAL_LINGER_MS", "5000", "at most 1000"))

    monkeypatch.delenv("SHOAL_LINGER_MS")
    file = tmp_path / "detector.toml"
    file.write_text("[campaign]\naccounts_min = 1\n", encoding="utf-8")
    monkeypatch.setenv("SHOAL_DETECTOR_FILE", str(file))
    assert shoal(monkeypatch, "check-config") == 2
    error = capsys.readouterr().err
    assert all(word in error for word in ("campaign.accounts_min", "1", ">= 3"))


def test_check_config_as_environment_can_be_read_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOAL_SASL_PASSWORD", "open sesame")
    assert shoal(monkeypatch, "check-config", "--format", "env") == 0
    shown = capsys.readouterr().out
    assert "open sesame" not in shown
    lines = [line for line in shown.splitlines() if line and not line.startswith("#")]
    assert all(line.startswith("SHOAL_") and "=" in line for line in lines)
    assert "SHOAL_BOOTSTRAP=127.0.0.1:9092" in lines


def test_no_broker_is_code_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SHOAL_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("SHOAL_REQUEST_TIMEOUT_MS", "1000")
    assert shoal(monkeypatch, "topics", "check", "--wait", "0") == 3
    assert "set SHOAL_BOOTSTRAP" in capsys.readouterr().err


def test_schema_prints_and_writes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shoal(monkeypatch, "schema") == 0
    assert {"Post", "Like", "Account", "Alert"} <= json.loads(capsys.readouterr().out)["$defs"].keys()
    assert shoal(monkeypatch, "schema", "--format", "asyncapi", "-o", str(tmp_path / "docs")) == 0
    assert json.loads((tmp_path / "docs" / "asyncapi.json").read_text())["asyncapi"].startswith("3.")


def test_convert_leaves_nothing_behind_when_it_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (
        shoal(monkeypatch, "convert", "--from", "stock-tweets", str(tmp_path), "-o", str(tmp_path / "out.jsonl")) == 2
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_convert_then_replay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    table, events = tmp_path / "t.csv", tmp_path / f"e{suffix}"
    table.write_text("who,what,at\nb,p,1700000002\na,p,1700000001\nc,p,soon\n", encoding="utf-8")
    maps = ["account_id=who", "target_id=what", "acted_at_ms=at:s", "action==like"]
    told = [part for each in maps for part in ("--map", each)]
    assert shoal(monkeypatch, "convert", "--from", "csv", "--type", "like", str(table), "-o", str(events), *told) == 0
    error = capsys.readouterr().err
    assert "3 rows became 2 events" in error
    assert "1 row gave no event: acted_at_ms: malformed (first in row 3" in error
    summary = tmp_path / "s.json"
    assert shoal(monkeypatch, "replay", str(events), "--summary", str(summary)) == 0
    told_figures = json.loads(summary.read_text())
    assert (told_figures["events"], told_figures["rejected"], told_figures["stats"]["late"]) == (2, {}, 0)
