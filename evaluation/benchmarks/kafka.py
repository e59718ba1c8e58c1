"""Raw Kafka topics to alerts, with worker and broker on this machine: rate, CPU by stage, delay.

Two measurements, each with topics of its own and one worker:

- *backlog*: everything is on the topics before the worker starts; the clock runs from the first event
  consumed to the last offset committed, so neither start-up nor the producer counts;
- *live*: events happen as they are sent, at half the rate of the backlog; the delay of an alert is the
  broker's time of the alert less its newest action, whatever the detector waited for in between. Where
  the sender falls behind its own clock (`sender_behind_s`), that counts as delay too.
"""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families

from evaluation.kafka_corner import Corner, wait_for
from evaluation.simulator import Scenario, simulate
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from models.alerts import AlertState
from models.codec import decode_alert
from models.events import AnyEvent

ARMIES = 8
POLL_S = 0.1
DRAIN_TIMEOUT_S = 600.0
PRODUCTION = {
    "commit_interval_ms": 1_000,
    "idle_after_ms": 500,
    "snapshot_interval_s": 60.0,
    "request_timeout_ms": 10_000,
}
"""What a corner sets for the sake of short tests is put back to the defaults."""


class _Clock(Struct):
    """What the worker's metrics said."""

    started_s: float | None = None
    ended_s: float | None = None
    cpu_before_s: float = 0.0
    """CPU seconds that the process had spent on starting."""


def run(
    bootstrap: str, events: int = 100_000, live_s: int = 40, seed: int = 7, live_per_s: float | None = None
) -> dict[str, Any]:
    """Measure the backlog, then the delay at half its rate (or at `live_per_s`) on the broker `bootstrap`."""
    with tempfile.TemporaryDirectory(prefix="shoal-bench-") as folder:
        backlog = _backlog(bootstrap, Path(folder) / "backlog", _events_of(events, 600_000, seed))
        rate = backlog["events_per_s"] / 2 if live_per_s is None else live_per_s
        live = _live(bootstrap, Path(folder) / "live", _events_of(int(rate * live_s), live_s * 1000, seed + 1), live_s)
    return {"backlog": backlog, "live": live}


def _events_of(wanted: int, duration_ms: int, seed: int) -> list[AnyEvent]:
    """About `wanted` events over a duration, 10 % posts, with armies that like in bursts."""
    scale = 1.0
    for _ in range(3):
        organic = Organic(
            accounts=max(2_000, wanted // 10),
            posts=max(200, wanted // 10),
            likes=max(1_000, int(wanted * scale)),
            earlier_posts=max(500, wanted // 20),
            reaction_ms=duration_ms // 20,
        )
        found = simulate(Scenario("load", _armies(duration_ms), organic, duration_ms=duration_ms), seed).events
        if abs(len(found) - wanted) < 0.03 * wanted:
            break
        scale *= wanted / len(found)
    return found


def _armies(duration_ms: int) -> tuple[LikeArmy, ...]:
    return tuple(
        LikeArmy(
            group=f"army {number}",
            size=30,
            targets=6,
            jitter_ms=min(60_000, duration_ms // 10),
            after_ms=0,
            begin=0.1,
        )
        for number in range(ARMIES)
    )


def _backlog(bootstrap: str, folder: Path, events: list[AnyEvent]) -> dict[str, Any]:
    with _corner(bootstrap, folder) as (corner, port):
        corner.produce(events)
        corner.start_worker()
        clock = _Clock()
        wait_for(lambda: _drained(corner, port, clock), DRAIN_TIMEOUT_S, "an empty backlog")
        assert clock.started_s is not None and clock.ended_s is not None  # noqa: PT018, S101  # set before it is drained
        seconds = clock.ended_s - clock.started_s
        stages = _stage_cpu(port)
        process_s = (_value(port, "process_cpu_seconds_total") or 0.0) - clock.cpu_before_s
        stages["Kafka clients, Faust and event loop"] = process_s - sum(stages.values())
        alerts = len(corner.alerts())
    million = 1e6 / len(events)
    return {
        "events": len(events),
        "seconds": round(seconds, 2),
        "events_per_s": round(len(events) / seconds),
        "cpu_seconds_per_million_by_stage": {stage: round(spent * million, 2) for stage, spent in stages.items()},
        "cpu_seconds_per_million": round(process_s * million, 2),
        "alert_revisions": alerts,
    }


def _live(bootstrap: str, folder: Path, events: list[AnyEvent], live_s: int) -> dict[str, Any]:
    with _corner(bootstrap, folder) as (corner, port):
        corner.start_worker()
        wait_for(lambda: _answers(port, "/-/ready"), 60, "a ready worker")
        produced = corner.produce(events, speed=1.0, rebase=True)
        corner.wait_drained(DRAIN_TIMEOUT_S)
        found = [(message.timestamp, decode_alert(message.value)) for message in corner.messages(corner.names.alerts)]
    delays_s = [(at_ms - alert.last_action_ms) / 1000 for at_ms, alert in found if alert.state is AlertState.OPENED]
    figures: dict[str, Any] = {
        "events": len(events),
        "events_per_s": round(len(events) / live_s),
        "sender_behind_s": round(produced.seconds - live_s, 2),
        "opened": len(delays_s),
    }
    if delays_s:
        p50, p99 = np.percentile(delays_s, (50, 99))
        figures |= {"delay_p50_s": round(float(p50), 2), "delay_p99_s": round(float(p99), 2)}
    return figures


@contextmanager
def _corner(bootstrap: str, folder: Path) -> Iterator[tuple[Corner, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with Corner(bootstrap, folder, web_port=port, **PRODUCTION) as corner:
        yield corner, port


def _drained(corner: Corner, port: int, clock: _Clock) -> bool:
    """Poll; note when the first event was consumed and when nothing was left."""
    time.sleep(POLL_S)
    if clock.started_s is None:
        if (_value(port, "shoal_events_consumed_total") or 0) > 0:
            clock.started_s = time.monotonic() - POLL_S
            clock.cpu_before_s = _value(port, "process_cpu_seconds_total") or 0.0
        return False
    if corner.lag():
        return False
    clock.ended_s = time.monotonic()
    return True


def _answers(port: int, page: str) -> bytes | None:
    try:
        with urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            content: bytes = answer.read()
            return content
    except (URLError, OSError):
        return None


def _samples(port: int) -> Iterator[Any]:
    page = _answers(port, "/metrics")
    for family in text_string_to_metric_families(page.decode() if page else ""):
        yield from family.samples


def _value(port: int, name: str) -> float | None:
    """Sum over the labels, None if the worker does not tell."""
    values = [float(sample.value) for sample in _samples(port) if sample.name == name]
    return sum(values) if values else None


def _stage_cpu(port: int) -> dict[str, float]:
    return {
        sample.labels["stage"]: float(sample.value)
        for sample in _samples(port)
        if sample.name == "shoal_stage_cpu_seconds_total"
    }
