"""Every metric of worker and console: name, kind, unit, labels with their values, and what moves it.

The one place that names a metric. `streams.metrics` and `console.web.metrics` make what stands here and nothing
else; docs/metrics.md is written from it, and rules, panels and runbooks are held to it (tests/deploy). Names follow
Prometheus: base units, unit last, `_total` for counters. No label holds an account, a case or a name that people chose.
"""

from typing import Final, Literal, NamedTuple

from detector.calibration.strata import NAMES as STRATA
from models.alerts import AlertState, Outcome, Severity
from models.codec import REASONS
from models.trends import TrendOutcome

Kind = Literal["counter", "gauge", "histogram", "info"]
Unit = Literal["", "seconds", "bytes", "ratio"]
Process = Literal["worker", "console"]
DELAY_BUCKETS_S: Final = (0.25, 0.5, 1, 1.5, 2, 3, 5, 15, 30, 60, 120, 300, 600, 1_800)
SNAPSHOT_BUCKETS_S: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
ANSWER_BUCKETS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Label(NamedTuple):
    """A label: its name, its values if they are a closed set, else what they are, and how many at most."""

    name: str
    values: tuple[str, ...] = ()
    meaning: str = ""
    values_max: int = 0

    @property
    def most(self) -> int:
        """Most values it can take."""
        return len(self.values) or self.values_max


class Metric(NamedTuple):
    """One metric. `name` is that of its series, with `_total` and without `_bucket`; a plain number has no unit."""

    name: str
    kind: Kind
    unit: Unit
    help: str
    labels: tuple[Label, ...] = ()
    moved_by: str = ""
    """What has to happen before it moves; empty if any hour of live traffic (console: any visit) does."""
    buckets: tuple[float, ...] = ()
    of: tuple[Process, ...] = ("worker",)


TOPIC: Final = Label("topic", meaning="topics of the settings", values_max=16)
PARTITION: Final = Label("partition", meaning="numbers of partitions", values_max=1_000)
SHARD: Final = Label("shard", meaning="likes-0 … likes-N, text-0, coordinator", values_max=258)
REASON: Final = Label("reason", tuple(sorted(REASONS)))
STRUCTURE: Final = Label(
    "structure",
    ("buffer", "windows", "first_actions", "event_ids", "publications", "near_duplicates",
     "memberships", "burst_memberships", "topics"),
)  # fmt: skip
STRATUM: Final = Label("stratum", STRATA)
STAGE: Final = Label("stage", ("validate", "route", "text", "targets", "coordinator", "snapshot"))
PART: Final = Label(
    "part", ("cohorts", "edges", "bursts", "accounts", "rows", "cases", "batch_targets", "waiting")
)  # fmt: skip
FIGURE: Final = Label("figure", ("held", "bursting"))
OUTCOME: Final = Label("outcome", tuple(each.value for each in Outcome))
STATE: Final = Label("state", tuple(each.value for each in AlertState))
TREND_OUTCOME: Final = Label("outcome", tuple(each.value for each in TrendOutcome))
SEVERITY: Final = Label("severity", tuple(each.value for each in Severity))
NOT_READY: Final = Label(
    "reason", ("starting", "broker away", "rebalancing", "no partitions", "loading", "store failing")
)  # fmt: skip
FOLDER: Final = Label("folder", ("snapshots", "store"))
STATUS: Final = Label("status", meaning="HTTP status", values_max=60)
ACTION: Final = Label("action", ("confirm", "dismiss", "watch", "hand_over", "undo", "reopen"))
CHANNEL: Final = Label("channel", ("webhook", "slack", "discord", "teams", "mail", "pagerduty", "apprise", "unknown"))
SENT: Final = Label("outcome", ("sent", "failed", "dead"))
VERSION: Final = Label("version", meaning="that of this process", values_max=1)
CONFIGURATION: Final = Label("configuration", meaning="hash of the detector's settings", values_max=1)
CONSOLE: Final[tuple[Process, ...]] = ("console",)
BOTH: Final[tuple[Process, ...]] = ("worker", "console")

