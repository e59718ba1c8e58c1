"""One suite over every store of alerts: the fake in memory must behave like the real one."""

import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from models.alerts import Alert, AlertState, Outcome, Severity
from models.errors import InvalidConfiguration
from models.trends import (
    CorrectedList,
    ListLine,
    Place,
    TrendAccuracy,
    TrendMoment,
    TrendOutcome,
    TrendReason,
    TrendVerdict,
)
from streams.store.memory import MemoryStore
from streams.store.open import open_store
from streams.store.protocol import TRENDS_KEPT_MS, AlertStore, StoreUnavailable


def alert(campaign: str = "c1", revision: int = 1, at_ms: int = 1_000, outcome: Outcome = Outcome.INAUTHENTIC) -> Alert:
    return Alert(
        campaign, revision, AlertState.OPENED, "campaign", outcome, Severity.HIGH, "二十 accounts", at_ms,
        ["a", "b"], 2, [], 0, [], [(0, 0, 500)], 500, 900, -20.0,
        "less than 1 in 10²⁰", [], [], [], [], [], None, "0.1.0", "cfg",
    )  # fmt: skip


def verdict(
    key: str, revision: int = 1, outcome: TrendOutcome = TrendOutcome.MANUFACTURED, on_list: str = "hot"
) -> TrendVerdict:
    return TrendVerdict(
        key.title(), key, revision, revision, outcome, "bought", 3.0, 1.0, [TrendReason("age_mix", "young", 1.0, 2.0)],
        [Place(on_list, 1, None, 10.0, 2.0)], 60, 40, 70, 1, ["age"], TrendAccuracy(0.9, 0.01), {"age_mix": 1.0},
        [TrendMoment(0, 5, 4, 3)], "0.1.0", "cfg",
    )  # fmt: skip


def corrected(name: str, revision: int = 1) -> CorrectedList:
    line = ListLine("Thing", "thing", 1, None, 10.0, 2.0, TrendOutcome.MANUFACTURED)
    return CorrectedList(name, revision, revision, revision, [line])


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AlertStore]:
    made: AlertStore
    match request.param:
        case "memory":
            made = MemoryStore()
        case "sqlite":
            made = open_store(f"sqlite:///{tmp_path / 'deep' / 'alerts.db'}")
        case _:
            made = open_store(request.getfixturevalue("postgres_url"))
    yield made
    made.close()


def test_the_newest_word_on_a_topic_is_given_back_as_it_was(store: AlertStore) -> None:
    store.put_trends([verdict("a", 2), verdict("a", 3), verdict("b", 4)], [corrected("hot", 3), corrected("hot", 2)])
    store.put_trends([verdict("a", 1)], [])
    assert store.trend("a") == verdict("a", 3)
    assert store.trend("nothing") is None
    assert store.corrected_list("hot") == corrected("hot", 3)
    assert store.corrected_list("nothing") is None
    assert store.corrected_lists() == [corrected("hot", 3)]


def test_topics_are_found_by_outcome_and_by_list_newest_first(store: AlertStore) -> None:
    words = [
        verdict("a", 1),
        verdict("b", 2, TrendOutcome.ORGANIC),
        verdict("c", 3, on_list="videos"),
        verdict("d", 4, TrendOutcome.ORGANIC, "videos"),
    ]
    store.put_trends(words, [])
    assert [v.key for v in store.trends()] == ["d", "c", "b", "a"]
    assert [v.key for v in store.trends(limit=2)] == ["d", "c"]
    assert [v.key for v in store.trends(outcome="organic")] == ["d", "b"]
    assert [v.key for v in store.trends(on_list="videos")] == ["d", "c"]
    assert [v.key for v in store.trends("organic", "hot")] == ["b"]
    with pytest.raises(ValueError, match="limit"):
        store.trends(limit=0)


def test_a_topic_that_left_a_list_is_not_found_on_it(store: AlertStore) -> None:
    store.put_trends([verdict("a", 1)], [])
    store.put_trends([verdict("a", 2, on_list="videos")], [])
    assert store.trends(on_list="hot") == []


def test_topics_of_long_ago_are_forgotten(store: AlertStore) -> None:
    store.put_trends([verdict("a", 1)], [])
    store.put_trends([verdict("b", TRENDS_KEPT_MS + 2)], [])
    assert [v.key for v in store.trends()] == ["b"]


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


def test_what_was_put_survives_the_process(database_url: str) -> None:
    first = open_store(database_url)
    first.put([alert()])
    first.close()
    again = open_store(database_url)
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


def test_revisions_of_one_batch_come_in_any_order_and_the_first_of_equals_counts(store: AlertStore) -> None:
    rewritten = replace(alert(revision=2), headline="rewritten")
    batch = [alert(revision=2), alert("c0"), rewritten, alert(revision=1), alert("c9")]
    assert store.put(batch) == 4
    assert store.get("c1") == alert(revision=2)
    assert [a.revision for a in store.revisions("c1")] == [1, 2]


def test_many_workers_write_the_same_cases_at_once(database_url: str) -> None:
    store = open_store(database_url, timeout_ms=30_000)
    names = [f"c{number}" for number in range(20)]
    batches = [[alert(name, revision) for name in names[::step]] for revision in range(1, 9) for step in (1, -1)]
    with ThreadPoolExecutor(8) as pool:
        new = sum(pool.map(store.put, batches))
    assert new == 20 * 8
    assert [a.revision for a in store.newest()] == [8] * 20
    store.close()


def test_a_server_that_is_away_is_unavailable(postgres_url: str) -> None:
    gone = make_url(postgres_url).set(port=1).render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable):
        open_store(gone)


def test_other_databases_are_refused() -> None:
    with pytest.raises(InvalidConfiguration, match="postgresql") as refused:
        open_store("mysql://user:secret@host/shoal")
    assert "secret" not in str(refused.value)


def test_a_place_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        open_store(f"sqlite:///{tmp_path / 'file' / 'alerts.db'}")


def test_a_database_that_cannot_keep_every_text_is_refused(postgres_server: str) -> None:
    name = f"shoal_{secrets.token_hex(6)}"
    owner = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(
            text(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        )
    url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    try:
        with pytest.raises(
            StoreUnavailable, match=f"{name}: the database is in SQL_ASCII; create one with ENCODING 'UTF8'"
        ):
            open_store(url)
    finally:
        with owner.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        owner.dispose()
