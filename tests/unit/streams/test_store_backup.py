"""Copies of a store, taken under way and put back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from models.errors import InvalidConfiguration
from streams.store.backup import BackupRefused, backup, contents, restore
from streams.store.engine import make_engine, writing
from streams.store.migrate import migrate


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/live/shoal.db"
    migrate(url)
    fill(url, range(500))
    return url


def fill(url: str, numbers: range) -> None:
    engine = make_engine(url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS things (number INTEGER PRIMARY KEY, text VARCHAR)"))
        connection.execute(
            text("INSERT INTO things VALUES (:number, :text)"), [{"number": n, "text": "谢谢" * 100} for n in numbers]
        )
    engine.dispose()


def held(url: str) -> dict[str, tuple[int, str]]:
    engine = make_engine(url)
    found = {each.table: (each.rows, each.digest) for each in contents(engine)}
    engine.dispose()
    return found


def test_a_copy_put_back_holds_the_same(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = held(url)
    assert backup(url, copy) == copy.stat().st_size
    fresh = f"sqlite:///{tmp_path}/fresh/shoal.db"
    restore(copy, fresh)
    assert held(fresh) == before
    assert before["things"][0] == 500
    assert [path.name for path in copy.parent.iterdir() if "copy" in path.name] == ["copy.db"]


def test_a_copy_is_of_one_moment_while_another_writes(url: str, tmp_path: Path) -> None:
    engine = make_engine(url)
    with writing(engine) as connection:  # not committed when the copy is taken
        connection.execute(text("DELETE FROM things"))
        backup(url, tmp_path / "copy.db")
    engine.dispose()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM things").fetchone() == (500,)
    assert held(url)["things"][0] == 0


def test_nothing_is_replaced_unasked(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup(url, copy)
    with pytest.raises(BackupRefused, match="exists already"):
        backup(url, copy)
    fill(url, range(500, 600))
    with pytest.raises(BackupRefused, match="--replace"):
        restore(copy, url)
    assert held(url)["things"][0] == 600
    restore(copy, url, replace=True)
    assert held(url)["things"][0] == 500


@pytest.mark.parametrize("damage", [lambda raw: raw[:-9_000], lambda raw: b"not a database", lambda raw: b""])
def test_a_damaged_copy_is_refused_and_the_store_stays(
    url: str, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    copy, broken = tmp_path / "copy.db", tmp_path / "broken.db"
    backup(url, copy)
    broken.write_bytes(damage(copy.read_bytes()))
    before = held(url)
    with pytest.raises(BackupRefused):
        restore(broken, url, replace=True)
    assert held(url) == before


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no such store"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_postgres_is_sent_to_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="pg_dump"):
        backup("postgresql+psycopg://shoal@db/shoal", tmp_path / "copy.db")


def test_contents_differ_where_one_value_differs(database_url: str) -> None:
    migrate(database_url)
    fill(database_url, range(3))
    before = held(database_url)
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE things SET text = 'x' WHERE number = 1"))
    engine.dispose()
    after = held(database_url)
    assert {name for name in before if before[name] != after[name]} == {"things"}
