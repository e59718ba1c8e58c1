"""Counters, gauges and histograms made as the catalogue says, and counters whose total is kept elsewhere."""

from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import generate_latest

from streams.catalogue import CATALOGUE, Kind, Metric, Process, metric


class RunningTotal:
    """A counter that follows a total kept elsewhere: in a shard's state, or in the database.

    It counts from 0 to the total at the first look, and then what the total grew by. A total that went back
    (a state begun anew) counts from there. What a total grew by while it was away is not counted: elsewhere it was.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._seen: dict[tuple[str, ...], float] = {}
        self._away: set[tuple[str, ...]] = set()

    def show(self, total: float, *labels: str) -> None:
        """Say what the total is now."""
        grown = 0.0 if labels in self._away else total - self._seen.get(labels, 0.0)
        self._away.discard(labels)
        self._seen[labels] = total
        child = self._counter.labels(*labels) if labels else self._counter
        child.inc(max(grown, 0.0))

    def leave(self, first_label: str) -> None:
        """Say that somebody else counts the totals of this first label now."""
        self._away |= {labels for labels in self._seen if labels[:1] == (first_label,)}


class Instruments:
    """The metrics of one process on a registry of its own. Each may be made once; `missing` names the others."""

    def __init__(self, process: Process) -> None:
        self.registry = CollectorRegistry()
        self._process = process
        self._made: set[str] = set()
        ProcessCollector(registry=self.registry)  # process_cpu_seconds_total, process_resident_memory_bytes and such

    def counter(self, name: str) -> Counter:
        """Make a counter that begins with 0 for every value of its labels, where they are a closed set.

        Prometheus sees no growth in a series whose first sample is a 1: the first of what is bad would raise no alert.
        """
        counter = self._counter(name)
        labels = metric(name).labels
        for values in product(*(label.values for label in labels)) if labels else ():
            counter.labels(*values)
        return counter

    def total(self, name: str) -> RunningTotal:
        """Make a counter whose total is kept elsewhere. Who keeps it says with what it begins."""
        return RunningTotal(self._counter(name))

    def gauge(self, name: str) -> Gauge:
        """Make a gauge."""
        one = self._one(name, "gauge")
        return Gauge(one.name, one.help, _labels(one), registry=self.registry)

    def histogram(self, name: str) -> Histogram:
        """Make a histogram."""
        one = self._one(name, "histogram")
        return Histogram(one.name, one.help, _labels(one), registry=self.registry, buckets=one.buckets)

    def info(self, name: str) -> Info:
        """Make an information: its labels are given with it."""
        one = self._one(name, "info")
        return Info(one.name.removesuffix("_info"), one.help, registry=self.registry)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)

    def missing(self) -> list[str]:
        """Metrics of this process in the catalogue that were not made."""
        return [one.name for one in CATALOGUE if self._process in one.of and one.name not in self._made]

    def _counter(self, name: str) -> Counter:
        one = self._one(name, "counter")
        return Counter(one.name, one.help, _labels(one), registry=self.registry)

    def _one(self, name: str, kind: Kind) -> Metric:
        one = metric(name)
        if one.kind != kind or self._process not in one.of or name in self._made:
            raise ValueError(f"{name} is a {one.kind} of {' and '.join(one.of)}, made once")
        self._made.add(name)
        return one


def _labels(one: Metric) -> tuple[str, ...]:
    return tuple(label.name for label in one.labels)
