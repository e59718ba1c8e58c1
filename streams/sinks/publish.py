"""What the coordinator tells goes to its topics and to the store.

Alerts go to their topic, to the compacted topic of campaigns, and to the store, in this order; then verdicts
on topics and corrected lists, each to its topic and the store.

Each step is awaited and safe to repeat: the topic is told only what it has not, the others keep the
greatest revision.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import structlog

from models.alerts import Alert, AlertState
from models.codec import encode_alert, encode_trend
from models.trends import CorrectedList, TrendVerdict
from streams.delivery import BACKOFF_FIRST_S, BACKOFF_MAX_S
from streams.metrics import Metrics
from streams.sinks.delivered import OFFSET_HEADER, AllDelivered, Delivered, Told
from streams.store.protocol import AlertStore, StoreUnavailable
from streams.topics import TopicNames
from streams.tracing import Moments, Traces, trace_id

log = structlog.get_logger()


class Message(NamedTuple):
    """One message on its way out."""

    value: bytes
    key: bytes | None = None
    headers: Mapping[str, bytes] | None = None


Send = Callable[[str, Sequence[Message]], Awaitable[int]]
"""Deliver messages (at least one) to a topic in order; return the offset of the last. Retries until delivered."""


Results = Sequence[Alert | TrendVerdict | CorrectedList]
"""What the coordinator tells after one message."""


class Publisher:
    """The effects of the coordinator."""

    def __init__(
        self,
        send: Send,
        names: TopicNames,
        store: AlertStore,
        delivered: AllDelivered,
        metrics: Metrics,
        failing: Callable[[bool], None] = lambda _failing: None,
        traces: Traces | None = None,
    ) -> None:
        self._send = send
        self._names = names
        self._store = store
        self._delivered = delivered
        self._metrics = metrics
        self._failing = failing
        self._traces = traces or Traces()

    async def publish(self, results: Results) -> None:
        """Return when every sink has everything."""
        await self._alerts([each for each in results if isinstance(each, Alert)])
        verdicts = [each for each in results if isinstance(each, TrendVerdict)]
        lists = [each for each in results if isinstance(each, CorrectedList)]
        fresh = await self._tell(self._names.trend_verdicts, verdicts, self._delivered.verdicts, encode_trend)
        await self._tell(self._names.trend_lists, lists, self._delivered.lists, encode_trend)
        if verdicts or lists:
            await self._stored(partial(self._store.put_trends, verdicts, lists))
        for verdict in fresh:
            self._metrics.trend_verdicts.labels(verdict.outcome.value).inc()

    async def _tell(
        self, topic: str, told: Sequence[Told], delivered: Delivered[Told], encode: Callable[[Told], bytes]
    ) -> list[Told]:
        """Send what is not on the topic yet; return it."""
        fresh = delivered.missing(told)
        if fresh:
            await self._send(topic, [Message(encode(each), delivered.name_of(each).encode()) for each in fresh])
            for each in fresh:
                delivered.add(each)
        return fresh

    async def _alerts(self, alerts: Sequence[Alert]) -> None:
        if not alerts:
            return
        fresh = self._delivered.alerts.missing(alerts)
        began_ns = on_topic_ns = on_campaigns_ns = time.time_ns()
        if fresh:
            messages = [Message(encode_alert(alert), alert.campaign.encode()) for alert in fresh]
            last = await self._send(self._names.alerts, messages)
            on_topic_ns = time.time_ns()
            for alert in fresh:
                self._delivered.alerts.add(alert)
            await self._to_campaigns(fresh, last + 1)
            on_campaigns_ns = time.time_ns()
        await self._stored(partial(self._store.put, alerts))
        self._count(fresh)
        told = Moments(began_ns, on_topic_ns, on_campaigns_ns, time.time_ns())
        for alert in fresh:
            self._traces.tell(alert, told)

    async def _to_campaigns(self, alerts: Sequence[Alert], vouched: int) -> None:
        newest = {alert.campaign: alert for alert in alerts}
        headers = {OFFSET_HEADER: str(vouched).encode()}
        messages = [Message(encode_alert(alert), campaign.encode(), headers) for campaign, alert in newest.items()]
        await self._send(self._names.campaigns, messages)

    async def _stored(self, write: Callable[[], Any]) -> None:
        def on_retry() -> None:
            self._metrics.store_failures.inc()
            self._metrics.store_up.set(0)
            self._failing(True)

        await until_stored(write, on_retry)
        self._metrics.store_up.set(1)
        self._failing(False)

    def _count(self, alerts: Sequence[Alert]) -> None:
        now_s = time.time()
        for alert in alerts:
            self._metrics.alerts.labels(alert.outcome.value, alert.state.value).inc()
            if alert.state is AlertState.OPENED:
                self._metrics.detection_delay.observe(max(0.0, now_s - alert.last_action_ms / 1000))
                log.info(
                    "alert opened",
                    campaign=alert.campaign,
                    trace_id=trace_id(alert.campaign),
                    severity=alert.severity.value,
                    headline=alert.headline,
                )


async def until_stored(write: Callable[[], Any], on_retry: Callable[[], None]) -> None:
    """Repeat a blocking write in a thread until the store takes it: an alert is never lost."""
    pause_s = BACKOFF_FIRST_S
    while True:
        try:
            await asyncio.to_thread(write)
            return
        except StoreUnavailable as error:
            on_retry()
            log.warning("store failed, trying again", error=str(error), pause_s=round(pause_s, 2))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, BACKOFF_MAX_S)
