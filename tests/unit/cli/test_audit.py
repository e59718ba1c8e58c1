"""`shoal audit verify` and `shoal store migrate`, as processes."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import status_of
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine, newest_version
from streams.store.sql import SqlStore
from tests.unit.cli.processes import shoal
from tests.unit.console.decisions.cases import NOW_MS, case


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/s.db"
    engine = make_engine(url)
    migrate_engine(engine)
    SqlStore(engine).put([case("c1")])
    for _ in range(3):
        decide(engine, Order("c1", Action.WATCH, "ann", 1, status_of(engine, "c1").last_number), NOW_MS)
    engine.dispose()
    return url


def test_a_whole_log_gives_its_newest_hash_which_may_be_expected_later(store: str) -> None:
    done = shoal("audit", "verify", store=store)
    assert done.returncode == 0, done.stderr
    assert "3 decisions" in done.stdout
    found = re.search(r"newest hash ([0-9a-f]{64})", done.stdout)
    assert found is not None
    again = shoal("audit", "verify", "--expect", found[1], store=store)
    assert (again.returncode, "The log is whole." in again.stdout) == (0, True)
    other = shoal("audit", "verify", "--expect", "0" * 63 + "1", store=store)
    assert other.returncode == 1
    assert "not in the log" in other.stderr
    assert shoal("audit", "verify", "--expect", "nonsense", store=store).returncode == 2


def test_an_altered_log_ends_with_1_and_the_row(store: str) -> None:
    file = sqlite3.connect(store.removeprefix("sqlite:///"))
    file.execute("DROP TRIGGER decisions_no_update")
    file.execute("UPDATE decisions SET body = replace(body, 'watch', 'dismiss'), action = 'dismiss' WHERE number = 2")
    file.commit()
    file.close()
    done = shoal("audit", "verify", store=store)
    assert done.returncode == 1
    assert "row 2: altered" in done.stderr
    assert "The log is whole" not in done.stdout


def test_a_database_without_a_log_is_not_called_whole(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "elsewhere.db")) as other, other:
        other.execute("CREATE TABLE anything (id INTEGER)")
    done = shoal("audit", "verify", store=f"sqlite:///{tmp_path}/elsewhere.db")
    assert done.returncode == 2
    assert "no log of decisions" in done.stderr


def test_a_store_is_migrated_by_hand(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    first = shoal("store", "migrate", store=url)
    assert (first.returncode, first.stdout.strip()) == (0, f"without a version -> {newest_version()}")
    assert shoal("store", "migrate", store=url).stdout.strip() == f"at {newest_version()} already"
    wrong = shoal("store", "migrate", "--store", "mysql://user:secret@host/x", store=url)
    assert wrong.returncode == 2
    assert "secret" not in wrong.stderr
