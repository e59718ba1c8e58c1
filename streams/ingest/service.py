"""The loop: gather, validate, pack, deliver, commit; idle sources; rebalances."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from mode import Service

from detector.ordering import NEVER
from models.dead_letters import DeadLetter
from models.events import AnyEvent
from models.moments import when_ms
from streams.dead_letters.ratio import DeadLetterRatio
from streams.delivery import until_delivered
from streams.ingest.board import Board
from streams.ingest.clients import Outlet, make_consumer
from streams.ingest.refused import RefusalLog
from streams.ingest.sources import Source, SourceId, readable
from streams.ingest.takeover import taken_over
from streams.ingest.validate import kinds, validate
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import names

log = structlog.get_logger()

STOP_TIMEOUT_S = 5.0
IDLE_AGAIN_S = 30.0


class Ingest(Service):  # type: ignore[misc]  # mode is untyped
    """Reads the raw topics in a consumer group of its own. `fail` ends the process."""

    def __init__(
        self, settings: Settings, metrics: Metrics, board: Board, fail: Callable[[BaseException], Any]
    ) -> None:
        super().__init__()
        self.settings = settings
        self.metrics = metrics
        self.board = board
        self.group = f"{settings.group}-ingest"
        self.sources: dict[SourceId, Source] = {}
        self._fail = fail
        self._kinds = kinds(settings)
        self._ratio = DeadLetterRatio(
            settings.dead_letters_ratio_max, settings.dead_letters_min, settings.dead_letters_window
        )
        self._refusals = RefusalLog(names(settings).dead_letters)
        self._busy = asyncio.Lock()
        self._uncommitted: set[SourceId] = set()
        self._commit_due_s = 0.0
        self._idle_check_s = 0.0

    async def on_start(self) -> None:
        """Connect."""
        self.outlet = Outlet(self.settings, self.metrics)
        await self.outlet.start()
        self.consumer = make_consumer(self.settings, self.group)
        self.consumer.subscribe(list(self._kinds), listener=_Rebalance(self))
        await self.consumer.start()

    async def on_stop(self) -> None:
        """Commit what was delivered and leave the group."""
        async with self._busy:
            await self._commit()
        for client in (self.consumer, self.outlet):
            with suppress(TimeoutError, KafkaError):  # everything is committed: a client that hangs is let go
                await asyncio.wait_for(client.stop(), STOP_TIMEOUT_S)

    @Service.task  # type: ignore[untyped-decorator]  # mode is untyped
    async def _run(self) -> None:
        try:
            while not self.should_stop:
                await self._turn()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # whatever it is, the process must not go on without ingest
            if not self.should_stop:
                self._fail(error)

    # --- one turn

    async def _turn(self) -> None:
        records = await self._gather()
        for chunk in self._chunks(records):
            async with self._busy:
                await self._flush(chunk)
        now_s = time.monotonic()
        if now_s >= self._idle_check_s:
            self._idle_check_s = now_s + min(self.settings.idle_after_ms, 500) / 2000
            await self._mark_idle(now_s)
        if self._uncommitted and now_s >= self._commit_due_s:
            self._commit_due_s = now_s + self.settings.commit_interval_ms / 1000
            async with self._busy:
                await self._commit()

    async def _gather(self) -> list[Any]:
        """Read until an envelope is full or has waited long enough."""
        wanted = self.settings.envelope_events_max
        records: list[Any] = []
        deadline_s = time.monotonic() + self.settings.linger_ms / 1000
        while len(records) < wanted:
            left_ms = int((deadline_s - time.monotonic()) * 1000)
            if left_ms <= 0:
                break
            may_read = readable(self.sources.values(), self.settings.align_ms, self.board.slowest_ms())
            self.metrics.paused.set(len(self.sources) - len(may_read))
            if not may_read:
                await asyncio.sleep(left_ms / 1000)
                break
            places = [TopicPartition(*source) for source in may_read]
            try:
                found = await self.consumer.getmany(*places, timeout_ms=left_ms, max_records=wanted - len(records))
            except IllegalStateError:  # a partition left us while we asked
                await asyncio.sleep(left_ms / 1000)
                break
            for some in found.values():
                records += some
        return records

    def _chunks(self, records: Sequence[Any]) -> Iterable[list[Any]]:
        chunk: list[Any] = []
        size = 0
        for record in records:
            length = len(record.value or b"")
            if chunk and size + length > self.settings.envelope_bytes_max:
                yield chunk
                chunk, size = [], 0
            chunk.append(record)
            size += length
        if chunk:
            yield chunk

    async def _flush(self, records: Sequence[Any]) -> None:
        records = [record for record in records if SourceId(record.topic, record.partition) in self.sources]
        if not records:
            return
        with self.metrics.stage("validate"):
            events, letters = self._validate(records)
        self._ratio.add(len(records), letters)
        if letters:
            await self.outlet.park(letters)
            self._refusals.tell(letters, time.monotonic())
        touched = self._uncommitted_of(records)
        await self._send(events, touched)
        self._uncommitted |= touched

    def _validate(self, records: Sequence[Any]) -> tuple[list[AnyEvent], list[DeadLetter]]:
        events: list[AnyEvent] = []
        letters: list[DeadLetter] = []
        now_s, now_ms = time.monotonic(), int(time.time() * 1000)
        for (topic, partition), group in groupby(records, lambda record: (record.topic, record.partition)):
            batch = list(group)
            found = validate(self._kinds[topic], batch, now_ms)
            newest_ms = max(map(when_ms, found.events), default=NEVER)
            source = self.sources[SourceId(topic, partition)]
            source.advance(batch[-1].offset + 1, newest_ms, now_s)
            source.record_at_ms = batch[-1].timestamp
            self.metrics.consumed.labels(topic).inc(len(batch))
            events += found.events
            letters += found.letters
        return events, letters

    @staticmethod
    def _uncommitted_of(records: Sequence[Any]) -> set[SourceId]:
        return {SourceId(record.topic, record.partition) for record in records}

    async def _send(self, events: Sequence[AnyEvent], touched: Iterable[SourceId]) -> None:
        detector = self.settings.detector
        marks = [self.sources[source].mark(detector.slice_ms, detector.lateness_ms) for source in sorted(touched)]
        await self.outlet.send(events, marks)

    # --- idle sources

    async def _mark_idle(self, now_s: float) -> None:
        """Tell the shards of sources that have nothing left, so that these do not hold the others back."""
        after_s = self.settings.idle_after_ms / 1000
        quiet = [s for s in self.sources.values() if _due_for_idle_mark(s, now_s, after_s)]
        if not quiet:
            return
        places = {source.id: TopicPartition(*source.id) for source in quiet}
        try:
            positions = {source: await self.consumer.position(place) for source, place in places.items()}
            ends = await self.consumer.end_offsets(list(places.values()))
        except IllegalStateError:  # a partition left us while we asked
            return
        except KafkaError as error:  # a broker that is away says nothing about what is left to read
            log.warning("cannot tell whether sources are idle", error=repr(error))
            return
        async with self._busy:
            ours = [source for source in quiet if self.sources.get(source.id) is source]
            self._uncommitted |= {source.id for source in ours if source.skip_to(positions[source.id])}
            done = [
                source
                for source in ours
                if source.offset >= ends[places[source.id]] and now_s - source.read_at_s >= after_s
            ]
            for source in done:
                source.idle = True
                source.told_at_s = now_s
            if done:
                await self._send([], [source.id for source in done])

    # --- offsets and rebalances

    async def _commit(self) -> None:
        done = {source for source in self._uncommitted if source in self.sources}
        self._uncommitted = set()
        if not done:
            return
        # the newest event time rides along: the next owner must not fall behind what was promised
        offsets = {
            TopicPartition(*source): (self.sources[source].offset, str(self.sources[source].newest_ms))
            for source in done
        }
        try:
            await self.consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.info("commit refused during a rebalance, the messages will come again", error=repr(error))
        except KafkaError as error:
            self._uncommitted |= done
            log.warning("commit failed, will try again", error=repr(error))

    async def guarded(self, step: Awaitable[None]) -> None:
        """End the process if a step of a rebalance fails: aiokafka only logs it, and nothing would be read any more."""
        try:
            await step
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # whatever it is, the process must not go on without sources
            if not self.should_stop:
                self._fail(error)

    async def revoked(self) -> None:
        """Finish what is in flight, commit, forget."""
        async with self._busy:
            await self._commit()
            self.sources.clear()

    async def assigned(self, places: Iterable[TopicPartition]) -> None:
        """Take over sources where their last owner committed, and tell the shards that they are awake."""
        async with self._busy:
            owned = sorted(SourceId(place.topic, place.partition) for place in places)
            attempt = partial(taken_over, self.settings, self.group, owned)
            found = await until_delivered(attempt, f"take-over of sources in {self.group}")
            self.sources = found
            if found:
                await self._send([], found)
        log.info("sources assigned", sources=[f"{topic}[{partition}]" for topic, partition in found])


def _due_for_idle_mark(source: Source, now_s: float, after_s: float) -> bool:
    """Quiet long enough; told again at times, so that a mark overtaken by an older one does not hold forever."""
    return now_s - (source.told_at_s if source.idle else source.read_at_s) >= (IDLE_AGAIN_S if source.idle else after_s)


class _Rebalance(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped here
    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        await self._ingest.guarded(self._ingest.revoked())

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._ingest.guarded(self._ingest.assigned(assigned))
