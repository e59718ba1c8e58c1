"""What shards tell of themselves, as metrics; and none of shards that went to another worker."""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import Gauge

from detector.ordering import NEVER
from streams.catalogue import PART
from streams.late_log import LateLog
from streams.metrics import Metrics
from streams.shards import HostedShard
from streams.stages import COORDINATOR


class ShardFigures:
    """Sets the metrics of the shards of a worker; a series whose shard has left is taken off."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._by_shard = [(metrics.buffered, "buffered"), (metrics.open_windows, "open_windows")]
        self._of_coordinator = [
            (metrics.calibration, "drift", None),
            (metrics.topics, "topics", ("held", "bursting")),
            (metrics.graph, "figures", PART.values),
        ]
        self._late_log = LateLog()
        self._shown: dict[str, set[tuple[Gauge, tuple[str, ...]]]] = {}

    def show(self, shards: Iterable[HostedShard], now_s: float) -> None:
        """Take a look at every warm shard. `now_s` is the wall clock, epoch s."""
        owned = set()
        for shard in shards:
            owned.add(shard.name)
            self._metrics.snapshot_failures.labels(shard.name)  # 0 from the start, so that the first failure is growth
            if shard.gate.is_set():
                self._shown.setdefault(shard.name, set())
                self._show(shard.name, shard.stage.figures(), now_s)
        for gone in set(self._shown) - owned:
            for gauge, labels in self._shown.pop(gone):
                gauge.remove(*labels)
            for gauge in (self._metrics.snapshot_taken, self._metrics.snapshot_bytes):
                gauge.remove(gone)
            for total in (self._metrics.late, self._metrics.duplicates, self._metrics.evictions):
                total.leave(gone)
            self._late_log.forget(gone)

    def _show(self, shard: str, figures: Mapping[str, Any], now_s: float) -> None:
        for gauge, name in self._by_shard:
            if name in figures:
                self._set(shard, gauge, figures[name], shard)
        for structure, share in figures.get("fill", {}).items():
            self._set(shard, self._metrics.fill, share, shard, structure)
        for gauge, name, wanted in self._of_coordinator:
            for label, value in figures.get(name, {}).items():
                if wanted is None or label in wanted:
                    self._set(shard, gauge, value, label)
        watermark_ms = figures.get("watermark_ms", NEVER)
        if watermark_ms > 0:
            self._set(shard, self._metrics.watermark_delay, max(0.0, now_s - watermark_ms / 1000), shard)
        self._count(shard, figures)
        if "late" in figures and shard != COORDINATOR:  # it only repeats what the shards told
            self._metrics.late.show(figures["late"], shard)
            self._late_log.tell(shard, figures["late"], now_s)

    def _count(self, shard: str, figures: Mapping[str, Any]) -> None:
        for structure, total in figures.get("evictions", {}).items():
            self._metrics.evictions.show(total, shard, structure)
        if "duplicates" in figures:
            self._metrics.duplicates.show(figures["duplicates"], shard)

    def _set(self, shard: str, gauge: Gauge, value: float, *labels: str) -> None:
        gauge.labels(*labels).set(value)
        self._shown[shard].add((gauge, labels))
