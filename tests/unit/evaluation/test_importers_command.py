"""`shoal convert` with a cursor and with dead letters."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.commands.convert import WrongArguments, _read_cursor
from models.dead_letters import decode_dead_letter
from streams.cli.app import app


def line(at_us: int, text: str | None) -> str:
    record = {"text": text} if text is not None else {}
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": f"k{at_us}", "record": record}
    return json.dumps({"did": "did:plc:a", "time_us": at_us, "kind": "commit", "commit": commit}) + "\n"


def convert(*arguments: str) -> None:
    result = CliRunner().invoke(app, ["convert", *arguments])
    assert result.exit_code == 0, result.output


def test_a_second_run_goes_on_and_refused_rows_are_kept(tmp_path: Path) -> None:
    sky, cursor, letters = tmp_path / "sky.jsonl", tmp_path / "at.txt", tmp_path / "refused.jsonl"
    start_us = 1_725_911_162_000_000
    sky.write_text(line(start_us, "one") + line(start_us + 1, None), encoding="utf-8")
    options = ["--from", "jetstream", str(sky), "--cursor", str(cursor)]
    convert(*options, "-o", str(tmp_path / "a.jsonl"), "--dead-letters", str(letters))
    assert cursor.read_text() == f"{start_us + 1}\n"
    (letter,) = map(decode_dead_letter, letters.read_bytes().splitlines())
    assert (letter.offset, letter.field, letter.reason) == (2, "text", "missing")
    with sky.open("a", encoding="utf-8") as file:
        file.write(line(start_us + 2, "two"))
    convert(*options, "-o", str(tmp_path / "b.jsonl"))
    assert [json.loads(each)["text"] for each in (tmp_path / "b.jsonl").read_text().splitlines()] == ["two"]
    assert cursor.read_text() == f"{start_us + 2}\n"


def test_a_cursor_must_be_a_number_and_jetstream(tmp_path: Path) -> None:
    path = tmp_path / "at.txt"
    assert _read_cursor(path, "jetstream") is None
    path.write_text("soon")
    with pytest.raises(WrongArguments, match="soon"):
        _read_cursor(path, "jetstream")
    with pytest.raises(WrongArguments, match="mastodon has none"):
        _read_cursor(path, "mastodon")
