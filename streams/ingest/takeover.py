"""Where to go on reading the sources that a rebalance gives to this worker."""

import time
from collections.abc import Sequence

from detector.ordering import NEVER
from streams.ingest.sources import Source, SourceId
from streams.log_reader import Committed, LogReader
from streams.settings import Settings


async def taken_over(settings: Settings, group: str, owned: Sequence[SourceId]) -> dict[SourceId, Source]:
    """Each source of `owned` as its last owner committed it. Raises `KafkaError` while the brokers do not answer."""
    found = {}
    async with LogReader(settings) as reader:
        commits = await reader.committed(group, owned)
        for source in owned:
            first, _ = await reader.bounds(*source)
            offset, note = commits.get(source, Committed(first, ""))
            newest_ms = int(note) if note.lstrip("-").isdigit() else NEVER
            found[source] = Source(source, max(offset, first), newest_ms, time.monotonic())
    return found
