"""Everything of a worker made and joined, except Faust itself. No logic here."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from aiokafka.errors import KafkaError, KafkaTimeoutError

from detector import __version__
from models.cohorts import ShardOutput
from models.dead_letters import DeadLetter
from models.errors import ShoalError
from streams.agents import Handler
from streams.dead_letters.ratio import TooManyDeadLetters
from streams.delivery import until_delivered
from streams.exits import Exit, end_process
from streams.health import Health
from streams.identity import identity_of
from streams.ingest.board import Board
from streams.ingest.service import Ingest
from streams.metrics import Metrics
from streams.probe import Probe
from streams.settings import Settings
from streams.shards import HostedShard, Place, ShardHost, Snapshotter
from streams.sinks.delivered import AllDelivered
from streams.sinks.publish import Message, Publisher, Results
from streams.snapshots import Identity, SnapshotFolder
from streams.splitting import envelopes_of
from streams.stages import COORDINATOR, Stage, make_coordinator, make_target, make_text
from streams.store.protocol import AlertStore
from streams.topics import names
from streams.tracing import make_traces
from streams.warmup import WarmUp
from streams.web import Site

log = structlog.get_logger()

BROKER_SILENT_INTERVALS = 4
"""Looks without an answer after which the broker counts as away."""


class Composition:
    """The parts of one worker. `connect` gives it Faust's topics before anything is sent."""

    def __init__(self, settings: Settings, store: AlertStore) -> None:
        self.settings = settings
        self.names = own = names(settings)
        self.inputs = {own.posts: 1, own.likes: settings.shards, own.cohorts: 1}
        outputs = own.alerts, own.campaigns, own.dead_letters, own.trend_verdicts, own.trend_lists
        self.outputs = dict.fromkeys(outputs, 1)
        self.metrics = Metrics()
        self.metrics.build.info({"version": __version__, "configuration": settings.detector.digest()})
        self.metrics.expect(dict.fromkeys(topic for topic, _ in settings.sources))
        self.board = Board()
        self.delivered = AllDelivered()
        self._topic_of: Callable[[str], Any] = _not_connected
        folder = SnapshotFolder(settings.snapshot_folder, settings.snapshots_kept)
        self.snapshotter = Snapshotter(folder, settings.snapshot_interval_s, self.identity, self.metrics)
        self.warm_up = WarmUp(settings, folder, self.identity, self.metrics)
        self.host = ShardHost(self.factory, self._warm, fail)
        self.handler = Handler(self.host, self.warm_up, self.snapshotter, self.board, self.metrics, self._park)
        silent_s = BROKER_SILENT_INTERVALS * max(settings.probe_interval_s, 1.0)
        self.health = Health(settings.stalled_after_s, silent_s)
        self.traces = make_traces(settings)
        self._publisher = Publisher(
            self._send, own, store, self.delivered, self.metrics, self.health.store_failing, self.traces
        )
        self.ingest = Ingest(settings, self.metrics, self.board, fail)
        self.services = [
            Site(settings.web_host, settings.web_port, self.metrics, self.health, store),
            self.ingest,
            Probe(settings, self.metrics, self.health, self.host, self.ingest),
        ]

    def connect(self, topic_of: Callable[[str], Any]) -> None:
        """Give the function from a name to Faust's topic."""
        self._topic_of = topic_of

    def factory(self, place: Place) -> Callable[[], Stage[Any]] | None:
        """How to make the stage that reads a partition; None if no stage does."""
        detector, sources = self.settings.detector, self.settings.sources
        if place.topic == self.names.likes:
            return partial(make_target, place.partition, detector, sources)
        if place.topic == self.names.posts:
            return partial(make_text, detector, sources)
        if place.topic == self.names.cohorts:
            return partial(make_coordinator, detector, self.settings.shards)
        return None

    def identity(self, shard: str) -> Identity:
        """What snapshots of a shard must agree on: version, thresholds and topology."""
        return identity_of(self.settings, shard)

    async def to_cohorts(self, outputs: Sequence[ShardOutput]) -> None:
        """Effects of the target and text shards."""
        for output in outputs:
            for raw in envelopes_of(output):
                await self._send(self.names.cohorts, [Message(raw, headers=self.traces.headers)])
                self.metrics.envelopes.labels(self.names.cohorts).inc()

    async def tell(self, results: Results) -> None:
        """Effects of the coordinator."""
        await self._publisher.publish(results)

    async def _warm(self, shard: HostedShard) -> None:
        await self.warm_up(shard)
        if shard.name == COORDINATOR:
            await self.delivered.load(self.settings)

    async def _park(self, letter: DeadLetter) -> None:
        await self._send_one(self.names.dead_letters, letter.encode(), letter.topic.encode())
        self.metrics.invalid.labels(letter.topic, letter.reason).inc()
        self.metrics.dead_letters.labels(letter.topic).inc()

    async def _send_one(self, topic: str, value: bytes, key: bytes | None = None) -> None:
        await self._send(topic, [Message(value, key)])

    async def _send(self, topic: str, messages: Sequence[Message]) -> int:
        """Deliver in order to partition 0; return the offset of the last."""
        delivered: list[int] = []

        async def attempt() -> int:
            # the first await only queues, the second waits for the broker; queued one after the
            # other, since sends that start together may overtake one another
            send = self._topic_of(topic).send
            queued = [
                await send(key=message.key, value=message.value, partition=0, headers=message.headers)
                for message in messages[len(delivered) :]
            ]
            for pending in queued:
                delivered.append(int((await pending).offset))
            return delivered[-1]

        return await until_delivered(attempt, topic, self.metrics.retries.labels(topic).inc)


def _not_connected(name: str) -> Any:
    raise ShoalError(f"nothing can be sent to {name} before Faust is connected")


def fail(error: BaseException) -> None:
    """End the process because of `error`: nothing may be acknowledged any more."""
    if isinstance(error, asyncio.CancelledError):
        return
    if isinstance(error, TooManyDeadLetters):
        log.error("too many invalid events, stopping", error=str(error))
        end_process(Exit.DEAD_LETTERS)
    if isinstance(error, KafkaTimeoutError) or (isinstance(error, KafkaError) and error.retriable):
        log.error("the brokers went away where they are not waited for, ending; a restart resumes", error=repr(error))
        end_process(Exit.UNAVAILABLE)
    log.error("unexpected error, ending the process", exc_info=error)
    end_process(Exit.UNEXPECTED)
