"""CSV as people have it: delimiters, encodings, ragged rows, times of every shape, and what is said of the rest."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evaluation.importers import FORMATS, Source, Tally, WrongSource
from models.dead_letters import DeadLetter
from models.events import Account, AnyEvent, Like, LikeAction, Post, PostKind
from streams.cli.app import app

COLUMNS = {"account_id": "user", "target_id": "post", "acted_at_ms": "time:iso", "action": "=like"}
TABLE = "user,post,time\nu1,帖1,2026-01-05T10:00:00\n u2 ,帖1,2026-01-05 10:00:01\n"
NOON_MS = 1_767_607_200_000
LIKES = [Like("u1", "帖1", LikeAction.LIKE, NOON_MS), Like("u2", "帖1", LikeAction.LIKE, NOON_MS + 1000)]


def converted(path: Path, kind: str = "like", **options: Any) -> tuple[list[AnyEvent], Tally, list[DeadLetter]]:
    letters: list[DeadLetter] = []
    tally = Tally(letters=letters.append)
    source = Source(path, **{"columns": COLUMNS, "kind": kind, **options})
    events = [event for batch in FORMATS["csv"].convert(source, tally) for event in batch]
    return events, tally, letters


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ", "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "likes.csv"
    path.write_bytes(TABLE.replace(",", delimiter).replace("\n", "\r\n").encode(encoding))
    assert converted(path)[0] == LIKES


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "shift-jis"])
def test_an_encoding_can_be_told_and_is_asked_for(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "likes.csv"
    path.write_bytes(TABLE.replace("帖", "東").encode(encoding))
    assert [event.target_id for event in converted(path, encoding=encoding)[0] if isinstance(event, Like)] == [
        "東1"
    ] * 2
    if encoding != "utf-16-le":  # without a mark it is taken for UTF-8 with many NULs, and its columns are not found
        with pytest.raises(WrongSource, match=r"is not utf-8: say --encoding"):
            converted(path)


def test_a_mark_is_no_part_of_a_name_where_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    assert converted(path, encoding="UTF8")[0] == LIKES


def test_a_quote_that_is_never_closed_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(TABLE + '"u3,p,2026-01-05T10:00:02\n' + "u,p,2026-01-05T10:00:00\n" * 10_000, encoding="utf-8")
    with pytest.raises(WrongSource, match="cannot be read as CSV: field larger than field limit"):
        converted(path)


def test_an_encoding_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(WrongSource, match="--encoding klingon"):
        converted(path, encoding="klingon")


def test_bytes_that_are_not_utf_8_far_inside_a_file(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    rows = "u1,p1,2026-01-05T10:00:00\n" * 400_000
    path.write_bytes(f"user,post,time\n{rows}".encode() + b"u\xfc,p,2026-01-05T10:00:00\n")
    with pytest.raises(WrongSource, match=r"is not utf-8: say --encoding"):
        converted(path)


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv.gz"
    path.write_bytes(gzip.compress(TABLE.encode()))
    assert converted(path)[0] == LIKES


def test_rows_with_too_few_or_too_many_cells_are_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    at = "2026-01-05T10:00:00"
    path.write_text(f"user,post,time\nu1,p\nu2,p,{at}\nu3,p,{at},x\nu4,,{at}\nu5,p,{at}\n", encoding="utf-8")
    events, tally, letters = converted(path)
    assert [event.account_id for event in events if isinstance(event, Like)] == ["u2", "u5"]
    assert tally.rows == 5
    assert sorted((each.offset, each.field, each.reason, each.raw[:2]) for each in letters) == [
        (1, "", "malformed", b"u1"), (3, "", "malformed", b"u3"), (4, "target_id", "missing", b'{"'),
    ]  # fmt: skip
    assert tally.examples["row: malformed"] == "row 1: 2 cells, the header has 3"


@pytest.mark.parametrize(
    ("unit", "cell"),
    [
        ("%d.%m.%Y %H:%M:%S", "05.01.2026 10:00:00"),
        ("%m/%d/%y %I:%M %p", "01/05/26 10:00 AM"),
        ("%Y-%m-%dT%H:%M:%S %z", "2026-01-05T12:00:00 +0200"),
        ("iso", "2026-01-05T10:00"),
        ("iso", "20260105T100000Z"),
    ],
)
def test_times_in_a_format_of_ones_own(tmp_path: Path, unit: str, cell: str) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(f"user;post;time\nu;p;{cell}\n", encoding="utf-8")
    events, _, _ = converted(path, columns={**COLUMNS, "acted_at_ms": f"time:{unit}"})
    assert events == [Like("u", "p", LikeAction.LIKE, NOON_MS)]


def test_times_without_a_zone_are_of_the_zone_told(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("user,post,time\nu,p,2026-01-05T18:00:00\nv,p,2026-01-05T10:00:00Z\n", encoding="utf-8")
    events, _, _ = converted(path, zone="Asia/Shanghai")
    assert [event.acted_at_ms for event in events if isinstance(event, Like)] == [NOON_MS, NOON_MS]
    for wrong in ("Beijing", "../etc", "", "Asia"):
        with pytest.raises(WrongSource, match="is no time zone"):
            converted(path, zone=wrong)


@pytest.mark.parametrize("cell", ["2026-01-05", "20260105", "2026-W02-1"])
def test_a_day_alone_is_no_moment_of_an_act(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(f"user,post,time\nu,p,{cell}\n", encoding="utf-8")
    events, _, letters = converted(path)
    assert events == []
    assert [(each.field, each.reason) for each in letters] == [("acted_at_ms", "missing")]
    assert "no time of day" in letters[0].detail
    with pytest.raises(WrongSource, match="no time of day"):
        converted(path, columns={**COLUMNS, "acted_at_ms": "time:%Y-%m-%d"})


def test_a_day_alone_will_do_for_a_registration(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("user,since\nu,2026-01-05\n", encoding="utf-8")
    columns = {"account_id": "user", "registered_at_ms": "since:iso"}
    assert converted(path, "account", columns=columns)[0] == [Account("u", NOON_MS - 36_000_000)]


def test_an_action_that_shoal_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("user,post,time,what\nu,p,2026-01-05T10:00:00,Like\n", encoding="utf-8")
    _, _, letters = converted(path, columns={**COLUMNS, "action": "what"})
    assert [(each.field, each.reason) for each in letters] == [("action", "unknown_value")]
    with pytest.raises(WrongSource, match=r"action==Like: there are like, unlike"):
        converted(path, columns={**COLUMNS, "action": "=Like"})


def test_the_text_of_a_post_keeps_its_spaces(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text('i,u,t,w\n 1,a,"  two\nlines ",1767607200\n', encoding="utf-8")
    columns = {"post_id": "i", "account_id": "u", "text": "t", "created_at_ms": "w:s", "kind": "=comment"}
    assert converted(path, "post", columns=columns)[0] == [Post("1", "a", "  two\nlines ", NOON_MS, PostKind.COMMENT)]


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "is empty"), ("\n\n", "is empty"), ("user;time\na;b\n", "no column post; .* has user, time")],
)
def test_what_is_wrong_with_a_header(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongSource, match=told):
        converted(path)
    with pytest.raises(WrongSource, match=r"is a folder|no column|cannot be read"):
        converted(tmp_path)


def shoal_convert(path: Path, out: Path, *more: str) -> Result:
    maps = [part for name, column in COLUMNS.items() for part in ("--map", f"{name}={column}")]
    return CliRunner().invoke(
        app, ["convert", "--from", "csv", str(path), "-o", str(out), "--type", "like", *maps, *more]
    )


def test_the_first_refused_row_of_each_kind_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text(TABLE + "u3,p,05.01.2026\nu4,p,\x1b[31m[red]soon\nu5,,2026-01-05T10:00:00\n", encoding="utf-8")
    result = shoal_convert(path, tmp_path / "a.jsonl")
    assert result.exit_code == 0, result.output
    assert "2 rows gave no event: acted_at_ms: malformed (first in row 3: " in result.output
    assert "'05.01.2026'" in result.output
    assert "1 row gave no event: target_id: missing (first in row 5" in result.output
    assert "\x1b[31m[red]" not in result.output
    assert "--dead-letters" in result.output
    kept = shoal_convert(path, tmp_path / "b.jsonl", "--dead-letters", str(tmp_path / "refused.jsonl"))
    assert "--dead-letters" not in kept.output


def test_a_file_of_which_nothing_is_left_is_not_written(tmp_path: Path) -> None:
    path, out = tmp_path / "likes.csv", tmp_path / "out.jsonl"
    path.write_text("user,post,time\nu1,p,1767607200\nu2,p,1767607201\n", encoding="utf-8")
    result = shoal_convert(path, out)
    assert result.exit_code != 0
    assert "none of 2 rows became an event" in str(result.exception)
    assert "acted_at_ms: malformed, first in row 1" in str(result.exception)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["likes.csv"]


def test_the_help_names_every_format() -> None:
    told = " ".join(CliRunner().invoke(app, ["convert", "--help"]).output.split())
    assert [name for name in FORMATS if name not in told] == []


def test_a_map_is_for_tables(tmp_path: Path) -> None:
    options = ["convert", "--from", "mastodon", str(tmp_path), "-o", str(tmp_path / "o.jsonl"), "--map", "a=b"]
    assert "are for --from csv" in str(CliRunner().invoke(app, options).exception)
