"""The shards a worker hosts: state, gate, and the offset each expects next.

A gate is closed until its shard is warm, and the agent waits for it: a rebalance callback is no
barrier. The rule that makes redelivery and rebalances harmless: a shard knows
the offset it expects. An earlier one is already in its state and its effects were delivered, a
later one means that another worker was at it, and the gap is replayed with outputs muted.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import structlog

from models.errors import ShoalError
from streams.metrics import Metrics
from streams.snapshots import Frozen, Identity, SnapshotFolder, freeze
from streams.stages import Stage

log = structlog.get_logger()


class Place(NamedTuple):
    """The partition whose log is a shard's input."""

    topic: str
    partition: int


class HostedShard:
    """One stage with its gate."""

    def __init__(self, place: Place, make: Callable[[], Stage[Any]]) -> None:
        self.place = place
        self.make = make
        self.stage = make()
        self.next_offset: int | None = None
        """Offset of the first message not in the state; None until warm."""
        self.record_at_ms: int | None = None
        """Timestamp of the newest record in the state, by Kafka's account; None if it is not known."""
        self.gate = asyncio.Event()
        self.dropped = False
        self.in_flight = False
        """True while the state holds a message that `next_offset` does not cover yet."""
        self.snapshot_due_at = 0.0
        self.writing: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """Name of the stage."""
        return self.stage.name

    def fresh(self) -> None:
        """Forget the state, after a restore that failed half way."""
        self.stage = self.make()
        self.next_offset = None


class ShardHost:
    """All shards of this worker. `make` gives the stage factory of a place, or None for other topics."""

    def __init__(
        self,
        make: Callable[[Place], Callable[[], Stage[Any]] | None],
        warm_up: Callable[[HostedShard], Any],
        fail: Callable[[BaseException], Any],
    ) -> None:
        self._make = make
        self._warm_up = warm_up
        self._fail = fail
        self._shards: dict[Place, HostedShard] = {}
        self._warming: dict[Place, asyncio.Task[None]] = {}
        self.rebalancing = True

    def __iter__(self) -> Any:
        return iter(list(self._shards.values()))

    def __len__(self) -> int:
        return len(self._shards)

    @property
    def warm(self) -> bool:
        """True if every gate is open."""
        return all(shard.gate.is_set() for shard in self._shards.values())

    def assign(self, places: Iterable[Place]) -> None:
        """Keep what stays, drop what went to others, warm up what is new."""
        wanted = {place for place in places if self._make(place) is not None}
        for place in list(self._shards):
            if place not in wanted:
                self._drop(place)
        for place in sorted(wanted):
            self.shard(place)
        self.rebalancing = False
        log.info("shards assigned", shards=[shard.name for shard in self])

    def shard(self, place: Place) -> HostedShard:
        """The shard of a place; made and warmed up if the agent is earlier than the assignment."""
        shard = self._shards.get(place)
        if shard is None:
            make = self._make(place)
            if make is None:
                raise ShoalError(f"no shard reads {place.topic}")
            shard = self._shards[place] = HostedShard(place, make)
            self._warming[place] = asyncio.create_task(self._open(shard), name=f"warm-up {shard.name}")
        return shard

    async def _open(self, shard: HostedShard) -> None:
        try:
            await self._warm_up(shard)
            shard.gate.set()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # a shard that cannot warm up must end the process
            self._fail(error)

    def _drop(self, place: Place) -> None:
        shard = self._shards.pop(place)
        task = self._warming.pop(place, None)
        if task is not None:
            task.cancel()
        shard.dropped = True
        shard.gate.set()  # wakes whoever waits, to learn that it was dropped
        log.info("shard handed over", shard=shard.name, next_offset=shard.next_offset)


class Snapshotter:
    """Writes a shard's snapshot when it is due, between two envelopes; the disk is waited for elsewhere."""

    def __init__(
        self, folder: SnapshotFolder, interval_s: float, identity: Callable[[str], Identity], metrics: Metrics
    ) -> None:
        self._folder = folder
        self._interval_s = interval_s
        self._identity = identity
        self._metrics = metrics

    async def maybe(self, shard: HostedShard) -> None:
        """Take a snapshot if one is due and none is being written. Call only between two envelopes.

        Returns once the state is copied, in a thread, so that only this shard waits and the loop goes
        on; the disk is waited for by nobody.
        """
        now = time.monotonic()
        if shard.snapshot_due_at == 0.0:
            shard.snapshot_due_at = now + self._interval_s
        if now < shard.snapshot_due_at or (shard.writing is not None and not shard.writing.done()):
            return
        shard.snapshot_due_at = now + self._interval_s
        frozen = await asyncio.to_thread(self._freeze, shard)
        if frozen is not None:
            shard.writing = asyncio.create_task(asyncio.to_thread(self._write, frozen, now))

    def now(self, shard: HostedShard) -> None:
        """Write a snapshot and wait for the disk, at a clean stop."""
        started = time.monotonic()
        frozen = self._freeze(shard)
        if frozen is not None:
            self._write(frozen, started)

    def _freeze(self, shard: HostedShard) -> Frozen | None:
        if shard.next_offset is None or shard.in_flight:
            return None
        identity = self._identity(shard.name)
        with self._metrics.stage("snapshot"):
            return freeze(identity, shard.next_offset, int(time.time() * 1000), shard.stage.snapshot())

    def _write(self, frozen: Frozen, started: float) -> None:
        name = frozen.identity.shard
        try:
            path = self._folder.write(frozen)
        except OSError as error:
            # a full disk must not stop detection: the older snapshot and the log still cover us
            self._metrics.snapshot_failures.labels(name).inc()
            log.error("snapshot failed, going on without it", shard=name, error=str(error))
            return
        self._metrics.snapshot_taken.labels(name).set(frozen.taken_at_ms / 1000)
        self._metrics.snapshot_bytes.labels(name).set(frozen.size)
        self._metrics.snapshot_seconds.observe(time.monotonic() - started)
        log.debug("snapshot written", shard=name, file=path.name, size_bytes=frozen.size)
