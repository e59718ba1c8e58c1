"""What a worker counts. Names, meanings and labels are in `streams.catalogue`.

Own registry: Faust's sensor counts milliseconds and has no lag in seconds. Gauges whose cause lives
elsewhere (buffers, ages) are set by the probe every few seconds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

from streams.catalogue import REASON
from streams.instruments import Instruments


class Metrics:
    """One object a process, passed to whoever counts."""

    def __init__(self) -> None:
        made = self.instruments = Instruments("worker")
        self.registry = made.registry

        # ingest
        self.consumed = made.counter("shoal_events_consumed_total")
        self.invalid = made.counter("shoal_events_invalid_total")
        self.dead_letters = made.counter("shoal_dead_letters_total")
        self.envelopes = made.counter("shoal_envelopes_total")
        self.paused = made.gauge("shoal_sources_paused")
        self.retries = made.counter("shoal_delivery_retries_total")

        # shards
        self.late = made.total("shoal_events_late_total")
        self.duplicates = made.total("shoal_events_duplicate_total")
        self.evictions = made.total("shoal_evictions_total")
        self.buffered = made.gauge("shoal_events_buffered")
        self.open_windows = made.gauge("shoal_windows_open")
        self.fill = made.gauge("shoal_fill_ratio")
        self.watermark_delay = made.gauge("shoal_watermark_delay_seconds")
        self.graph = made.gauge("shoal_graph_entries")
        self.topics = made.gauge("shoal_topics")
        self.calibration = made.gauge("shoal_calibration_drift_ratio")
        self.stage_cpu = made.counter("shoal_stage_cpu_seconds_total")
        self.stage_wall = made.counter("shoal_stage_wall_seconds_total")

        # snapshots and warm-up
        self.snapshot_taken = made.gauge("shoal_snapshot_timestamp_seconds")
        self.snapshot_bytes = made.gauge("shoal_snapshot_bytes")
        self.snapshot_seconds = made.histogram("shoal_snapshot_seconds")
        self.snapshot_failures = made.counter("shoal_snapshot_failures_total")
        self.warmup_seconds = made.gauge("shoal_warmup_seconds")
        self.warmup_replayed = made.counter("shoal_warmup_envelopes_total")

        # alerts
        self.alerts = made.counter("shoal_alerts_total")
        self.detection_delay = made.histogram("shoal_detection_delay_seconds")
        self.trend_verdicts = made.counter("shoal_trend_verdicts_total")
        self.store_failures = made.counter("shoal_store_failures_total")
        self.store_up = made.gauge("shoal_store_up")
        self.store_up.set(1)

        # the process
        self.lag = made.gauge("shoal_lag_messages")
        self.lag_seconds = made.gauge("shoal_lag_seconds")
        self.progress = made.gauge("shoal_last_progress_timestamp_seconds")
        self.ready = made.gauge("shoal_ready")
        self.not_ready = made.gauge("shoal_not_ready")
        self.shards_owned = made.gauge("shoal_shards_owned")
        self.disk_free = made.gauge("shoal_disk_free_bytes")
        self.disk_size = made.gauge("shoal_disk_size_bytes")
        self.build = made.info("shoal_build_info")

    def expect(self, raw_topics: Iterable[str]) -> None:
        """Begin with 0 what is counted by raw topic: see `Instruments.counter`."""
        for topic in raw_topics:
            self.consumed.labels(topic)
            self.dead_letters.labels(topic)
            for reason in REASON.values:
                self.invalid.labels(topic, reason)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return self.instruments.exposition()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a synchronous stage. It must not await: CPU is that of this thread."""
        wall, cpu = perf_counter(), thread_time()
        try:
            yield
        finally:
            self.stage_wall.labels(name).inc(perf_counter() - wall)
            self.stage_cpu.labels(name).inc(thread_time() - cpu)
