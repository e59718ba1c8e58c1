"""From nothing to warm: newest fitting snapshot, then the log up to the committed offset, outputs muted."""

import asyncio
import time
from collections.abc import Callable

import structlog

from models.errors import InvalidEvent, SnapshotMismatch
from streams.log_reader import LogReader
from streams.metrics import Metrics
from streams.settings import Settings
from streams.shards import HostedShard
from streams.snapshots import Identity, SnapshotFolder, load

log = structlog.get_logger()


class WarmUp:
    """Warms up shards; also closes gaps later (see `streams.shards`)."""

    def __init__(
        self, settings: Settings, folder: SnapshotFolder, identity: Callable[[str], Identity], metrics: Metrics
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._identity = identity
        self._metrics = metrics

    async def __call__(self, shard: HostedShard) -> None:
        """Leave `shard` in the state after every message that its group has committed."""
        started = time.monotonic()
        async with LogReader(self._settings) as reader:
            first, end = await reader.bounds(*shard.place)
            await self._restore(shard, first, end)
            commits = await reader.committed(self._settings.group, [shard.place])
            committed = commits.get(shard.place)
            target = first if committed is None else min(committed.offset, end)
            replayed = await self._replay(shard, reader, first, target)
        seconds = time.monotonic() - started
        self._metrics.warmup_seconds.labels(shard.name).set(seconds)
        log.info(
            "shard is warm",
            shard=shard.name,
            next_offset=shard.next_offset,
            replayed_total=replayed,
            took_s=round(seconds, 3),
        )

    async def catch_up(self, shard: HostedShard, offset: int) -> None:
        """Replay what another worker did, up to `offset` (exclusive)."""
        async with LogReader(self._settings) as reader:
            first, _ = await reader.bounds(*shard.place)
            replayed = await self._replay(shard, reader, first, offset)
        log.info("gap replayed", shard=shard.name, next_offset=shard.next_offset, replayed_total=replayed)

    async def _restore(self, shard: HostedShard, first: int, end: int) -> None:
        for path in self._folder.candidates(shard.name):
            try:
                found = await asyncio.to_thread(load, path, self._identity(shard.name))
                if not first <= found.next_offset <= end:
                    raise SnapshotMismatch(f"{path.name} covers offset {found.next_offset}, log has {first} to {end}")
                await asyncio.to_thread(shard.stage.restore, found.parts)
            except SnapshotMismatch as error:
                log.warning("snapshot does not fit, trying an older one", shard=shard.name, reason=str(error))
                shard.fresh()
            else:
                shard.next_offset = found.next_offset
                self._metrics.snapshot_taken.labels(shard.name).set(found.taken_at_ms / 1000)
                log.info("snapshot loaded", shard=shard.name, file=path.name)
                return
        log.warning(
            "no snapshot fits: state is rebuilt from the oldest message still in the log",
            shard=shard.name,
            offset=first,
        )

    async def _replay(self, shard: HostedShard, reader: LogReader, first: int, until: int) -> int:
        start = first if shard.next_offset is None else shard.next_offset
        if start < first:
            log.error(
                "the log no longer has what this shard needs; detection has a gap",
                shard=shard.name,
                missing_total=first - start,
            )
            start = first
        count = 0
        if start < until:
            async for records in reader.read(*shard.place, start, until):
                raws = [record.value for record in records]
                await asyncio.to_thread(_receive_muted, shard, raws)
                count += len(raws)
                shard.record_at_ms = records[-1].timestamp
                self._metrics.warmup_replayed.labels(shard.name).inc(len(raws))
        shard.next_offset = max(start, until)
        return count


def _receive_muted(shard: HostedShard, raws: list[bytes]) -> None:
    for raw in raws:
        try:
            shard.stage.receive(raw)
        except InvalidEvent:
            continue  # it went to the dead letters when it was first seen
