"""A store that is not there is a mistyped name, not an empty store; and an empty store says that it is empty."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli.app import app
from streams.store.protocol import StoreUnavailable

READERS = (
    "explain 48c9", "export 48c9 -o x.json", "export -o x.csv", "decide 48c9 confirm --yes", "labels", "precision",
    "report", "operators list", "audit verify", "audit exports", "allow list", "users list", "users disable ann",
    "allow add account u1 --reason ours --as ann", "users password ann", "retention apply --days 3", "messages list",
    "messages retry", "shadow list", "appeals list",
)  # fmt: skip


@pytest.mark.parametrize("command", READERS)
def test_a_mistyped_store_is_named_and_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, [*command.split(), "--store", "sqlite:///shaol.db"])
    assert isinstance(found.exception, StoreUnavailable), found.output
    assert "there is no store shaol.db" in str(found.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("labels", "No label"),
        ("labels --format csv", "No label"),
        ("users list", "Nobody yet"),
        ("messages list", "No message waits"),
        ("precision", "Nobody has confirmed"),
        ("allow list", "The list is empty"),
    ],
)
def test_an_empty_store_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, told: str) -> None:
    monkeypatch.chdir(tmp_path)
    store = ["--store", "sqlite:///s.db"]
    assert CliRunner().invoke(app, ["store", "migrate", *store]).exit_code == 0
    found = CliRunner().invoke(app, [*command.split(), *store])
    assert (found.exit_code, told in found.output) == (0, True), found.output


def test_a_file_without_a_case_says_so(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.touch()
    found = CliRunner().invoke(app, ["explain", "48c9", "--alerts", str(path)])
    assert "there is no case in it at all" in str(found.exception)
