"""Statements for verdicts on topics and for lists."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, delete, insert, select

from models.codec import encode_trend
from models.trends import CorrectedList, TrendVerdict
from streams.store.protocol import TRENDS_KEPT_MS, checked_limit
from streams.store.tables import trend_lists, trend_places, trend_verdicts
from streams.store.upsert import replace_older


def keep_verdicts(connection: Connection, verdicts: Sequence[TrendVerdict]) -> None:
    """Keep the newest of each topic with its places; forget topics of long ago."""
    for verdict in {verdict.key: verdict for verdict in sorted(verdicts, key=lambda each: each.revision)}.values():
        row = {
            "key": verdict.key, "revision": verdict.revision, "at_ms": verdict.at_ms,
            "outcome": verdict.outcome.value, "score": verdict.score, "headline": verdict.headline,
            "body": encode_trend(verdict),
        }  # fmt: skip
        if replace_older(connection, trend_verdicts, [row]):
            _keep_places(connection, verdict)
    oldest_ms = max((verdict.at_ms for verdict in verdicts), default=0) - TRENDS_KEPT_MS
    old = select(trend_verdicts.c.key).where(trend_verdicts.c.at_ms < oldest_ms)
    connection.execute(delete(trend_places).where(trend_places.c.key.in_(old)))
    connection.execute(delete(trend_verdicts).where(trend_verdicts.c.at_ms < oldest_ms))


def _keep_places(connection: Connection, verdict: TrendVerdict) -> None:
    connection.execute(delete(trend_places).where(trend_places.c.key == verdict.key))
    rows = [
        {"list": place.list, "key": verdict.key, "rank": place.rank, "rank_without": place.rank_without}
        for place in verdict.places
    ]
    if rows:
        connection.execute(insert(trend_places), rows)


def keep_lists(connection: Connection, lists: Sequence[CorrectedList]) -> None:
    """Keep the newest state of each list."""
    for listed in lists:
        row = {
            "name": listed.name, "revision": listed.revision, "at_ms": listed.at_ms, "body": encode_trend(listed),
        }  # fmt: skip
        replace_older(connection, trend_lists, [row])


def newest_verdicts(outcome: str | None, on_list: str | None, limit: int) -> Select[tuple[bytes]]:
    """Bodies of the newest verdicts, latest first."""
    table = trend_verdicts
    query = select(table.c.body).order_by(table.c.at_ms.desc(), table.c.key).limit(checked_limit(limit))
    if outcome is not None:
        query = query.where(table.c.outcome == outcome)
    if on_list is not None:
        query = query.where(table.c.key.in_(select(trend_places.c.key).where(trend_places.c.list == on_list)))
    return query
