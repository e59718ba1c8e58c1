"""The dashboard of those who keep Shoal running."""

from typing import Final

from panels import FIRING, Board, Panel, per_s, quantile

INVALID: Final = (
    "sum by (topic) (rate(shoal_events_invalid_total[10m])) / sum by (topic) (rate(shoal_events_consumed_total[10m]))"
)
WAITING: Final = (
    f"{per_s('shoal_stage_wall_seconds_total', 'stage')} - {per_s('shoal_stage_cpu_seconds_total', 'stage')}"
)

PIPELINE: Final = Board(
    "shoal-pipeline",
    "Shoal: pipeline",
    "From events to alerts: is it alive, on time, and whole?",
    {
        "Is it alive and on time?": (
            Panel("Workers", "Workers that answer.", "short", (('sum(up{job="shoal"})', ""),), single=True),
            Panel("Ready", "Workers that judge what they own.", "short", (("sum(shoal_ready)", ""),), single=True),
            Panel(
                "Behind by",
                "Age of the oldest message not yet processed.",
                "s",
                (("max(shoal_lag_seconds)", ""),),
                60,
                single=True,
            ),
            Panel(
                "Alerts come after",
                "Ninth decile of an hour: from the newest action in an alert to its opening.",
                "s",
                ((quantile(0.9, "shoal_detection_delay_seconds_bucket", "1h"), ""),),
                60,
                single=True,
            ),
            FIRING,
            Panel(
                "Why not ready",
                "Reasons that hold, by worker.",
                "short",
                (("sum by (instance, reason) (shoal_not_ready) > 0", "{{instance}}: {{reason}}"),),
            ),
        ),
        "Events in": (
            Panel(
                "Events read",
                "Messages from the raw topics.",
                "ops",
                ((per_s("shoal_events_consumed_total", "topic"), "{{topic}}"),),
            ),
            Panel(
                "Invalid",
                "Share of the messages that broke the contract; at 20 % the workers stop.",
                "percentunit",
                ((INVALID, "{{topic}}"),),
                0.1,
            ),
            Panel(
                "Invalid, by reason",
                "What is wrong with them (docs/events.md).",
                "ops",
                ((per_s("shoal_events_invalid_total", "reason"), "{{reason}}"),),
            ),
            Panel(
                "Late and again",
                "Events behind their slice, events that came twice, dead letters.",
                "ops",
                (
                    (per_s("shoal_events_late_total"), "late"),
                    (per_s("shoal_events_duplicate_total"), "redelivered"),
                    (per_s("shoal_dead_letters_total"), "dead letters"),
                ),
            ),
        ),
        "Time": (
            Panel(
                "Lag",
                "Age of the oldest message not yet processed, by topic.",
                "s",
                (("max by (topic) (shoal_lag_seconds)", "{{topic}}"),),
                300,
            ),
            Panel("Messages waiting", "By topic.", "short", (("sum by (topic) (shoal_lag_messages)", "{{topic}}"),)),
            Panel(
                "Watermark",
                "Clock minus event time up to which a shard is done.",
                "s",
                (("max by (shard) (shoal_watermark_delay_seconds)", "{{shard}}"),),
                300,
            ),
            Panel(
                "Detection delay",
                "From the newest action in an alert to its opening.",
                "s",
                (
                    (quantile(0.5, "shoal_detection_delay_seconds_bucket"), "half"),
                    (quantile(0.9, "shoal_detection_delay_seconds_bucket"), "nine of ten"),
                    (quantile(0.99, "shoal_detection_delay_seconds_bucket"), "99 of 100"),
                ),
                60,
            ),
            Panel(
                "Last progress",
                "Time since an offset moved, by worker.",
                "s",
                (("time() - shoal_last_progress_timestamp_seconds", "{{instance}}"),),
                120,
            ),
            Panel(
                "Held back",
                "Partitions that run ahead, events that wait for their slice, open windows.",
                "short",
                (
                    ("sum(shoal_sources_paused)", "paused partitions"),
                    ("sum(shoal_events_buffered)", "buffered events"),
                    ("sum(shoal_windows_open)", "open windows"),
                ),
            ),
        ),
        "Work": (
            Panel(
                "CPU by stage",
                "Cores in use; 1 is a full one.",
                "short",
                ((per_s("shoal_stage_cpu_seconds_total", "stage"), "{{stage}}"),),
            ),
            Panel(
                "Waiting by stage",
                "Time of a stage in which its thread did not compute.",
                "percentunit",
                (
                    (
                        WAITING,
                        "{{stage}}",
                    ),
                ),
            ),
            Panel(
                "Envelopes",
                "Messages to the internal topics.",
                "ops",
                ((per_s("shoal_envelopes_total", "topic"), "{{topic}}"),),
            ),
            Panel(
                "Tried again",
                "Deliveries to Kafka and writes to the store that failed.",
                "ops",
                (
                    (per_s("shoal_delivery_retries_total", "topic"), "{{topic}}"),
                    (per_s("shoal_store_failures_total"), "store"),
                ),
            ),
            Panel(
                "Memory",
                "By process.",
                "bytes",
                (('process_resident_memory_bytes{job=~"shoal.*"}', "{{job}} {{instance}}"),),
            ),
            Panel(
                "CPU",
                "Cores in use, by process.",
                "short",
                (('rate(process_cpu_seconds_total{job=~"shoal.*"}[$__rate_interval])', "{{job}} {{instance}}"),),
            ),
        ),
        "State": (
            Panel(
                "Fill",
                "Fullest of each structure. The index of texts is a ring: full is how it works.",
                "percentunit",
                (("max by (structure) (shoal_fill_ratio)", "{{structure}}"),),
                0.8,
            ),
            Panel(
                "Evictions",
                "Entries dropped because a structure was full.",
                "ops",
                ((per_s("shoal_evictions_total", "structure"), "{{structure}}"),),
            ),
            Panel(
                "Graph", "What the coordinator holds.", "short", (("sum by (part) (shoal_graph_entries)", "{{part}}"),)
            ),
            Panel(
                "Calibration",
                "Unlikely overlaps over those that φ allows for: near 1 while it fits.",
                "short",
                (("max by (stratum) (shoal_calibration_drift_ratio)", "{{stratum}}"),),
                3,
            ),
            Panel(
                "Age of snapshots",
                "By shard.",
                "s",
                (("time() - max by (shard) (shoal_snapshot_timestamp_seconds)", "{{shard}}"),),
                900,
            ),
            Panel("Size of snapshots", "By shard.", "bytes", (("max by (shard) (shoal_snapshot_bytes)", "{{shard}}"),)),
            Panel(
                "Writing snapshots",
                "Ninth decile.",
                "s",
                ((quantile(0.9, "shoal_snapshot_seconds_bucket"), "seconds"),),
            ),
            Panel(
                "Snapshots that failed",
                "In a quarter of an hour.",
                "short",
                (("sum by (shard) (increase(shoal_snapshot_failures_total[15m]))", "{{shard}}"),),
            ),
            Panel(
                "Warm-up", "How long the last one took.", "s", (("max by (shard) (shoal_warmup_seconds)", "{{shard}}"),)
            ),
            Panel(
                "Replayed",
                "Envelopes taken again during warm-ups, in a quarter of an hour.",
                "short",
                (("sum by (shard) (increase(shoal_warmup_envelopes_total[15m]))", "{{shard}}"),),
            ),
            Panel("Shards", "Who owns how many.", "short", (("shoal_shards_owned", "{{instance}}"),)),
            Panel(
                "Room on disk",
                "Share left.",
                "percentunit",
                (("shoal_disk_free_bytes / shoal_disk_size_bytes", "{{job}} {{folder}}"),),
                0.1,
                low_is_bad=True,
            ),
            Panel("Store", "1 if it takes what is written.", "short", (("shoal_store_up", "{{job}} {{instance}}"),)),
            Panel(
                "Versions",
                "What runs where.",
                "short",
                (
                    (
                        "count by (job, version, configuration) (shoal_build_info)",
                        "{{job}} {{version}} {{configuration}}",
                    ),
                ),
            ),
        ),
    },
)
