"""What the database says, as metrics: cases that wait for a person, decisions and messages that wait to be sent."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from console.decisions.filters import JOINED, STATUS
from console.decisions.tables import case_status, decisions, verdict_outbox
from console.messages.figures import Figures as MessageFigures
from console.messages.figures import figures as message_figures
from console.web.metrics import Metrics
from models.alerts import AlertState, Outcome, Severity
from streams.catalogue import ACTION
from streams.disk import show_disk, store_folder
from streams.store.engine import reading
from streams.store.protocol import StoreUnavailable
from streams.store.tables import alert_revisions, alerts

INTERVAL_S = 5.0
UNDECIDED = ("open", "pending")


class Waiting(NamedTuple):
    """Cases of one severity that call somebody and that nobody has decided."""

    cases: int
    oldest_ms: int
    """Epoch ms at which the oldest of them was first told."""


class StoreFigures:
    """Looks into the database when metrics are asked for, at most every `interval_s`. `clock` gives epoch ms."""

    def __init__(self, engine: Engine, metrics: Metrics, clock: Callable[[], int], store_url: str) -> None:
        self.interval_s = INTERVAL_S
        self._engine = engine
        self._metrics = metrics
        self._clock = clock
        self._folder = store_folder(store_url)
        self._lock = threading.Lock()
        self._looked_at_s = float("-inf")

    def look(self) -> None:
        """Set the metrics. A store that does not answer is told as such; the other figures then stay as they were."""
        with self._lock:
            now_s = time.monotonic()
            if now_s - self._looked_at_s < self.interval_s:
                return
            self._looked_at_s = now_s
            show_disk(self._folder, "store", self._metrics.disk_free, self._metrics.disk_size)
            try:
                self._show(self._clock())
            except StoreUnavailable:
                self._metrics.store_up.set(0)
            else:
                self._metrics.store_up.set(1)

    def _show(self, now_ms: int) -> None:
        found = to_review(self._engine)
        for severity in Severity:
            waiting = found.get(severity.value, Waiting(0, now_ms))
            self._metrics.review_cases.labels(severity.value).set(waiting.cases)
            self._metrics.review_oldest.labels(severity.value).set(_age_s(waiting.oldest_ms, now_ms))
        told = decided(self._engine)
        for action in ACTION.values:  # also those that nobody took yet, so that the first is seen to be growth
            self._metrics.decisions.show(told.get(action, 0), action)
        number, since_ms = unsent(self._engine)
        self._metrics.verdicts_waiting.set(number)
        self._metrics.verdicts_oldest.set(_age_s(since_ms, now_ms))
        self._show_messages(message_figures(self._engine), now_ms)

    def _show_messages(self, found: MessageFigures, now_ms: int) -> None:
        for (channel, outcome), total in found.totals.items():
            self._metrics.notifications.show(total, channel, outcome)
        for channel, number in found.waiting.items():
            self._metrics.notifications_waiting.labels(channel).set(number)
        self._metrics.notifications_oldest.set(_age_s(found.oldest_waiting_ms, now_ms))


def to_review(engine: Engine) -> dict[str, Waiting]:
    """Severity → cases that call somebody and wait for a decision. Raises `StoreUnavailable`."""
    wanted = (
        (alerts.c.outcome == Outcome.INAUTHENTIC.value)
        & (alerts.c.state != AlertState.LISTED.value)
        & STATUS.in_(UNDECIDED)
        & ~JOINED
    )
    first = (
        select(func.min(alert_revisions.c.at_ms))
        .where(alert_revisions.c.campaign == alerts.c.campaign)
        .scalar_subquery()
    )
    query = (
        select(alerts.c.severity, func.count(), func.min(func.coalesce(first, alerts.c.at_ms)))
        .select_from(alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign))
        .where(wanted)
        .group_by(alerts.c.severity)
    )
    with reading(engine) as connection:
        return {severity: Waiting(count, int(oldest)) for severity, count, oldest in connection.execute(query)}


def decided(engine: Engine) -> dict[str, int]:
    """Action → decisions in the log. Raises `StoreUnavailable`."""
    query = select(decisions.c.action, func.count()).group_by(decisions.c.action)
    with reading(engine) as connection:
        return {action: int(count) for action, count in connection.execute(query)}


def unsent(engine: Engine) -> tuple[int, int | None]:
    """How many verdicts wait, and since when (epoch ms) the oldest of a case does. Raises `StoreUnavailable`."""
    query = (
        select(func.count(), func.min(decisions.c.decided_at_ms))
        .select_from(verdict_outbox.outerjoin(decisions, decisions.c.number == verdict_outbox.c.number))
        .where(verdict_outbox.c.sent_at_ms.is_(None))
    )
    with reading(engine) as connection:
        count, oldest = connection.execute(query).one()
    return int(count), None if oldest is None else int(oldest)


def _age_s(since_ms: int | None, now_ms: int) -> float:
    return 0.0 if since_ms is None else max(0.0, (now_ms - since_ms) / 1000)
