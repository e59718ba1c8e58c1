"""The demo's hour through a real worker: every metric of the catalogue moves or says what would move it."""

import gzip
import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from evaluation.kafka_corner import Corner, wait_for
from evaluation.simulator.scenarios import demo
from models.events import Like, Post
from streams.catalogue import CATALOGUE, Metric, metric, series
from streams.logs import UNITS

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
SEED = 7
OF_PROMETHEUS_CLIENT = {"le"}


class Seen:
    """Greatest value of each series over several looks, and the values of labels."""

    def __init__(self) -> None:
        self.greatest: dict[str, float] = defaultdict(float)
        self.labels: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.log = ""
        self.spans: list[Any] = []

    def look(self, corner: Corner) -> None:
        _, page = corner.ask("/metrics")
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                self.greatest[sample.name] = max(self.greatest[sample.name], sample.value)
                for label, value in sample.labels.items():
                    self.labels[sample.name, label].add(value)

    def moved(self, one: Metric) -> bool:
        return any(self.greatest[name] > 0 for name in series(one))


@contextmanager
def collector(seen: Seen) -> Iterator[str]:
    """A collector of spans by OTLP over HTTP: what it is sent is in `seen`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent = ExportTraceServiceRequest.FromString(
                gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
            )
            for resource in sent.resource_spans:
                for scope in resource.scope_spans:
                    seen.spans += scope.spans
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def seen(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    found = Seen()
    with (
        collector(found) as traces_url,
        Corner(kafka_bootstrap, tmp_path_factory.mktemp("metrics"), probe_interval_s=0.2) as corner,
    ):
        worker = corner.start_worker(traces_url=traces_url, traces_ratio="1")
        wait_for(lambda: corner.ask("/-/ready")[0] == 200, 60, "a ready worker")
        found.look(corner)
        corner.produce(demo.events(SEED))
        corner.produce_raw(corner.settings.likes_topic, [b"no json"])
        wait_for(lambda: found.look(corner) or corner.lag() == 0, 240, "everything processed")
        corner.wait_drained(120)
        found.look(corner)
        worker.terminate()
        worker.wait(30)
        found.log = corner.log_of(0)
        yield found


@pytest.mark.parametrize("one", [one for one in CATALOGUE if "worker" in one.of], ids=lambda one: one.name)
def test_it_moves_or_says_what_would_move_it(seen: Seen, one: Metric) -> None:
    assert seen.moved(one) or one.moved_by, f"{one.name} stood still, and the catalogue does not say why"


@pytest.mark.parametrize("name", ["shoal_events_invalid_total", "shoal_dead_letters_total", "shoal_lag_seconds"])
def test_what_the_hour_brings_about_has_moved(seen: Seen, name: str) -> None:
    assert seen.moved(metric(name))


def test_labels_hold_what_the_catalogue_allows(seen: Seen) -> None:
    by_series = {name: one for one in CATALOGUE for name in series(one)}
    told = {name: {label for each, label in seen.labels if each == name} for name, _ in seen.labels}
    for name, labels in told.items():
        if not name.startswith("shoal_") or name.endswith("_created"):
            continue
        allowed = {label.name: label for label in by_series[name].labels}
        assert labels - OF_PROMETHEUS_CLIENT == set(allowed), name
        for label in labels - OF_PROMETHEUS_CLIENT:
            values = seen.labels[name, label]
            assert len(values) <= allowed[label].most, (name, label)
            if allowed[label].values:
                assert values <= set(allowed[label].values), (name, label)


def test_no_account_and_no_case_is_named(seen: Seen) -> None:
    values = {value for values in seen.labels.values() for value in values}
    accounts = {event.account_id for event in demo.events(SEED) if isinstance(event, Like | Post)}
    assert len(accounts) > 1_000
    assert values & accounts == set()
    assert not [value for value in values if re.fullmatch(r"[0-9a-f]{16}", value) and value not in _builds(seen)]


def _builds(seen: Seen) -> set[str]:
    return seen.labels["shoal_build_info", "configuration"]


def test_every_line_of_the_log_is_json_with_units(seen: Seen) -> None:
    lines = [json.loads(line) for line in seen.log.splitlines()]
    assert "alert opened" in {line["event"] for line in lines}
    for line in lines:
        assert {"event", "level", "logger", "timestamp"} <= set(line)
        for name, value in line.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            assert not number or name.endswith(UNITS), line


def test_each_alert_has_its_way_as_spans_from_ingest_to_store(seen: Seen) -> None:
    opened = [line for line in map(json.loads, seen.log.splitlines()) if line["event"] == "alert opened"]
    assert opened
    by_trace: dict[str, list[Any]] = defaultdict(list)
    for span in seen.spans:
        by_trace[span.trace_id.hex()].append(span)
    for line in opened:
        spans = by_trace[line["trace_id"]]
        (revision,) = [span for span in spans if span.name == "revision opened"]
        steps = [span for span in spans if span.parent_span_id == revision.span_id]
        steps.sort(key=lambda span: span.end_time_unix_nano)
        assert [span.name for span in steps][:3] == ["ingest", "shard", "coordinator"]
        assert [span.name for span in steps][-1] == "alert to the store"
        campaigns = {a.value.string_value for a in revision.attributes if a.key == "shoal.campaign"}
        assert campaigns == {line["campaign"]}
