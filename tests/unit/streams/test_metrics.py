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
from streams.catalogue import ACTION, CATALOGUE, NOT_READY, PART, REASON, STRUCTURE, Metric, metric, series
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
    wanted = {re.sub("_(total|info)$", "", one.name) for one in CATALOGUE if process in one.of}
    assert told == wanted


def test_what_the_catalogue_does_not_name_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        Instruments("worker").counter("shoal_surprise_total")
    with pytest.raises(ValueError, match="is a counter"):
        Instruments("worker").gauge("shoal_events_consumed_total")
    with pytest.raises(ValueError, match="of console"):
        Instruments("worker").gauge("shoal_review_cases")


def test_closed_sets_are_those_of_the_code() -> None:
    assert set(ACTION.values) == {action.value for action in Action}
    assert set(NOT_READY.values) == set(REASONS)
    settings = DetectorSettings()
    coordinator = Coordinator(settings, ["likes-0"])
    shards = [TargetShard("likes-0", settings, SOURCES), TextShard("text-0", settings, SOURCES)]
    told = [name for each in [*shards, coordinator] for name in (*each.fill, *each.evictions)]
    assert set(told) == set(STRUCTURE.values)
    assert set(PART.values) <= set(coordinator.figures)
    assert all(0 <= share <= 1 for each in [*shards, coordinator] for share in each.fill.values())


def test_what_is_counted_begins_with_nought_so_that_the_first_is_growth() -> None:
    metrics = Metrics()
    metrics.expect(["likes"])
    ShardFigures(metrics).show([shard("likes-0", warm=False)], 0.0)
    value = metrics.registry.get_sample_value
    assert value("shoal_alerts_total", {"outcome": "coordinated_inauthentic", "state": "opened"}) == 0
    assert value("shoal_trend_verdicts_total", {"outcome": "manufactured"}) == 0
    assert value("shoal_dead_letters_total", {"topic": "likes"}) == 0
    assert {value("shoal_events_invalid_total", {"topic": "likes", "reason": each}) for each in REASON.values} == {0}
    assert value("shoal_snapshot_failures_total", {"shard": "likes-0"}) == 0


def test_a_running_total_counts_what_it_grew_by() -> None:
    registry = CollectorRegistry()
    total = RunningTotal(Counter("a_total", "a", ["shard"], registry=registry))
    for value, wanted in ((5, 5), (5, 5), (9, 9), (2, 9), (4, 11)):  # at 2 the state began anew
        total.show(value, "one")
        assert registry.get_sample_value("a_total", {"shard": "one"}) == wanted
    total.show(1, "two")
    assert registry.get_sample_value("a_total", {"shard": "two"}) == 1


def test_what_a_shard_counted_elsewhere_is_not_counted_again_here() -> None:
    metrics = Metrics()
    told = ShardFigures(metrics)
    for late in (5, None, 9, 10):  # it went away after 5 and came back with 9
        told.show([] if late is None else [shard("likes-0", late=late)], 0.0)
    assert metrics.registry.get_sample_value("shoal_events_late_total", {"shard": "likes-0"}) == 6


# --- figures of shards


def shard(name: str, warm: bool = True, **figures: Any) -> Any:
    stage = SimpleNamespace(figures=lambda: figures)
    return SimpleNamespace(name=name, stage=stage, gate=SimpleNamespace(is_set=lambda: warm))


def test_series_of_a_shard_that_left_go() -> None:
    metrics = Metrics()
    told = ShardFigures(metrics)
    stays = shard("likes-1", fill={"buffer": 0.1}, buffered=1, watermark_ms=900_000)
    leaves = shard("likes-0", fill={"buffer": 0.5}, buffered=7, late=3, evictions={"buffer": 2}, watermark_ms=1_000)
    told.show([leaves, stays], now_s=1_000.0)
    value = metrics.registry.get_sample_value
    assert value("shoal_fill_ratio", {"shard": "likes-0", "structure": "buffer"}) == 0.5
    assert value("shoal_watermark_delay_seconds", {"shard": "likes-1"}) == 100
    assert value("shoal_evictions_total", {"shard": "likes-0", "structure": "buffer"}) == 2
    told.show([stays], now_s=1_001.0)
    assert value("shoal_fill_ratio", {"shard": "likes-0", "structure": "buffer"}) is None
    assert value("shoal_watermark_delay_seconds", {"shard": "likes-0"}) is None
    assert value("shoal_watermark_delay_seconds", {"shard": "likes-1"}) == 101
    assert value("shoal_events_late_total", {"shard": "likes-0"}) == 3


