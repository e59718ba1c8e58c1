import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from streams.doctor import CHECKS, Finding, Surroundings, Verdict, examine
from streams.doctor.store import LOCK, STORE, VERSION
from streams.store.migrate import migrate, newest_version
from tests.unit.streams.doctor.conftest import Around

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


def told(surroundings: Surroundings) -> dict[str, Finding]:
    checks = [check for check in CHECKS if check.name in {STORE, LOCK, VERSION}]
    return {finding.check: finding for finding in examine(surroundings, checks)}


@pytest.fixture
def path(around: Around, tmp_path: Path) -> Path:
    migrate(around().settings.store_url)
    return tmp_path / "shoal.db"


@pytest.fixture(params=["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def holder(request: pytest.FixtureRequest, path: Path) -> Iterator[int]:
    """Another process that holds the store."""
    command = [sys.executable, "-c", HOLD, str(path), str(request.param)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"held\n"
        yield process.pid
        process.stdin.close()


def test_all_well_and_nothing_changed(around: Around, path: Path) -> None:
    before = path.read_bytes()
    assert {finding.verdict for finding in told(around()).values()} == {Verdict.OK}
    assert path.read_bytes() == before


def test_there_is_none_and_none_is_made(around: Around, tmp_path: Path) -> None:
    found = told(around())
    assert found[STORE].verdict is Verdict.WARNING
    assert "There is no database" in found[STORE].found
    assert list(tmp_path.iterdir()) == []


def test_locked_by_another_process(around: Around, holder: int) -> None:
    finding = told(around())[LOCK]
    assert finding.verdict is Verdict.PROBLEM
    assert "is locked for" in finding.found
    assert f"process {holder} (python" in finding.found
    assert "Alerts wait and are not lost" in finding.advice


def test_made_by_a_later_shoal(around: Around, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099_later'")
        connection.commit()
    finding = told(around())[VERSION]
    assert finding.verdict is Verdict.PROBLEM
    assert "0099_later, made by a later Shoal" in finding.found
    assert newest_version() in finding.found


def test_left_behind(around: Around, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0002_decisions'")
        connection.commit()
    finding = told(around())[VERSION]
    assert finding.verdict is Verdict.WARNING
    assert finding.go_on == "shoal store migrate"


def test_no_database_at_all(around: Around, tmp_path: Path) -> None:
    (tmp_path / "shoal.db").write_bytes(b"this is a text" * 100)
    finding = told(around())[STORE]
    assert finding.verdict is Verdict.PROBLEM
    assert "cannot be read as a database" in finding.found
    (tmp_path / "shoal.db").unlink()
    (tmp_path / "shoal.db").mkdir()
    assert "is no file" in told(around())[STORE].found


def test_strange_names_of_files(around: Around, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/50%25 a?b#c.db"
    path = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert told(around(store_url=url))[STORE].verdict is Verdict.OK
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208  # names only


def test_postgres_is_not_there(around: Around) -> None:
    finding = told(around(store_url="postgresql+psycopg://shoal:hunter2@127.0.0.1:1/shoal"))[STORE]
    assert finding.verdict is Verdict.PROBLEM
    assert "PostgreSQL cannot be reached" in finding.found
    assert "hunter2" not in str(finding)


def test_postgres_is_well_then_held(around: Around, postgres_url: str) -> None:
    import threading

    import psycopg

    migrate(postgres_url)
    surroundings = around(store_url=postgres_url)
    assert {finding.verdict for finding in told(surroundings).values()} == {Verdict.OK}
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as holder, psycopg.connect(plain) as waiter:
        holder.execute("LOCK TABLE alerts")
        thread = threading.Thread(target=lambda: waiter.execute("SELECT count(*) FROM alerts"))
        thread.start()
        monkey = pytest.MonkeyPatch()
        monkey.setattr("streams.doctor.store.WAITING_S", 0)
        finding = told(surroundings)[LOCK]
        monkey.undo()
        pid = holder.info.backend_pid
        holder.rollback()
        thread.join()
    assert finding.verdict is Verdict.PROBLEM
    assert "wait for a lock" in finding.found
    assert f"server process {pid} holds it" in finding.found
