"""What the doctor reads from the worker's pages; the figures are those of the real catalogue."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from streams.catalogue import CATALOGUE
from streams.doctor import CHECKS, Finding, Surroundings, Verdict, examine
from streams.doctor.machine import OWN_FIGURE, PORT
from streams.doctor.worker import EVICTIONS, FAILURES, FILL, INDEX, READY, TROUBLE, WATERMARK, WORKER
from streams.metrics import Metrics
from tests.unit.streams.doctor.conftest import Around

Serve = Callable[[dict[str, tuple[int, bytes]]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A site with the pages given; returns its address."""
    servers = []

    def start(pages: dict[str, tuple[int, bytes]]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = pages.get(self.path, (404, b"nothing here"))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def page(*reasons: str) -> tuple[int, bytes]:
    return (503 if reasons else 200), json.dumps({"ok": not reasons, "reasons": reasons}).encode()


def site(
    metrics: Metrics, alive: tuple[int, bytes] | None = None, ready: tuple[int, bytes] | None = None
) -> dict[str, tuple[int, bytes]]:
    return {"/-/healthy": alive or page(), "/-/ready": ready or page(), "/metrics": (200, metrics.exposition())}


def told(around: Around, url: str, *names: str) -> dict[str, Finding]:
    surroundings = Surroundings(around().settings, url, 1.0)
    checks = [check for check in CHECKS if check.name in {WORKER, *names}]
    return {finding.check: finding for finding in examine(surroundings, checks)}


def test_all_well(around: Around, serve: Serve) -> None:
    found = told(around, serve(site(Metrics())), READY, INDEX, TROUBLE)
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}


def test_none_answers(around: Around) -> None:
    found = told(around, "http://127.0.0.1:1", INDEX)
    assert found[WORKER].verdict is Verdict.PROBLEM
    assert "No worker answers at http://127.0.0.1:1: Connection refused" in found[WORKER].found
    assert found[INDEX].verdict is Verdict.UNSEEN


def test_no_proxy_is_asked(around: Around, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert told(around, serve(site(Metrics())))[WORKER].verdict is Verdict.OK


def test_an_address_that_is_none(around: Around) -> None:
    assert "say http://HOST:PORT" in told(around, "worker:6066")[WORKER].found


def test_stuck_and_not_ready(around: Around, serve: Serve) -> None:
    url = serve(site(Metrics(), page("40 messages wait and no offset moved for 130 s"), page("broker away", "loading")))
    found = told(around, url, READY)
    assert "40 messages wait" in found[WORKER].found
    found = told(around, serve(site(Metrics(), ready=page("broker away", "loading"))), READY)
    assert found[READY].verdict is Verdict.PROBLEM
    assert "See to the broker first" in found[READY].advice
    assert "it reads its state" in found[READY].advice


def test_something_else_answers(around: Around, serve: Serve) -> None:
    finding = told(around, serve({"/-/healthy": (200, b"healthy\n")}))[WORKER]
    assert finding.verdict is Verdict.UNSEEN
    assert "no worker of Shoal" in finding.found


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.5, Verdict.OK), (0.85, Verdict.WARNING), (0.97, Verdict.PROBLEM)], ids=str
)
def test_an_index_that_fills(around: Around, serve: Serve, share: float, verdict: Verdict) -> None:
    metrics = Metrics()
    metrics.fill.labels("likes-0", "windows").set(0.2)
    metrics.fill.labels("coordinator", "memberships").set(share)
    metrics.evictions.show(1234, "coordinator", "memberships")
    finding = told(around, serve(site(metrics)), INDEX)[INDEX]
    assert finding.verdict is verdict
    assert f"{share:.0%}" in finding.found
    assert ("1,234 of its entries were dropped" in finding.found) is (verdict is not Verdict.OK)
    if verdict is not Verdict.OK:
        assert "memberships of coordinator" in finding.found
        assert "overlap.memberships_max" in finding.advice


def test_what_failed_since_the_start(around: Around, serve: Serve) -> None:
    metrics = Metrics()
    metrics.store_failures.inc(3)
    metrics.snapshot_failures.labels("text-0").inc()
    finding = told(around, serve(site(metrics)), TROUBLE)[TROUBLE]
    assert finding.verdict is Verdict.WARNING
    assert "writes to the store 3 times, snapshots 1 times" in finding.found
    behind = Metrics()
    behind.watermark_delay.labels("likes-0").set(4_000)
    assert "67 min behind" in told(around, serve(site(behind)), TROUBLE)[TROUBLE].found


def test_figures_that_are_none(around: Around, serve: Serve) -> None:
    pages = {**site(Metrics()), "/metrics": (200, b"shoal_shards_owned{ nonsense")}
    assert told(around, serve(pages), INDEX)[INDEX].verdict is Verdict.UNSEEN


def test_the_figures_are_in_the_catalogue() -> None:
    assert {FILL, EVICTIONS, WATERMARK, OWN_FIGURE, *FAILURES} <= {metric.name for metric in CATALOGUE}


def test_every_structure_has_its_setting() -> None:
    from detector.coordinator import Coordinator
    from detector.engine import shard_names
    from detector.settings import DetectorSettings
    from detector.shards import TargetShard, TextShard
    from streams.doctor.worker import LIMITS

    settings = DetectorSettings()
    classes = (
        Coordinator(settings, shard_names(1)),
        TargetShard("likes-0", settings, []),
        TextShard("text-0", settings, []),
    )
    assert {name for each in classes for name in each.fill} == LIMITS.keys()
    for path in LIMITS.values():
        value: object = settings
        for part in path.split("."):
            value = getattr(value, part)
        assert isinstance(value, int)


def test_a_port_that_somebody_else_has(around: Around, serve: Serve) -> None:
    finding = told(around, serve({"/": (200, b"some other site")}), PORT)[PORT]
    assert finding.verdict is Verdict.PROBLEM
    assert "no worker of Shoal" in finding.found