def test_the_coordinator_tells_the_size_of_the_graph_and_does_not_count_late_events_twice() -> None:
    metrics = Metrics()
    figures = {"late": 9, "figures": {"edges": 4, "topics_held": 7}, "topics": {"held": 7, "evicted": 1}}
    ShardFigures(metrics).show([shard("coordinator", drift={"far_likes": 1.5}, **figures)], 0.0)
    value = metrics.registry.get_sample_value
    assert value("shoal_graph_entries", {"part": "edges"}) == 4
    assert value("shoal_graph_entries", {"part": "topics_held"}) is None
    assert value("shoal_topics", {"figure": "evicted"}) is None
    assert value("shoal_calibration_drift_ratio", {"stratum": "far_likes"}) == 1.5
    assert value("shoal_events_late_total", {"shard": "coordinator"}) is None


def test_a_shard_that_loads_tells_nothing() -> None:
    metrics = Metrics()
    ShardFigures(metrics).show([shard("likes-0", warm=False, buffered=3)], 0.0)
    assert metrics.registry.get_sample_value("shoal_events_buffered", {"shard": "likes-0"}) is None


# --- lag in seconds


def test_a_backlog_from_before_is_aged_by_the_records_that_are_processed() -> None:
    clock = LagClock()
    assert clock.observe(10_000.0, end=500, position=100, processed_at_s=2_800.0) == 7_200
    assert clock.observe(10_010.0, end=500, position=300, processed_at_s=8_000.0) == 2_010
    assert clock.observe(10_020.0, end=520, position=510, processed_at_s=9_990.0) == 0  # seen to come at 10,020
    assert clock.observe(10_025.0, end=520, position=510, processed_at_s=5.0) == 5  # a quiet topic is no lag of hours
    assert clock.observe(10_030.0, end=520, position=520, processed_at_s=5.0) == 0


def test_a_record_from_the_future_is_no_negative_lag() -> None:
    assert LagClock().observe(10.0, end=5, position=1, processed_at_s=99.0) == 0


def test_a_long_wait_is_not_forgotten_and_takes_bounded_room() -> None:
    clock = LagClock()
    clock.observe(0.0, end=0, position=0)
    for now in range(1, 5 * SAMPLES_MAX):
        lag = clock.observe(float(now), end=now, position=0)
        assert len(clock._samples) <= SAMPLES_MAX
    assert lag == pytest.approx(5 * SAMPLES_MAX, abs=10)


def test_metric_knows_what_it_is() -> None:
    assert metric("shoal_lag_seconds").unit == "seconds"
    assert series(metric("shoal_detection_delay_seconds"))[0] == "shoal_detection_delay_seconds_bucket"


# --- room on disk


def test_room_on_disk_is_told_where_there_is_a_folder(tmp_path: Path) -> None:
    metrics = Metrics()
    show_disk(tmp_path, "snapshots", metrics.disk_free, metrics.disk_size)
    show_disk(tmp_path / "not there", "store", metrics.disk_free, metrics.disk_size)
    show_disk(None, "store", metrics.disk_free, metrics.disk_size)
    value = metrics.registry.get_sample_value
    free, size = (value(f"shoal_disk_{what}_bytes", {"folder": "snapshots"}) for what in ("free", "size"))
    assert free is not None
    assert size is not None
    assert 0 < free <= size
    assert value("shoal_disk_free_bytes", {"folder": "store"}) is None


def test_only_a_store_in_a_file_has_a_folder() -> None:
    assert store_folder("sqlite:////var/lib/shoal/shoal.db") == Path("/var/lib/shoal")
    assert store_folder("sqlite:///shoal.db") == Path()
    assert store_folder("postgresql+psycopg://u@h/d") is None


# --- set by running code


@pytest.mark.parametrize(("made", "folder"), [(Metrics, "streams"), (ConsoleMetrics, "console")])
def test_every_metric_is_set_somewhere(made: Any, folder: str) -> None:
    kept = {name for name, value in vars(made()).items() if isinstance(value, METERS)}
    root = Path(__file__).resolve().parents[3] / folder
    lines = [line for path in root.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    code = "\n".join(line for line in lines if " = made." not in line)
    own = {"_answers", "_seconds", "stage_cpu", "stage_wall"}  # set by methods beside them
    patterns = {name: rf"\bself\.{name}\.(labels|observe)" if name in own else rf"etrics\.{name}\b" for name in kept}
    assert len(kept) > 10
    assert [name for name, pattern in patterns.items() if not re.search(pattern, code)] == []
