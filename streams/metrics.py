"""Every metric of a worker, with its meaning, in one place.

Own registry: Faust's sensor counts milliseconds and has no lag in seconds. Base units, `_total` for
counters, no account or campaign id as a label. Gauges whose cause lives elsewhere (buffers, ages)
are set by the probe every few seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import generate_latest

DELAY_BUCKETS_S = (0.25, 0.5, 1, 1.5, 2, 3, 5, 15, 30, 60, 120, 300, 600, 1_800)
SNAPSHOT_BUCKETS_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The catalogue. One object a process, passed to whoever counts."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter("shoal_" + name, meaning, labels, registry=registry)

        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge("shoal_" + name, meaning, labels, registry=registry)

        # ingest
        self.consumed = counter("events_consumed_total", "Messages read from the raw topics.", "topic")
        self.invalid = counter("events_invalid_total", "Messages that broke the contract.", "topic", "reason")
        self.dead_letters = counter("dead_letters_total", "Dead letters delivered.", "topic")
        self.envelopes = counter("envelopes_total", "Envelopes delivered to internal topics.", "topic")
        self.paused = gauge("sources_paused", "Sources paused because they run ahead in event time.")
        self.retries = counter("delivery_retries_total", "Deliveries that failed and are tried again.", "topic")

        # shards
        self.late = gauge("events_late", "Events that came after their slice, since the state began.", "shard")
        self.duplicates = gauge("events_duplicate", "Redelivered events ignored, since the state began.", "shard")
        self.buffered = gauge("events_buffered", "Events waiting for their slice to close.", "shard")
        self.open_windows = gauge("windows_open", "Open windows.", "shard")
        self.fill = gauge("fill_ratio", "Share used of a bounded structure, 0 to 1.", "shard", "structure")
        self.evictions = gauge("evictions", "Entries dropped because a structure was full.", "shard")
        self.calibration = gauge(
            "calibration_observed_over_expected",
            "Pairs of cohorts with p up to 1e-6, over those expected by the configured phi; near 1 while it fits.",
            "stratum",
        )
        self.watermark_delay = gauge(
            "watermark_delay_seconds", "Wall clock minus watermark; meaningful on live streams.", "shard"
        )
        self.stage_cpu = counter("stage_cpu_seconds_total", "CPU seconds of the thread during a stage.", "stage")
        self.stage_wall = counter("stage_wall_seconds_total", "Wall seconds during a stage.", "stage")

        # snapshots and warm-up
        self.snapshot_taken = gauge("snapshot_timestamp_seconds", "When the newest snapshot was written.", "shard")
        self.snapshot_bytes = gauge("snapshot_bytes", "Size of the newest snapshot.", "shard")
        self.snapshot_seconds = Histogram(
            "shoal_snapshot_seconds", "Time to serialise and write.", buckets=SNAPSHOT_BUCKETS_S, registry=registry
        )
        self.snapshot_failures = counter("snapshot_failures_total", "Snapshots that could not be written.", "shard")
        self.warmup_seconds = gauge("warmup_seconds", "Time the last warm-up took.", "shard")
        self.warmup_replayed = counter("warmup_envelopes_total", "Envelopes replayed with outputs muted.", "shard")

        # alerts
        self.alerts = counter("alerts_total", "Revisions of alerts delivered.", "outcome", "state")
        self.detection_delay = Histogram(
            "shoal_detection_delay_seconds",
            "Wall clock minus the newest action in an opened alert, waiting included; meaningful on live streams.",
            buckets=DELAY_BUCKETS_S,
            registry=registry,
        )
        self.topics = gauge(
            "topics", "Topics held exactly, those that burst, those given up since the state began.", "figure"
        )
        self.trend_verdicts = counter("trend_verdicts_total", "Verdicts on topics delivered.", "outcome")
        self.store_failures = counter("store_failures_total", "Writes to the store that failed and were retried.")

        # the process
        self.lag = gauge("lag_messages", "Messages not yet processed.", "topic", "partition")
        self.lag_seconds = gauge("lag_seconds", "Age of the oldest message not yet processed.", "topic", "partition")
        self.progress = gauge("last_progress_timestamp_seconds", "When an offset last moved.")
        self.ready = gauge("ready", "1 if ready, else 0.")
        self.shards_owned = gauge("shards_owned", "Shards assigned to this worker.")
        ProcessCollector(registry=registry)  # process_cpu_seconds_total, process_resident_memory_bytes and such
        self.build = Info("shoal_build", "What runs here.", registry=registry)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a synchronous stage. It must not await: CPU is that of this thread."""
        wall, cpu = perf_counter(), thread_time()
        try:
            yield
        finally:
            self.stage_wall.labels(name).inc(perf_counter() - wall)
            self.stage_cpu.labels(name).inc(thread_time() - cpu)
