"""Restart parity (DESIGN section 7, Order): a worker killed many times tells what an uninterrupted one tells.

    python -m evaluation.restart_parity --bootstrap 127.0.0.1:9092 --kills 20

Events are produced over the whole time; the only worker is killed with SIGKILL at random moments and
started again, as a container's restart policy would. Afterwards the alerts on the topic must be equal,
byte for byte and in order, to those of the embedded engine over the same events; and so must the store's.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from detector.engine import Engine
from evaluation.army_scenario import scenario
from evaluation.kafka_corner import Corner
from models.alerts import Alert
from models.codec import encode_alert
from models.events import AnyEvent
from models.moments import when_ms
from streams.sinks.open import open_store

SECONDS_PER_KILL = 5.0


class Parity(msgspec.Struct, frozen=True):
    """What came of it. Lost and doubled count alerts (campaign and revision) on the topic."""

    kills: int
    events: int
    alerts_expected: int
    alerts_told: int
    lost: int
    twice: int
    different: int
    in_order: bool
    store_equal: bool
    seconds: float

    @property
    def passed(self) -> bool:
        """True if nothing was lost, told twice or told otherwise."""
        return not (self.lost or self.twice or self.different) and self.in_order and self.store_equal


def expected_alerts(events: list[AnyEvent]) -> list[Alert]:
    """What the embedded engine tells when everything was received and nothing more comes."""
    engine = Engine()
    return [*engine.push(events), *engine.drain()]


def measure(bootstrap: str, kills: int, seed: int, folder: Path, **overrides: Any) -> Parity:
    """Run it once. Raises `AssertionError` if the worker does not work off the backlog at the end."""
    started = time.monotonic()
    rng = random.Random(seed)
    events = scenario(seed)
    span_s = (when_ms(events[-1]) - when_ms(events[0])) / 1000
    wanted = expected_alerts(events)
    options = {"idle_after_ms": 3_000, "snapshot_interval_s": 0.5, **overrides}
    with Corner(bootstrap, folder, **options) as corner:
        speed = span_s / (kills * SECONDS_PER_KILL)
        sending = threading.Thread(target=corner.produce, args=(events,), kwargs={"speed": speed})
        corner.start_worker(instance_id="w0")
        sending.start()
        for _ in range(kills):
            time.sleep(rng.uniform(0.5, 1.5) * SECONDS_PER_KILL)
            corner.workers[0].kill()
            corner.workers[0].wait()
            corner.restart_dead()
        sending.join()
        corner.wait_drained(120, babysit=True)
        told = corner.alerts()
        stored = _stored(corner)
    return _compare(kills, len(events), wanted, told, stored, time.monotonic() - started)


def _stored(corner: Corner) -> dict[tuple[str, int], bytes]:
    store = open_store(corner.settings.store_url)
    try:
        campaigns = [alert.campaign for alert in store.newest(limit=1_000)]
        return {(a.campaign, a.revision): encode_alert(a) for name in campaigns for a in store.revisions(name)}
    finally:
        store.close()


def _compare(
    kills: int,
    events: int,
    wanted: list[Alert],
    told: list[Alert],
    stored: dict[tuple[str, int], bytes],
    seconds: float,
) -> Parity:
    right = {(a.campaign, a.revision): encode_alert(a) for a in wanted}
    found = {(a.campaign, a.revision): encode_alert(a) for a in told}
    counts = Counter((a.campaign, a.revision) for a in told)
    order = list(dict.fromkeys((a.campaign, a.revision) for a in told))
    return Parity(
        kills,
        events,
        len(wanted),
        len(told),
        len(right.keys() - found.keys()),
        sum(count - 1 for count in counts.values()),
        sum(1 for key, raw in found.items() if right.get(key) != raw),
        order == [(a.campaign, a.revision) for a in wanted],
        stored == right,
        round(seconds, 1),
    )


def main() -> int:
    """Exit code 0 if the runs are equal."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.restart_parity", description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", default="127.0.0.1:9092")
    parser.add_argument("--kills", type=int, default=20, choices=range(1, 101), metavar="1..100")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parity = measure(options.bootstrap, options.kills, options.seed, Path(folder))
    print(msgspec.json.format(msgspec.json.encode(parity)).decode())
    print("equal to the uninterrupted run" if parity.passed else "NOT equal to the uninterrupted run")
    return 0 if parity.passed else 1


if __name__ == "__main__":
    sys.exit(main())
