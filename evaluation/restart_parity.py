"""Restart parity: a worker killed many times tells what an uninterrupted one tells.

    python -m evaluation.restart_parity --bootstrap 127.0.0.1:9092 --kills 20

Events are produced over the whole time; the only worker is killed with SIGKILL at random moments and
started again, as a container's restart policy would. Afterwards the alerts, the verdicts on topics and the
corrected lists on their Kafka topics must be equal, byte for byte and in order, to those of the embedded
engine over the same events; and so must the store's.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from detector.engine import Engine
from evaluation.army_scenario import scenario
from evaluation.kafka_corner import Corner
from evaluation.trends.stream import with_trends
from models.alerts import Alert
from models.codec import encode_alert, encode_trend
from models.events import AnyEvent
from models.moments import when_ms
from models.trends import CorrectedList, TrendVerdict
from streams.store.open import open_store

SECONDS_PER_KILL = 5.0
Name = tuple[str, int]
"""What was told, and its revision."""


class Compared(msgspec.Struct, frozen=True):
    """One kind of result, as it was told against how it should be."""

    expected: int
    told: int
    lost: int
    twice: int
    different: int
    in_order: bool

    @property
    def equal(self) -> bool:
        """Nothing was lost, told twice, told otherwise or out of order."""
        return not (self.lost or self.twice or self.different) and self.in_order


class Parity(msgspec.Struct, frozen=True):
    """What came of it."""

    kills: int
    events: int
    alerts: Compared
    verdicts: Compared
    lists: Compared
    store_equal: bool
    seconds: float

    @property
    def passed(self) -> bool:
        """True if everything is equal."""
        return self.alerts.equal and self.verdicts.equal and self.lists.equal and self.store_equal


class Told(NamedTuple):
    """All that a run tells, in order."""

    alerts: list[Alert]
    verdicts: list[TrendVerdict]
    lists: list[CorrectedList]


def expected(events: list[AnyEvent]) -> Told:
    """What the embedded engine tells when everything was received and nothing more comes."""
    engine = Engine()
    alerts = [*engine.push(events), *engine.drain()]
    return Told(alerts, engine.take_verdicts(), engine.take_lists())


def expected_alerts(events: list[AnyEvent]) -> list[Alert]:
    """The alerts of `expected`."""
    return expected(events).alerts


def measure(bootstrap: str, kills: int, seed: int, folder: Path, **overrides: Any) -> Parity:
    """Run it once. Raises `AssertionError` if the worker does not work off the backlog at the end."""
    started = time.monotonic()
    rng = random.Random(seed)
    events = with_trends(scenario(seed), seed)
    span_s = (when_ms(events[-1]) - when_ms(events[0])) / 1000
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
        told = Told(corner.alerts(), corner.trend_verdicts(), corner.corrected_lists())
        wanted = expected(events)
        return Parity(
            kills,
            len(events),
            compare(wanted.alerts, told.alerts),
            compare(wanted.verdicts, told.verdicts),
            compare(wanted.lists, told.lists),
            stored(corner, wanted),
            round(time.monotonic() - started, 1),
        )


def stored(corner: Corner, wanted: Told) -> bool:
    """Whether the store holds every revision of the alerts, and the newest word on each topic and list."""
    store = open_store(corner.settings.store_url)
    try:
        campaigns = [alert.campaign for alert in store.newest(limit=1_000)]
        revisions = [alert for name in campaigns for alert in store.revisions(name)]
        topics = {verdict.key: verdict for verdict in wanted.verdicts}
        lists = {listed.name: listed for listed in wanted.lists}
        return (
            _by_name(revisions) == _by_name(wanted.alerts)
            and {verdict.key: verdict for verdict in store.trends(limit=1_000)} == topics
            and {listed.name: listed for listed in store.corrected_lists()} == lists
        )
    finally:
        store.close()


def compare(wanted: Sequence[Alert | TrendVerdict | CorrectedList], told: Sequence[Any]) -> Compared:
    """Hold what was told against what should have been."""
    right, found = _by_name(wanted), _by_name(told)
    counts = Counter(map(_name, told))
    return Compared(
        len(wanted),
        len(told),
        len(right.keys() - found.keys()),
        sum(count - 1 for count in counts.values()),
        sum(1 for key, raw in found.items() if right.get(key) != raw),
        list(dict.fromkeys(map(_name, told))) == list(map(_name, wanted)),
    )


def _by_name(told: Sequence[Alert | TrendVerdict | CorrectedList]) -> dict[Name, bytes]:
    return {_name(each): encode_alert(each) if isinstance(each, Alert) else encode_trend(each) for each in told}


def _name(told: Alert | TrendVerdict | CorrectedList) -> Name:
    match told:
        case Alert():
            return told.campaign, told.revision
        case TrendVerdict():
            return told.key, told.revision
        case CorrectedList():
            return told.name, told.revision


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
