"""The store of a shadow run: it keeps what would have been raised, and raises nothing.

Nothing here touches the tables that the queue, the notifications and the exports read.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from models.alerts import Alert, AlertState
from models.codec import decode_alert
from models.trends import CorrectedList, TrendVerdict
from streams.store.engine import TIMEOUT_MS, make_engine, reading, writing
from streams.store.migrate import migrate_engine
from streams.store.protocol import checked_limit
from streams.store.rows import row_of
from streams.store.shadow_tables import shadow_alerts
from streams.store.upsert import put_row

CALLED = (AlertState.OPENED, AlertState.UPDATED, AlertState.CLOSED)
_KEPT = frozenset(column.name for column in shadow_alerts.columns)


class ShadowStore:
    """Satisfies `AlertStore` for one shadow by its newest revisions; words on topics are not kept."""

    def __init__(self, engine: Engine, shadow: str) -> None:
        self._engine = engine
        self._shadow = shadow

    def put(self, wanted: Sequence[Alert]) -> int:
        """Keep the newest of each campaign; return how many were new."""
        if not wanted:
            return 0
        added = 0
        table = shadow_alerts
        with writing(self._engine) as connection:
            for alert in sorted(wanted, key=lambda alert: (alert.campaign, alert.revision)):
                own = (table.c.shadow == self._shadow) & (table.c.campaign == alert.campaign)
                before = connection.execute(select(table.c.revision, table.c.called).where(own)).first()
                if before is not None and before.revision >= alert.revision:
                    continue
                was_called = before is not None and before.called
                row = {name: value for name, value in row_of(alert).items() if name in _KEPT} | {
                    "shadow": self._shadow,
                    "configuration": alert.configuration,
                    "called": alert.state in CALLED or was_called,
                }
                put_row(connection, table, row)
                added += 1
        return added

    def get(self, campaign: str) -> Alert | None:
        """The newest state of a campaign of this shadow."""
        found = self._read(None, None, 1, campaign)
        return found[0] if found else None

    def newest(self, outcome: str | None = None, state: str | None = None, limit: int = 100) -> list[Alert]:
        """Newest states, latest evaluation first."""
        return self._read(outcome, state, checked_limit(limit), None)

    def revisions(self, campaign: str) -> list[Alert]:
        """The newest revision, alone: a shadow keeps no history."""
        return self._read(None, None, 1, campaign)

    def _read(self, outcome: str | None, state: str | None, limit: int, campaign: str | None) -> list[Alert]:
        table = shadow_alerts
        query = select(table.c.body).where(table.c.shadow == self._shadow)
        for column, value in ((table.c.outcome, outcome), (table.c.state, state), (table.c.campaign, campaign)):
            query = query if value is None else query.where(column == value)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(table.c.at_ms.desc(), table.c.campaign).limit(limit))
            return [decode_alert(body) for (body,) in rows]

    def put_trends(self, verdicts: Sequence[TrendVerdict], lists: Sequence[CorrectedList]) -> None:
        """Words on topics stay as the live detector says them."""

    def trend(self, key: str) -> TrendVerdict | None:
        """None: see `put_trends`."""
        del key
        return None

    def trends(self, outcome: str | None = None, on_list: str | None = None, limit: int = 100) -> list[TrendVerdict]:
        """Nothing: see `put_trends`."""
        del outcome, on_list, limit
        return []

    def corrected_list(self, name: str) -> CorrectedList | None:
        """None: see `put_trends`."""
        del name
        return None

    def corrected_lists(self) -> list[CorrectedList]:
        """Nothing: see `put_trends`."""
        return []

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def open_shadow(url: str, shadow: str, timeout_ms: int = TIMEOUT_MS) -> ShadowStore:
    """Open the store of a shadow in the database that `url` names. Raises as `open_store` does."""
    engine = make_engine(url, timeout_ms)
    migrate_engine(engine)
    return ShadowStore(engine, shadow)
