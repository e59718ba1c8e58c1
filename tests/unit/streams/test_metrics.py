"""The catalogue keeps its own rules, and a worker's metrics are those of the catalogue."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from console.decisions.entries import Action
from console.web.metrics import Metrics as ConsoleMetrics
from detector.coordinator import Coordinator
from detector.settings import DetectorSettings
from detector.shards import TargetShard, TextShard
from streams.catalogue import ACTION, CATALOGUE, NOT_READY, PART, STRUCTURE, Metric, metric, series
from streams.disk import show_disk, store_folder
from streams.health import REASONS
from streams.instruments import Instruments, RunningTotal
from streams.lag import SAMPLES_MAX, LagClock
from streams.metrics import Metrics
from streams.shard_figures import ShardFigures

SOURCES = [("likes", 0)]
METERS = (Counter, Gauge, Histogram, Info, RunningTotal)
each_metric = pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)


@each_metric
def test_a_name_is_prometheus_and_ends_in_its_unit(one: Metric) -> None:
    assert re.fullmatch(r"shoal_[a-z]+(_[a-z]+)*", one.name)
    assert one.name.endswith("_total") == (one.kind == "counter")
    assert one.name.endswith("_info") == (one.kind == "info")
    stem = one.name.removesuffix("_total")
    ends = {end for end in ("seconds", "bytes", "ratio") if stem.endswith("_" + end)}
    assert ends == ({one.unit} if one.unit else set())
    assert not re.search(r"_(ms|milliseconds|minutes|kb|mb|percent)(_|$)", one.name)
    assert one.help.endswith(".")
    assert bool(one.buckets) == (one.kind == "histogram")
    assert one.of


@each_metric
def test_labels_are_few_and_bounded(one: Metric) -> None:
    allowed = {
        "topic", "partition", "reason", "shard", "structure", "stratum", "stage", "part", "figure", "outcome", "state",
        "severity", "folder", "status", "action", "channel", "version", "configuration",
    }  # fmt: skip
    assert {label.name for label in one.labels} <= allowed
    assert all(1 <= label.most <= 1_000 for label in one.labels)
    assert all(label.values or label.meaning for label in one.labels)


def test_names_are_unique_and_series_do_not_collide() -> None:
    names = [name for one in CATALOGUE for name in series(one)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("made", [Metrics, ConsoleMetrics])
def test_a_process_makes_every_metric_of_its_own_and_no_other(made: Any) -> None:
    metrics = made()
    assert metrics.instruments.missing() == []
    process = "worker" if made is Metrics else "console"
    told = {family.name for family in metrics.instruments.registry.collect() if family.name.startswith("shoal_")}
    patterns = {name: rf"\bself\.{name}\.(labels|observe)" if name in own else rf"etrics\.{name}\b" for name in kept}
    assert len(kept) > 10
    assert [name for name, pattern in patterns.items() if not re.search(pattern, code)] == []