CATALOGUE: Final = (
    # ingest
    Metric("shoal_events_consumed_total", "counter", "", "Messages read from the raw topics.", (TOPIC,)),
    Metric("shoal_events_invalid_total", "counter", "", "Messages that broke the contract.", (TOPIC, REASON),
           "a message that breaks the contract"),
    Metric("shoal_dead_letters_total", "counter", "", "Dead letters delivered.", (TOPIC,), "an invalid message"),
    Metric("shoal_envelopes_total", "counter", "", "Envelopes delivered to internal topics.", (TOPIC,)),
    Metric("shoal_sources_paused", "gauge", "", "Partitions paused because they run ahead in event time.", (),
           "a partition over align_ms ahead of the slowest"),
    Metric("shoal_delivery_retries_total", "counter", "", "Deliveries that failed and are tried again.", (TOPIC,),
           "a broker that refuses or does not answer"),
    # shards
    Metric("shoal_events_late_total", "counter", "",
           "Events that came after their slice was released, since the shard's state began.", (SHARD,),
           "an event older than lateness_ms allows"),
    Metric("shoal_events_duplicate_total", "counter", "",
           "Redelivered events (coordinator: outputs) ignored, since the shard's state began.", (SHARD,),
           "a redelivery"),
    Metric("shoal_events_buffered", "gauge", "", "Events waiting for their slice to close.", (SHARD,)),
    Metric("shoal_windows_open", "gauge", "", "Open windows of targets.", (SHARD,)),
    Metric("shoal_fill_ratio", "gauge", "ratio", "Share used of a bounded structure, 0 to 1.", (SHARD, STRUCTURE)),
    Metric("shoal_evictions_total", "counter", "",
           "Entries dropped because a structure was full (buffer: slices closed early), since its state began.",
           (SHARD, STRUCTURE), "a full structure"),
    Metric("shoal_watermark_delay_seconds", "gauge", "seconds",
           "Wall clock minus event time up to which the shard is done; meaningful on live streams.", (SHARD,)),
    Metric("shoal_stage_cpu_seconds_total", "counter", "seconds", "CPU time of the thread during a stage.", (STAGE,)),
    Metric("shoal_stage_wall_seconds_total", "counter", "seconds", "Wall time during a stage.", (STAGE,)),
    Metric("shoal_graph_entries", "gauge", "",
           "Size of what the coordinator holds: cohorts, significant pairs (edges), bursts, accounts, rows of accounts "
           "on pairs, live cases, targets of batches, outputs waiting for other shards.", (PART,)),
    Metric("shoal_topics", "gauge", "", "Topics of trends held exactly, and those that burst.", (FIGURE,)),
    Metric("shoal_calibration_drift_ratio", "gauge", "ratio",
           "Pairs of cohorts with p up to 1e-6, over those that the configured phi allows for; near 1 while it fits.",
           (STRATUM,), "cohorts that are compared, a pair over the level"),
    # snapshots and warm-up
    Metric("shoal_snapshot_timestamp_seconds", "gauge", "seconds",
           "When the state in the newest snapshot was taken; its age is time() minus this.", (SHARD,)),
    Metric("shoal_snapshot_bytes", "gauge", "bytes", "Size of the newest snapshot written.", (SHARD,)),
    Metric("shoal_snapshot_seconds", "histogram", "seconds", "Time to serialise and write a snapshot.", (),
           buckets=SNAPSHOT_BUCKETS_S),
    Metric("shoal_snapshot_failures_total", "counter", "", "Snapshots that could not be written.", (SHARD,),
           "a full disk, or lost rights on the folder"),
    Metric("shoal_warmup_seconds", "gauge", "seconds", "Time the last warm-up of a shard took.", (SHARD,)),
    Metric("shoal_warmup_envelopes_total", "counter", "", "Envelopes replayed with outputs muted.", (SHARD,),
           "a restart, or a shard that moves to another worker"),
    # alerts
    Metric("shoal_alerts_total", "counter", "", "Revisions of alerts delivered.", (OUTCOME, STATE)),
    Metric("shoal_detection_delay_seconds", "histogram", "seconds",
           "Wall clock minus the newest action in an alert when it opens; meaningful on live streams.", (),
           buckets=DELAY_BUCKETS_S),
    Metric("shoal_trend_verdicts_total", "counter", "", "Verdicts on topics delivered.", (TREND_OUTCOME,),
           "a topic that bursts or has a place on a list"),
    Metric("shoal_store_failures_total", "counter", "", "Writes to the store that failed and were tried again.", (),
           "a store that is away, locked or full"),
    Metric("shoal_store_up", "gauge", "", "1 if the store took the last write (console: answers), else 0.", (),
           of=BOTH),
    # the worker
    Metric("shoal_lag_messages", "gauge", "", "Messages not yet processed.", (TOPIC, PARTITION)),
    Metric("shoal_lag_seconds", "gauge", "seconds", "Age of the oldest message not yet processed, 0 if there is none.",
           (TOPIC, PARTITION), "a message that waits when the worker looks, every probe_interval_s"),
    Metric("shoal_last_progress_timestamp_seconds", "gauge", "seconds", "When an offset was last seen to move."),
    Metric("shoal_ready", "gauge", "", "1 if ready, else 0."),
    Metric("shoal_not_ready", "gauge", "", "1 for each reason why not ready, else 0.", (NOT_READY,), "that reason"),
    Metric("shoal_shards_owned", "gauge", "", "Shards assigned to this worker."),
    # the console
    Metric("shoal_console_answers_total", "counter", "", "Answers by status.", (STATUS,), of=CONSOLE),
    Metric("shoal_console_answer_seconds", "histogram", "seconds", "Time to answer.", (),
           buckets=ANSWER_BUCKETS_S, of=CONSOLE),
    Metric("shoal_review_cases", "gauge", "", "Cases that ask for a person and are not decided.", (SEVERITY,),
           of=CONSOLE),
    Metric("shoal_review_oldest_seconds", "gauge", "seconds",
           "Age of the oldest of them since it was first told, 0 if there is none.", (SEVERITY,),
           of=CONSOLE),
    Metric("shoal_decisions_total", "counter", "", "Decisions in the log, by whatever console or command.", (ACTION,),
           "a decision", of=CONSOLE),
    Metric("shoal_verdicts_waiting", "gauge", "", "Decisions not yet on the topic of verdicts.", (),
           "a decision, until the relay has sent it", of=CONSOLE),
    Metric("shoal_verdicts_oldest_waiting_seconds", "gauge", "seconds",
           "Age of the oldest decision on a case among them, 0 if there is none.", (),
           "a decision that Kafka does not take", of=CONSOLE),
    Metric("shoal_notifications_total", "counter", "",
           "Messages to people that were sent, attempts that failed, messages given up (dead).", (CHANNEL, SENT),
           "a message, by a destination that is set up", of=CONSOLE),
    Metric("shoal_notifications_waiting", "gauge", "", "Messages to people not sent yet.", (CHANNEL,),
           "a message, until it is sent", of=CONSOLE),
    Metric("shoal_notifications_oldest_waiting_seconds", "gauge", "seconds",
           "For how long the oldest of them has waited, 0 if there is none.", (), "a message that is not taken",
           of=CONSOLE),
    # both
    Metric("shoal_disk_free_bytes", "gauge", "bytes", "Room left where snapshots and the store (SQLite) lie.",
           (FOLDER,), of=BOTH),
    Metric("shoal_disk_size_bytes", "gauge", "bytes", "Size of that disk.", (FOLDER,), of=BOTH),
    Metric("shoal_build_info", "info", "", "What runs here.", (VERSION, CONFIGURATION), of=BOTH),
)  # fmt: skip

FOREIGN: Final = {
    "up": "Prometheus: 1 if the last scrape succeeded",
    "ALERTS": "Prometheus: one series for each alert that is pending or fires",
    "process_cpu_seconds_total": "CPU time of the process",
    "process_resident_memory_bytes": "memory of the process",
    "process_open_fds": "open files of the process",
    "process_start_time_seconds": "when the process started",
}
"""Series that rules and panels use and that others make."""


def metric(name: str) -> Metric:
    """Return the metric of a name. Raises `KeyError`."""
    return _BY_NAME[name]


def series(one: Metric) -> tuple[str, ...]:
    """Names of its series in Prometheus."""
    if one.kind == "histogram":
        return tuple(one.name + end for end in ("_bucket", "_count", "_sum"))
    return (one.name,)


_BY_NAME: Final = {one.name: one for one in CATALOGUE}
