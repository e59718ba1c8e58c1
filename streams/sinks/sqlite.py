"""The store in one SQLite file, in write-ahead mode so that readers do not wait for the writer."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable

from models.alerts import Alert
from models.codec import decode_alert, decode_corrected_list, decode_trend_verdict, encode_alert
from models.trends import CorrectedList, TrendVerdict
from streams.sinks.store import StoreUnavailable, checked_limit
from streams.sinks.tables import alert_revisions, alerts, metadata, trend_lists, trend_verdicts
from streams.sinks.trends import keep_lists, keep_verdicts, newest_verdicts

LOCKED_PAUSE_S = 0.01
_COLUMNS = (
    "campaign",
    "revision",
    "state",
    "kind",
    "outcome",
    "severity",
    "headline",
    "at_ms",
    "accounts_total",
    "first_action_ms",
    "last_action_ms",
)


class SqliteStore:
    """Satisfies `AlertStore`. `url` is `sqlite:///PATH`. Raises `StoreUnavailable` if it cannot be opened."""

    def __init__(self, url: str, timeout_ms: int = 5_000) -> None:
        path = url.removeprefix("sqlite:///")
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"{path}: {error}") from error
        self._engine = create_engine(url, connect_args={"timeout": timeout_ms / 1000})
        event.listen(self._engine, "connect", lambda made, _record: _on_connect(made, timeout_ms / 1000))
        with self._transaction() as connection:
            _create_tables(connection)

    def put(self, wanted: Sequence[Alert]) -> int:
        """Keep the alerts; return how many were new."""
        if not wanted:
            return 0
        rows = [_row(alert) for alert in wanted]
        with self._transaction() as connection:
            return sum(_keep(connection, row) for row in rows)

    def get(self, campaign: str) -> Alert | None:
        """The newest state of a campaign."""
        found = self._bodies(select(alerts.c.body).where(alerts.c.campaign == campaign))
        return found[0] if found else None

    def newest(self, outcome: str | None = None, state: str | None = None, limit: int = 100) -> list[Alert]:
        """Newest states, latest evaluation first."""
        query = select(alerts.c.body).order_by(alerts.c.at_ms.desc(), alerts.c.campaign).limit(checked_limit(limit))
        if outcome is not None:
            query = query.where(alerts.c.outcome == outcome)
        if state is not None:
            query = query.where(alerts.c.state == state)
        return self._bodies(query)

    def revisions(self, campaign: str) -> list[Alert]:
        """Every revision of a campaign, oldest first."""
        table = alert_revisions
        return self._bodies(select(table.c.body).where(table.c.campaign == campaign).order_by(table.c.revision))

    def put_trends(self, verdicts: Sequence[TrendVerdict], lists: Sequence[CorrectedList]) -> None:
        """Keep the newest of each."""
        with self._transaction() as connection:
            keep_verdicts(connection, verdicts)
            keep_lists(connection, lists)

    def trend(self, key: str) -> TrendVerdict | None:
        """The newest verdict on a topic."""
        found = self._raw(select(trend_verdicts.c.body).where(trend_verdicts.c.key == key))
        return decode_trend_verdict(found[0]) if found else None

    def trends(self, outcome: str | None = None, on_list: str | None = None, limit: int = 100) -> list[TrendVerdict]:
        """Newest verdicts, latest first."""
        return [decode_trend_verdict(body) for body in self._raw(newest_verdicts(outcome, on_list, limit))]

    def corrected_list(self, name: str) -> CorrectedList | None:
        """The newest state of a list."""
        found = self._raw(select(trend_lists.c.body).where(trend_lists.c.name == name))
        return decode_corrected_list(found[0]) if found else None

    def corrected_lists(self) -> list[CorrectedList]:
        """The newest state of every list, by name."""
        query = select(trend_lists.c.body).order_by(trend_lists.c.name)
        return [decode_corrected_list(body) for body in self._raw(query)]

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def _bodies(self, query: Any) -> list[Alert]:
        return [decode_alert(body) for body in self._raw(query)]

    def _raw(self, query: Any) -> list[bytes]:
        with self._transaction() as connection:
            return [body for (body,) in connection.execute(query)]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except (OperationalError, DBAPIError) as error:
            raise StoreUnavailable(str(error.orig)) from error


def _create_tables(connection: Connection) -> None:
    # not create_all: it looks first and creates then, and workers that start together meet in between
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _row(alert: Alert) -> dict[str, Any]:
    row = {name: getattr(alert, name) for name in _COLUMNS}
    for name in ("state", "outcome", "severity"):
        row[name] = str(row[name])
    return {**row, "body": encode_alert(alert)}


def _keep(connection: Connection, row: dict[str, Any]) -> int:
    revision = {name: row[name] for name in ("campaign", "revision", "at_ms", "body")}
    added = connection.execute(insert(alert_revisions).values(revision).on_conflict_do_nothing())
    newest = insert(alerts).values(row)
    connection.execute(
        newest.on_conflict_do_update(
            index_elements=[alerts.c.campaign],
            set_={name: newest.excluded[name] for name in row if name != "campaign"},
            where=newest.excluded.revision > alerts.c.revision,
        )
    )
    return int(added.rowcount)


def _on_connect(connection: Any, timeout_s: float) -> None:
    cursor = connection.cursor()
    give_up_at = time.monotonic() + timeout_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait for a lock here, whatever the timeout says
            if time.monotonic() >= give_up_at:
                raise StoreUnavailable(str(error)) from error
            time.sleep(LOCKED_PAUSE_S)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
