"""The history of the tables: from nothing, from a store of before, by many at once, and to what the code expects."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from console.tables import metadata
from models.alerts import Alert
from models.codec import encode_alert
from models.example_answers import ANSWERS
from streams.store.accounts import cases_of
from streams.store.engine import make_engine, reading, serialise, writing
from streams.store.migrate import FOLDER, LOCK_KEY, migrate, newest_version, version
from streams.store.open import open_store
from streams.store.protocol import StoreUnavailable
from streams.store.rows import row_of
from streams.store.tables import alerts

OPENERS = 6
OLD_TABLES = (
    (
        "CREATE TABLE alerts (campaign VARCHAR(64) NOT NULL, revision INTEGER NOT NULL, state VARCHAR(16) NOT NULL, "
        "kind VARCHAR(16) NOT NULL, outcome VARCHAR(32) NOT NULL, severity VARCHAR(16) NOT NULL, headline VARCHAR NOT "
        "NULL, at_ms BIGINT NOT NULL, accounts_total INTEGER NOT NULL, first_action_ms BIGINT NOT NULL, last_action_ms "
        "BIGINT NOT NULL, body {blob} NOT NULL, PRIMARY KEY (campaign))"
    ),
    "CREATE INDEX alerts_by_time ON alerts (at_ms)",
    (
        "CREATE TABLE alert_revisions (campaign VARCHAR(64) NOT NULL, revision INTEGER NOT NULL, at_ms BIGINT NOT "
        "NULL, body {blob} NOT NULL, PRIMARY KEY (campaign, revision))"
    ),
)
"""The tables as version 0.1 made them, before there were lists and migrations."""


def example(campaign: str = "c1", revision: int = 3) -> Alert:
    alert = next(each for each in ANSWERS["Alert"] if isinstance(each, Alert))
    return msgspec.structs.replace(alert, campaign=campaign, revision=revision, operator="first")


def old_store(url: str, kept: list[Alert]) -> None:
    engine = make_engine(url)
    blob = "BYTEA" if engine.dialect.name == "postgresql" else "BLOB"
    with writing(engine) as connection:
        for statement in OLD_TABLES:
            connection.execute(text(statement.format(blob=blob)))
        for alert in kept:
            row = {**row_of(alert), "body": encode_alert(alert)}
            names = [
                "campaign", "revision", "state", "kind", "outcome", "severity", "headline", "at_ms",
                "accounts_total", "first_action_ms", "last_action_ms", "body",
            ]  # fmt: skip
            places = ", ".join(f":{name}" for name in names)
            connection.execute(text(f"INSERT INTO alerts ({', '.join(names)}) VALUES ({places})"), row)  # noqa: S608  # names above
            connection.execute(
                text("INSERT INTO alert_revisions VALUES (:campaign, :revision, :at_ms, :body)"),
                row,
            )
    engine.dispose()


def test_an_empty_database_gets_exactly_the_tables_of_the_code(database_url: str) -> None:
    assert migrate(database_url) == ""
    engine = make_engine(database_url)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
        assert version(connection) == newest_version()
    engine.dispose()
    assert differences == []


def test_a_store_of_before_is_adopted_without_loss(database_url: str) -> None:
    kept = [example(f"c{number}", number + 1) for number in range(150)]
    old_store(database_url, kept)
    store = open_store(database_url)
    for alert in kept:
        assert store.get(alert.campaign) == alert
        assert store.revisions(alert.campaign) == [alert]
    assert store.put([kept[0]]) == 0
    store.close()
    engine = make_engine(database_url)
    account = kept[0].accounts[0]
    assert sorted(cases_of(engine, [account])[account]) == sorted(alert.campaign for alert in kept)
    with reading(engine) as connection:
        for alert in kept:
            row = connection.execute(alerts.select().where(alerts.c.campaign == alert.campaign)).one()
            expected = row_of(alert)
            for name, value in row._mapping.items():
                assert value == pytest.approx(expected[name]), name
    engine.dispose()


def test_a_newest_state_without_its_revision_is_kept(database_url: str) -> None:
    old_store(database_url, [example()])
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM alert_revisions"))
    engine.dispose()
    store = open_store(database_url)
    assert store.get("c1") == example()
    store.close()


def test_a_store_that_was_made_half_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    half = sqlite3.connect(path)
    half.execute(OLD_TABLES[2].format(blob="BLOB"))
    half.commit()
    half.close()
    store = open_store(f"sqlite:///{path}")
    assert store.put([example()]) == 1
    store.close()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert migrate(database_url) == newest_version()


def test_many_that_start_together_migrate_once(fresh_database: Callable[[], str]) -> None:
    for _ in range(3):
        url = fresh_database()
        old_store(url, [example()])
        together = threading.Barrier(OPENERS)

        def start(url: str = url, together: threading.Barrier = together) -> Alert | None:
            together.wait(timeout=10)
            store = open_store(url, timeout_ms=30_000)
            try:
                return store.get("c1")
            finally:
                store.close()

        with ThreadPoolExecutor(OPENERS) as pool:
            assert [each.result(60) for each in [pool.submit(start) for _ in range(OPENERS)]] == [example()] * OPENERS


def test_who_comes_second_waits_for_a_long_migration(database_url: str) -> None:
    """The wait for a lock in daily work is much shorter."""
    old_store(database_url, [example()])
    engine = make_engine(database_url)
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            serialise(connection, LOCK_KEY)
            second = pool.submit(migrate, database_url, 100)
            time.sleep(1.0)
            assert not second.done()
        assert second.result(60) == ""
    engine.dispose()


def test_a_failed_migration_leaves_the_store_as_it_was(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old_store(database_url, [example()])
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alerts SET body = :body"), {"body": b"no JSON"})
    with pytest.raises(ValueError, match="Expecting value"):
        migrate(database_url)
    with reading(engine) as connection:
        assert version(connection) == ""
        assert "body" in {column["name"] for column in inspect(connection).get_columns("alerts")}
    engine.dispose()


def test_a_store_of_a_later_version_is_refused(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    engine.dispose()
    with pytest.raises(StoreUnavailable, match="9999_future"):
        open_store(database_url)


def test_the_history_is_one_line_in_the_order_of_its_numbers_and_has_no_way_back() -> None:
    script = ScriptDirectory.from_config(Config(attributes={}, config_args={"script_location": str(FOLDER)}))
    names = [each.revision for each in script.walk_revisions()][::-1]
    assert names == sorted(names)
    assert names[0] == "0001_alerts"
    assert script.get_heads() == [newest_version()]
    for each in script.walk_revisions():
        assert Path(each.path).stem == each.revision
        assert not hasattr(each.module, "downgrade")


def test_the_database_itself_refuses_to_change_decisions(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    row = "(1, 'p', 'b', 's', 'c', 'confirm', 'ann', 1)"
    with writing(engine) as connection:
        connection.execute(text(f"INSERT INTO decisions VALUES {row}"))  # noqa: S608  # the line above
    for statement in ("UPDATE decisions SET body = 'x'", "DELETE FROM decisions"):
        with pytest.raises(StoreUnavailable, match="never changed"), writing(engine) as connection:
            connection.execute(text(statement))
    engine.dispose()
