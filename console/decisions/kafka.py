"""Deliver verdicts to the topic `shoal.verdicts`."""

import asyncio
import contextlib
from typing import Any

from aiokafka import AIOKafkaProducer

from console.decisions.outbox import Waiting
from streams.security import aiokafka_options
from streams.settings import Settings
from streams.topics import MESSAGE_BYTES_MAX

STOP_S = 5.0


class VerdictTopic:
    """The topic, connected when there is something to send and again after each failure."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Any = None

    async def send(self, waiting: Waiting) -> None:
        """Return when the broker has the verdict; raises `KafkaError` or `OSError`."""
        try:
            if self._producer is None:
                self._producer = await self._connect()
            await self._producer.send_and_wait(
                self._settings.verdicts_topic, waiting.body, key=waiting.campaign.encode(), partition=0
            )
        except BaseException:
            # what is queued in a failed producer must not come out later, behind newer verdicts
            await self.close()
            raise

    async def close(self) -> None:
        """Close the connection."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.stop(), STOP_S)

    async def _connect(self) -> Any:
        settings = self._settings
        producer = AIOKafkaProducer(
            bootstrap_servers=settings.bootstrap,
            acks="all",
            max_request_size=MESSAGE_BYTES_MAX,
            request_timeout_ms=settings.request_timeout_ms,
            **aiokafka_options(settings),
        )
        try:
            await producer.start()
        except BaseException:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.stop(), STOP_S)
            raise
        return producer


async def relay_verdicts(engine: Any, settings: Settings) -> None:
    """Send waiting verdicts until cancelled: what the console runs beside its pages."""
    from console.decisions.relay import Relay

    topic = VerdictTopic(settings)
    try:
        await Relay(engine, topic.send).run()
    finally:
        await topic.close()
