"""`weibo-reposts`: a folder with `originals.parquet` and `reposts.parquet`.

An original becomes the post `str(event)`; a repost or comment becomes a post that repeats it. `mid`
is unique within an event only. Dates are Beijing time; those that do not parse are counted.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from evaluation.importers.base import Source, Tally, WrongSource, count_rows, parquet_batches, rows_of
from models.events import AnyEvent, Post, PostKind

BEIJING_MS = 8 * 3_600_000


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield the originals, then the reposts."""
    originals, reposts = source.path / "originals.parquet", source.path / "reposts.parquet"
    for path in (originals, reposts):
        if not path.is_file():
            raise WrongSource(f"{path} does not exist; weibo-reposts needs the folder with originals and reposts")
    count_rows(tally, originals, reposts)
    for batch in parquet_batches(originals, tally, ["event", "uid", "text", "ts"]):
        yield [Post(str(event), uid, text or "", ts * 1000) for event, uid, text, ts in rows_of(batch)]
    for batch in parquet_batches(reposts, tally, ["event", "mid", "parent", "uid", "date", "text"]):
        yield list(_reposts(batch, tally))


def _reposts(batch: pa.RecordBatch, tally: Tally) -> Iterator[Post]:
    moments = beijing_ms(batch.column("date"))
    for (event, mid, parent, uid, _, text), at_ms in zip(rows_of(batch), moments, strict=True):
        if at_ms is None:
            tally.skipped["date does not parse"] += 1
            continue
        answered = f"{event}-{parent}" if parent else None
        yield Post(f"{event}-{mid}", uid, text or "", at_ms, PostKind.REPOST, answered, str(event))


def beijing_ms(dates: pa.Array) -> list[int | None]:
    """`2011-03-16 22:44:58` in UTC+8 as epoch ms, None where it is written otherwise."""
    parsed = pc.strptime(dates.cast(pa.string()), format="%Y-%m-%d %H:%M:%S", unit="ms", error_is_null=True)
    found: list[int | None] = pc.subtract(parsed.cast(pa.int64()), BEIJING_MS).to_pylist()
    return found
