"""One suite over every store of alerts: the fake in memory must behave like the real one."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.alerts import Alert, AlertState, Outcome, Severity
from streams.sinks.memory import MemoryStore
from streams.sinks.open import open_store
from streams.sinks.store import AlertStore, StoreUnavailable

MakeStore = Callable[[Path], AlertStore]


def alert(campaign: str = "c1", revision: int = 1, at_ms: int = 1_000, outcome: Outcome = Outcome.INAUTHENTIC) -> Alert:
    return Alert(
        campaign, revision, AlertState.OPENED, "campaign", outcome, Severity.HIGH, "二十 accounts", at_ms,
        ["a", "b"], 2, [], 0, [], [(0, 0, 500)], 500, 900, -20.0,
        "less than 1 in 10²⁰", [], [], [], [], [], None, "0.1.0", "cfg",
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AlertStore]:
    made = MemoryStore() if request.param == "memory" else open_store(f"sqlite:///{tmp_path / 'deep' / 'alerts.db'}")
    yield made
    made.close()


def test_an_alert_is_given_back_as_it_was(store: AlertStore) -> None:
    assert store.put([alert()]) == 1
    assert store.get("c1") == alert()
    assert store.get("nobody") is None


def test_redelivery_changes_nothing(store: AlertStore) -> None:
    store.put([alert(), alert(revision=2)])
    assert store.put([alert(), alert(revision=2)]) == 0
    assert [a.revision for a in store.revisions("c1")] == [1, 2]


def test_only_a_greater_revision_becomes_the_state(store: AlertStore) -> None:
    store.put([alert(revision=3)])
    assert store.put([alert(revision=2)]) == 1
    found = store.get("c1")
    assert found is not None
    assert found.revision == 3
    assert [a.revision for a in store.revisions("c1")] == [2, 3]


def test_a_revision_once_kept_is_never_rewritten(store: AlertStore) -> None:
    store.put([alert()])
    store.put([replace(alert(), headline="rewritten")])
    assert store.revisions("c1") == [alert()]
    assert store.get("c1") == alert()


def test_newest_first_and_filtered(store: AlertStore) -> None:
    store.put([alert("c1", at_ms=1), alert("c2", at_ms=3), alert("c3", at_ms=2, outcome=Outcome.ORGANIC)])
    assert [a.campaign for a in store.newest()] == ["c2", "c3", "c1"]
    assert [a.campaign for a in store.newest(outcome="coordinated_organic")] == ["c3"]
    assert store.newest(state="closed") == []
    assert [a.campaign for a in store.newest(limit=1)] == ["c2"]


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_the_limit_is_bounded(store: AlertStore, limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        store.newest(limit=limit)


def test_nothing_is_nothing(store: AlertStore) -> None:
    assert store.put([]) == 0
    assert store.newest() == []
    assert store.revisions("c1") == []


def test_what_was_put_survives_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'alerts.db'}"
    first = open_store(url)
    first.put([alert()])
    first.close()
    again = open_store(url)
    assert again.get("c1") == alert()
    again.close()


def test_a_locked_store_is_unavailable_and_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    store = open_store(f"sqlite:///{path}", timeout_ms=100)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        store.put([alert("c1"), alert("c2")])
    other.rollback()
    other.close()
    assert store.newest() == []
    assert store.put([alert("c1"), alert("c2")]) == 2
    store.close()


def test_a_place_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        open_store(f"sqlite:///{tmp_path / 'file' / 'alerts.db'}")
