"""A corner of a real broker for one test or measurement: topics of its own, workers, alerts read back."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from models.alerts import Alert
from models.codec import decode_alert, decode_corrected_list, decode_trend_verdict
from models.events import AnyEvent
from models.trends import CorrectedList, TrendVerdict
from streams import topics
from streams.embedded import in_batches
from streams.exits import Exit
from streams.produce import Produced, produce
from streams.settings import Settings, load_settings

RESTARTABLE = {Exit.UNEXPECTED, Exit.CANCELLED, -signal.SIGKILL}


class Corner:
    """Settings with names of their own, and whatever runs on them. Use as a context manager."""

    def __init__(self, bootstrap: str, folder: Path, **overrides: Any) -> None:
        name = uuid.uuid4().hex[:8]
        values = {
            "bootstrap": bootstrap,
            "group": f"g-{name}",
            "prefix": f"{name}.shoal.",
            "posts_topic": f"{name}.posts",
            "likes_topic": f"{name}.likes",
            "accounts_topic": f"{name}.accounts",
            "trends_topic": f"{name}.trends",
            "posts_partitions": 1,
            "likes_partitions": 1,
            "accounts_partitions": 1,
            "shards": 1,
            "session_timeout_ms": 6_000,
            "request_timeout_ms": 6_000,
            "rebalance_timeout_ms": 6_000,
            "commit_interval_ms": 200,
            "idle_after_ms": 1_500,
            "snapshot_interval_s": 1.0,
            "snapshot_folder": str(folder / "state"),
            "store_url": f"sqlite:///{folder / 'shoal.db'}",
            "web_port": 0,
            "probe_interval_s": 0.5,
            **overrides,
        }
        self.folder = folder
        self.environment = {f"SHOAL_{key.upper()}": str(value) for key, value in values.items()}
        self.settings: Settings = load_settings(values)
        self.names = topics.names(self.settings)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.ended: list[int] = []
        """Exit codes of workers that were started again."""
        self._environments: list[dict[str, str]] = []
        folder.mkdir(parents=True, exist_ok=True)
        topics.create(self.settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()

    # --- what one does with it

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker process with settings of its own; its log is `worker-N.log` in the folder."""
        number = len(self.workers)
        self._environments.append({f"SHOAL_{key.upper()}": value for key, value in environment.items()})
        self.workers.append(self._spawn(number))
        return self.workers[number]

    def _spawn(self, number: int) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **self.environment, **self._environments[number]}
        with (self.folder / f"worker-{number}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "streams.worker"], env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def log_of(self, number: int) -> str:
        """What a worker wrote."""
        return (self.folder / f"worker-{number}.log").read_text(errors="replace")

    def ask(self, page: str, number: int = 0) -> tuple[int, str]:
        """(status, text) of a page of a worker's site; (0, "") if it does not answer."""
        found = re.search(r'"addresses": \["(127\.0\.0\.1:\d+)"', self.log_of(number))
        if found is None:
            return 0, ""
        try:
            with urlopen(f"http://{found.group(1)}{page}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except (URLError, OSError):
            return 0, ""

    def produce(self, events: Iterable[AnyEvent], **options: Any) -> Produced:
        """Send events to the raw topics."""
        return produce(self.settings, in_batches(events, 500), **options)

    def produce_raw(self, topic: str, values: Sequence[bytes]) -> None:
        """Send bytes as they are."""
        producer = KafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")
        for value in values:
            producer.send(topic, value=value)
        producer.flush(timeout=20)
        producer.close()

    def messages(self, topic: str) -> list[Any]:
        """Everything on a topic, by partition."""
        consumer = KafkaConsumer(bootstrap_servers=self.settings.bootstrap, enable_auto_commit=False)
        try:
            places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            ends = consumer.end_offsets(places)
            found: list[Any] = []
            while any(consumer.position(place) < ends[place] for place in places):
                for records in consumer.poll(timeout_ms=500).values():
                    found += records
            return found
        finally:
            consumer.close()

    def alerts(self) -> list[Alert]:
        """Every alert on the topic, in order."""
        return [decode_alert(message.value) for message in self.messages(self.names.alerts)]

    def trend_verdicts(self) -> list[TrendVerdict]:
        """Every verdict on a topic, in order."""
        return [decode_trend_verdict(message.value) for message in self.messages(self.names.trend_verdicts)]

    def corrected_lists(self) -> list[CorrectedList]:
        """Every state of every list, in order."""
        return [decode_corrected_list(message.value) for message in self.messages(self.names.trend_lists)]

    def lag(self) -> int:
        """Messages that the two groups have not committed yet; a topic untouched counts in full."""
        own = self.names
        mine = {own.posts: 1, own.likes: self.settings.shards, own.cohorts: 1}
        consumer = KafkaConsumer(bootstrap_servers=self.settings.bootstrap, enable_auto_commit=False)
        try:
            raw = [TopicPartition(*source) for source in self.settings.sources]
            inner = [TopicPartition(topic, number) for topic, count in mine.items() for number in range(count)]
            ends = consumer.end_offsets(raw + inner)
        finally:
            consumer.close()
        return self._behind(f"{self.settings.group}-ingest", raw, ends) + self._behind(self.settings.group, inner, ends)

    def _behind(self, group: str, places: Sequence[TopicPartition], ends: dict[TopicPartition, int]) -> int:
        consumer = KafkaConsumer(bootstrap_servers=self.settings.bootstrap, group_id=group, enable_auto_commit=False)
        try:
            return sum(ends[place] - (consumer.committed(place) or 0) for place in places)
        finally:
            consumer.close(autocommit=False)

    def wait_drained(self, timeout_s: float = 60, babysit: bool = False) -> None:
        """Return once nothing is left to process and idle sources have been told (lag 0 for a while)."""
        quiet_since: float | None = None
        quiet_s = self.settings.idle_after_ms / 1000 + 1.5
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if babysit:
                self.restart_dead()
            elif all(worker.poll() is not None for worker in self.workers):
                break
            if self.lag() == 0:
                quiet_since = quiet_since or time.monotonic()
                if time.monotonic() - quiet_since >= quiet_s:
                    return
            else:
                quiet_since = None
            time.sleep(0.3)
        logs = "\n".join(self.log_of(number)[-3000:] for number in range(len(self.workers)))
        raise AssertionError(f"not drained in {timeout_s} s, lag {self.lag()}; logs:\n{logs}")

    def restart_dead(self) -> None:
        """What a container's restart policy does."""
        for number, worker in enumerate(self.workers):
            code = worker.poll()
            if code in RESTARTABLE:
                self.ended.append(int(code))
                self.workers[number] = self._spawn(number)


def wait_for(condition: Callable[[], object], timeout_s: float = 30, what: str = "the condition") -> None:
    """Return once `condition` holds; raise AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come about in {timeout_s} s")
