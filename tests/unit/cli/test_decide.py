"""`shoal decide` and `shoal relay --once`, as processes."""

from pathlib import Path

import pytest

from console.decisions import outbox
from console.decisions.read import history, status_of
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore
from tests.unit.cli.processes import shoal
from tests.unit.console.decisions.cases import case


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/s.db"
    engine = make_engine(url)
    migrate_engine(engine)
    SqlStore(engine).put([case("c1a"), case("large", accounts=1_200)])
    engine.dispose()
    return url


def test_a_case_is_decided_and_undone(store: str) -> None:
    done = shoal(
        "decide", "c1", "dismiss", "--by", "ann", "--reason", "fans", "--leave-out", "a1", "--yes", store=store
    )
    assert done.returncode == 0, done.stderr
    assert "c1a is dismissed (row 1 of the log)" in done.stdout
    assert "touches 2 accounts, 2 actions, 2 posts on 1 targets" in done.stderr
    undone = shoal("decide", "c1a", "undo", "--by", "bob", "--yes", store=store)
    assert "c1a is open (row 2 of the log)" in undone.stdout
    assert "1. dismiss by ann: fans" in undone.stderr
    engine = make_engine(store)
    assert [(entry.by, entry.action.value) for entry in history(engine, "c1a")] == [("ann", "dismiss"), ("bob", "undo")]
    assert outbox.waiting(engine) == 2
    engine.dispose()


def test_two_people_for_the_largest(store: str) -> None:
    first = shoal("decide", "large", "confirm", "--by", "ann", "--yes", store=store)
    assert "pending, a second person must confirm" in first.stdout
    again = shoal("decide", "large", "confirm", "--by", "ann", "--yes", store=store)
    assert again.returncode == 2
    assert "nothing was written: ann has confirmed already" in again.stderr
    second = shoal("decide", "large", "confirm", "--by", "bob", "--yes", store=store)
    assert "large is confirmed" in second.stdout


def test_without_a_yes_nothing_is_written(store: str) -> None:
    assert shoal("decide", "c1a", "confirm", "--by", "ann", store=store).returncode == 1
    wrong = shoal("decide", "c1a", "dismiss", "--by", "ann", "--yes", store=store)
    assert wrong.returncode == 2
    assert "one of fans, petition, newsroom, other" in wrong.stderr
    engine = make_engine(store)
    assert status_of(engine, "c1a").last_number == 0
    engine.dispose()


def test_verdicts_wait_where_no_broker_answers(store: str) -> None:
    assert "everything is sent" in shoal("relay", "--once", store=store).stdout
    shoal("decide", "c1a", "watch", "--by", "ann", "--yes", store=store)
    done = shoal("relay", "--once", store=store, SHOAL_BOOTSTRAP="127.0.0.1:1")
    assert done.returncode == 3
    assert "they wait" in done.stderr
    engine = make_engine(store)
    assert outbox.waiting(engine) == 1
    engine.dispose()
