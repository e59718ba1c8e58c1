"""The agents: one envelope at a time, effects first, then the acknowledgement.

No exception leaves an agent, because Faust would acknowledge the message whose handler raised.
Bytes that are no envelope go to the dead letters; anything else ends the process at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from models.dead_letters import DeadLetter
from models.errors import InvalidEvent
from streams.exits import Exit, end_process
from streams.ingest.board import Board
from streams.metrics import Metrics
from streams.shards import HostedShard, Place, ShardHost, Snapshotter
from streams.tracing import WAY, way_of
from streams.warmup import WarmUp

log = structlog.get_logger()

Effects = Callable[[Sequence[Any]], Awaitable[None]]


class Handler:
    """What an agent does with one message: gate, order, computation, effects, snapshot."""

    def __init__(
        self,
        host: ShardHost,
        warm_up: WarmUp,
        snapshotter: Snapshotter,
        board: Board,
        metrics: Metrics,
        park: Callable[[DeadLetter], Awaitable[None]],
    ) -> None:
        self._host = host
        self._warm_up = warm_up
        self._snapshotter = snapshotter
        self._board = board
        self._metrics = metrics
        self._park = park

    async def handle(
        self, place: Place, offset: int, raw: bytes, effects: Effects, stage: str, written_at_ms: int | None = None
    ) -> None:
        """Return once the message is in the state and all its effects are delivered.

        `written_at_ms` is the message's timestamp by Kafka's account.
        """
        shard = self._host.shard(place)
        await shard.gate.wait()
        if shard.dropped:
            raise asyncio.CancelledError  # handed over while we waited: must not be acknowledged here
        expected = shard.next_offset or 0
        if offset < expected:
            return  # in the state already, and its effects were delivered
        if offset > expected:
            await self._warm_up.catch_up(shard, offset)
        shard.in_flight = True
        await self._process(shard, offset, raw, effects, stage)
        shard.next_offset = offset + 1
        shard.record_at_ms = written_at_ms
        shard.in_flight = False
        await self._snapshotter.maybe(shard)

    async def _process(self, shard: HostedShard, offset: int, raw: bytes, effects: Effects, stage: str) -> None:
        try:
            with self._metrics.stage(stage):
                results = shard.stage.receive(raw)
        except InvalidEvent as error:
            log.error("not an envelope", shard=shard.name, offset=offset, error=str(error))
            now_ms = int(time.time() * 1000)
            await self._park(DeadLetter.of(error, shard.place.topic, shard.place.partition, offset, raw, now_ms))
            return
        await effects(results)
        self._board.report(shard.name, shard.stage.marks(), shard.stage.fill())


async def consume(stream: Any, handler: Handler, effects: Effects, stage: str) -> None:
    """Body of every agent; ends only with the stream."""
    async for value in stream:
        message = stream.current_event.message
        place = Place(message.topic, message.partition)
        way = way_of(message.timestamp, message.headers)
        WAY.set(way)
        await guarded(handler.handle(place, message.offset, value, effects, stage, way.written_at_ms))


async def guarded(work: Awaitable[None]) -> None:
    """Run `work`; end the process if it fails or is cancelled, so that it is never acknowledged."""
    try:
        await work
    except asyncio.CancelledError:
        log.warning("cancelled in the middle of a message, ending without acknowledging it")
        end_process(Exit.CANCELLED)
    except BaseException:  # Faust would acknowledge the message if this left the agent
        log.exception("unexpected error, ending the process")
        end_process(Exit.UNEXPECTED)
