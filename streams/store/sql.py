"""The store in SQLite or PostgreSQL, by the same statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Select, select

from models.alerts import Alert
from models.codec import decode_alert, decode_corrected_list, decode_trend_verdict
from models.trends import CorrectedList, TrendVerdict
from streams.store.accounts import keep_accounts
from streams.store.engine import reading, writing
from streams.store.protocol import checked_limit
from streams.store.rows import revision_of, row_of, without_body
from streams.store.tables import alert_revisions, alerts, trend_lists, trend_verdicts
from streams.store.trends import keep_lists, keep_verdicts, newest_verdicts
from streams.store.upsert import add_missing, replace_older


class SqlStore:
    """Satisfies `AlertStore` over an engine whose tables are at the newest version; closing it closes the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, wanted: Sequence[Alert]) -> int:
        """Keep the alerts; return how many were new."""
        if not wanted:
            return 0
        rows = [row_of(alert) for alert in sorted(wanted, key=lambda alert: alert.campaign)]
        newest: dict[str, dict[str, Any]] = {}
        for row in rows:
            known = newest.get(row["campaign"])
            if known is None or known["revision"] < row["revision"]:
                newest[row["campaign"]] = row
        with writing(self._engine) as connection:
            # in the order of names, so that workers that write the same cases do not wait in a circle
            added = add_missing(connection, alert_revisions, [revision_of(row) for row in rows])
            replace_older(connection, alerts, [without_body(row) for row in newest.values()])
            keep_accounts(connection, wanted)
        return added

    def get(self, campaign: str) -> Alert | None:
        """The newest state of a campaign."""
        found = self._bodies(_newest_bodies().where(alerts.c.campaign == campaign))
        return found[0] if found else None

    def newest(self, outcome: str | None = None, state: str | None = None, limit: int = 100) -> list[Alert]:
        """Newest states, latest evaluation first."""
        query = _newest_bodies().order_by(alerts.c.at_ms.desc(), alerts.c.campaign).limit(checked_limit(limit))
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
        with writing(self._engine) as connection:
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
        """Close the connections."""
        self._engine.dispose()

    def _bodies(self, query: Any) -> list[Alert]:
        return [decode_alert(body) for body in self._raw(query)]

    def _raw(self, query: Any) -> list[bytes]:
        with reading(self._engine) as connection:
            return [body for (body,) in connection.execute(query)]


def _newest_bodies() -> Select[tuple[bytes]]:
    same = (alert_revisions.c.campaign == alerts.c.campaign) & (alert_revisions.c.revision == alerts.c.revision)
    return select(alert_revisions.c.body).join(alerts, same)
