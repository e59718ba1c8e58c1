"""What people type wrongly ends in one line that says what to do: folders, files that are not there, empty extracts."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli import main
from streams.cli.app import PANELS, app, unwrapped
from streams.cli.env_file import read_env_file
from streams.cli.errors import UserError
from streams.cli.outputs import require_files, require_folder, whole_file

LIKE = {"type": "like", "account_id": "a", "target_id": "p", "action": "like", "acted_at_ms": 1_700_000_000_000}


def shoal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["shoal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dir").mkdir()
    (tmp_path / "ok.jsonl").write_text(json.dumps(LIKE) + "\n", encoding="utf-8")
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "bad.jsonl").write_text("not json\n" * 3, encoding="utf-8")
    (tmp_path / "noise.db").write_bytes(b"no database" * 100)
    monkeypatch.setenv("SHOAL_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("SHOAL_REQUEST_TIMEOUT_MS", "1000")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["replay", "ok.jsonl", "--alerts", "dir"], 2, "dir is a folder: name a file in it"),
        (["replay", "ok.jsonl", "--summary", "nowhere/s.json"], 2, "there is no folder nowhere; make it first"),
        (["replay", "bad.jsonl"], 2, "no line could be used"),
        (["replay", "day.csv"], 2, "day.csv is a table: make events of it first (`shoal convert --help`"),
        (["trends", "day.TSV"], 2, "day.TSV is a table"),
        (["trends", "ok.jsonl", "--verdicts", "dir"], 2, "dir is a folder"),
        (["calibrate", "ok.jsonl", "-o", "dir"], 2, "dir is a folder"),
        (["calibrate", "empty.jsonl", "-o", "c.toml"], 2, "no pair of cohorts"),
        (["schema", "-o", "ok.jsonl"], 2, "ok.jsonl is a file: name a folder"),
        (["simulate", "demo", "-o", "dir"], 2, "dir is a folder"),
        (["convert", "--from", "csv", "ok.jsonl", "-o", "nowhere/e.jsonl"], 2, "there is no folder nowhere"),
        (["bench", "likes", "--json", "dir"], 2, "dir is a folder"),
        (["evaluate", "quick", "-o", "ok.jsonl"], 2, "ok.jsonl is a file: name a folder"),
        (["stress", "--json", "dir"], 2, "dir is a folder"),
        (["stress", "--rate", "1", "--duration", "5"], 2, "between 500 and 500,000 can be sent"),
        (["stress", "--rate", "200", "--duration", "5"], 3, "set SHOAL_BOOTSTRAP"),
        (["replay", "ok.jsonl", "--summary", "/dev/full"], 2, "does not fit there (No space left on device)"),
        (["dead-letters", "save", "-o", "dir"], 2, "dir is a folder"),
        (["dead-letters", "save", "-o", "ok.jsonl"], 3, "set SHOAL_BOOTSTRAP"),
        (["produce", "ok.jsonl"], 3, "`shoal doctor` says more"),
        (["store", "migrate", "--store", "sqlite:///noise.db"], 2, "sqlite:///noise.db: file is not a database"),
        (["store", "migrate", "--store", "postgresql://u:hunter2@127.0.0.1:1/d"], 2, "u:********@127.0.0.1:1/d"),
        (["explain", "48c9", "--store", "sqlite:///noise.db"], 2, "sqlite:///noise.db: file is not a database"),
        (["doctor", "--config", "nowhere.env"], 2, "nowhere.env: No such file"),
        (["doctor", "--config", "ok.jsonl"], 2, "has no line SHOAL_NAME=value"),
        (["doctor", "--config", "noise.db"], 2, "has no line SHOAL_NAME=value"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str
) -> None:
    assert shoal(monkeypatch, *arguments) == code
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
    assert "hunter2" not in error
    last = error.splitlines()[-1]
    assert last.startswith("shoal: ")


def test_nothing_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert shoal(monkeypatch, "healthy", "--url", "http://127.0.0.1:1") == 1
    error = capsys.readouterr().err
    assert "nothing answers at http://127.0.0.1:1: Connection refused" in error


def test_a_password_in_a_refused_setting_is_masked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOAL_STORE_URL", "mysql://shoal:hunter2@db/shoal?password=hunter2")
    assert shoal(monkeypatch, "check-config") == 2
    assert shoal(monkeypatch, "doctor") == 1
    said = capsys.readouterr()
    assert "SHOAL_STORE_URL" in said.err
    assert "SHOAL_STORE_URL" in said.out
    assert "hunter2" not in said.err + said.out


def test_the_doctor_takes_settings_of_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "shoal.env").write_text("# settings\nSHOAL_LINGER_MS=99999\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("SHOAL_LINGER_MS", "50")
    assert shoal(monkeypatch, "doctor", "--config", "shoal.env", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    (finding,) = told["findings"]
    assert told["ok"] is False
    assert finding["check"] == "settings"
    assert "SHOAL_LINGER_MS" in finding["found"]
    assert finding["go_on"] == "shoal check-config"


def test_only_lines_for_shoal_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HOME_OF_NOBODY", raising=False)
    (tmp_path / "e.env").write_text("HOME_OF_NOBODY=1\nSHOAL_GROUP='mine'\n", encoding="utf-8")
    monkeypatch.setenv("SHOAL_GROUP", "other")
    read_env_file(tmp_path / "e.env")
    import os

    assert os.environ["SHOAL_GROUP"] == "mine"
    assert "HOME_OF_NOBODY" not in os.environ


def test_outputs(tmp_path: Path) -> None:
    require_files([None, tmp_path / "new.json", tmp_path / "ok.jsonl", Path("/dev/null")])
    require_folder(tmp_path / "new" / "deep")
    with pytest.raises(UserError, match="is a file: name a folder"):
        require_folder(tmp_path / "ok.jsonl" / "deep")


def test_help_names_every_command_once_and_in_order() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100", "TERM": "dumb"}).output
    places = [shown.index(f" {panel} ─") for panel in PANELS]
    assert places == sorted(places)
    for names in PANELS.values():
        for name in names:
            assert shown.count(f"│ {name} ") == 1, name


def test_help_breaks_lines_where_the_terminal_does() -> None:
    def command() -> None:
        """One sentence.

        A paragraph that
        is broken in the source.

          shoal example --left as it is
        """

    assert unwrapped(command) == (
        "One sentence.\n\nA paragraph that is broken in the source.\n\n  shoal example --left as it is"
    )
    shown = CliRunner().invoke(app, ["replay", "--help"], env={"COLUMNS": "70", "TERM": "dumb"}).output
    assert "standard input" in " ".join(shown.split())


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "letters.jsonl"
    path.write_bytes(b"of yesterday")

    def fail() -> None:
        with whole_file(str(path)) as file:
            file.write(b"half")
            raise UserError("the brokers went away")

    with pytest.raises(UserError):
        fail()
    assert path.read_bytes() == b"of yesterday"
    with whole_file(str(path)) as file:
        file.write(b"all of it")
    assert path.read_bytes() == b"all of it"
    assert not path.with_name("letters.jsonl.part").exists()


def test_a_device_is_written_to_and_stays_one() -> None:
    with whole_file("/dev/null") as file:
        file.write(b"nobody wants it")
    assert Path("/dev/null").is_char_device()
