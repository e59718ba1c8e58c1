"""Events and topics a second on one core, and memory at many topics, each in a process of its own.

Twice: through shards and monitor (`engine`), and the acts of the same events through the monitor alone (`monitor`),
which is what the coordinator bears of it.

`python -m evaluation.benchmarks.trends --topics 1000000` prints JSON. Events exist before the clock starts,
a chunk at a time; seconds are CPU seconds of the engine alone.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import numpy as np
import typer
from msgspec import Struct

from detector.trends.counters import Counters
from detector.trends.engine import TrendEngine
from detector.trends.monitor import TrendMonitor
from detector.trends.settings import TrendSettings
from detector.trends.sketch import TopicSketch
from evaluation.benchmarks.memory import peak_bytes, resident_bytes
from evaluation.simulator.clock import START_MS
from models.actions import TopicAct
from models.events import AnyEvent, Like, LikeAction, Post
from models.moments import when_ms

CHUNK_EVENTS = 20_000
CLIENTS = ("android", "ios", "web", "tablet")


class Stream(Struct, frozen=True):
    """What is pushed: every topic at least once, the rest by popularity (Zipf)."""

    topics: int = 1_000_000
    events: int = 2_000_000
    accounts: int = 200_000
    duration_ms: int = 6 * 3_600_000
    like_share: float = 0.3
    seed: int = 7


def run(topics: int = 1_000_000, events: int | None = None, seed: int = 7) -> dict[str, Any]:
    """Measure both ways in child processes, so that what this one holds does not count.

    Raises `CalledProcessError`.
    """
    found: dict[str, Any] = {}
    for part in ("engine", "monitor"):
        command = [sys.executable, "-m", "evaluation.benchmarks.trends", "--topics", str(topics), "--seed", str(seed)]
        command += ["--part", part, *([] if events is None else ["--events", str(events)])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # this very interpreter
        found[part] = json.loads(done.stdout)
    found["sketch errors"] = errors(seed)
    return found


Push = Callable[[list[AnyEvent]], int]
"""Take a chunk; return how many verdicts came of it. Only what is timed happens inside."""


def measure(stream: Stream, part: str) -> dict[str, Any]:
    """Push the stream through something fresh and tell what it took."""
    gc.collect()
    before = resident_bytes()
    prepare, push, monitor = _engine() if part == "engine" else _monitor()
    seconds, verdicts, pushed = 0.0, 0, 0
    for chunk in _chunks(stream):
        ready = prepare(chunk)
        began = time.process_time()
        verdicts += push(ready)
        seconds += time.process_time() - began
        pushed += len(chunk)
    gc.collect()
    after = resident_bytes()
    held = None if after is None or before is None else after - before
    return {
        "topics": stream.topics,
        "events": pushed,
        "cpu_seconds": round(seconds, 2),
        "events_per_s_per_core": round(pushed / seconds),
        "topics_per_s_per_core": round(stream.topics / seconds),
        "bytes_held": held,
        "bytes_per_topic": None if held is None else round(held / stream.topics, 1),
        "peak_bytes": peak_bytes(),
        "topics_held_exactly": len(monitor),
        "topics_evicted": monitor.evicted,
        "verdicts": verdicts,
    }


Parts = tuple[Callable[[list[AnyEvent]], Any], Callable[[Any], int], TrendMonitor]


def _engine() -> Parts:
    engine = TrendEngine()

    def push(chunk: list[AnyEvent]) -> int:
        found = len(engine.push(chunk))
        engine.take_lists()
        return found

    return lambda chunk: chunk, push, engine.monitor


def _monitor() -> Parts:
    """The acts that shards would tell of the events, one after another."""
    monitor = TrendMonitor(TrendSettings(), lambda _account: None)
    topics: dict[str, tuple[str, ...]] = {}

    def prepare(chunk: list[AnyEvent]) -> list[TopicAct]:
        acts: list[TopicAct] = []
        for event in chunk:
            if isinstance(event, Post):
                topics.clear()  # a like is of the newest post
                topics[event.post_id] = event.hashtags
                acts += [_act(topic, event, event.post_id) for topic in event.hashtags]
            elif isinstance(event, Like):
                acts += [_act(topic, event, None) for topic in topics.get(event.target_id, ())]
        return acts

    def push(acts: list[TopicAct]) -> int:
        for act in acts:
            monitor.advance(act.time_ms)
            monitor.act(act)
        monitor.take_lists()
        return len(monitor.take())

    return prepare, push, monitor


def _act(topic: str, event: Post | Like, post: str | None) -> TopicAct:
    return TopicAct(topic, event.account_id, when_ms(event), post, event.client, event.network_id)


def errors(seed: int, repeats: int = 50) -> dict[str, Any]:
    """Root mean square of the relative error of distinct accounts, by their number; acts too many in the sketch."""
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for accounts in (20, 100, 500, 2_000, 10_000):
        off = []
        for _ in range(repeats):
            counters = Counters(1)
            counters.begin(0)
            counters.act(0, START_MS)
            for account in rng.integers(0, 2**64, accounts, np.uint64).tolist():
                counters.arrive(0, account, START_MS)
            counters.close_bin(START_MS + 1)
            off.append(counters.distinct(0) / accounts - 1)
        found[f"distinct accounts, {accounts:,}"] = round(float(np.sqrt(np.mean(np.square(off)))), 4)
    sketch = TopicSketch()
    for topic in rng.integers(0, 2**64, 100_000, np.uint64).tolist():
        sketch.add(topic, 0)
    over = [sketch.add(topic, 0) - 1 for topic in rng.integers(0, 2**64, 2_000, np.uint64).tolist()]
    found["acts too many of a new topic beside 100,000 others in ten minutes, mean"] = float(np.mean(over))
    found["new topics held at once for that"] = float(np.mean(np.array(over) >= TrendSettings().admit_acts - 1))
    return found


def _chunks(stream: Stream) -> Iterator[list[AnyEvent]]:
    rng = np.random.default_rng(stream.seed)
    rest = stream.events - stream.topics
    popular = np.minimum(rng.zipf(1.3, max(rest, 0)), stream.topics) - 1
    subjects = rng.permutation(np.concatenate([np.arange(stream.topics), popular]))
    moments = START_MS + np.sort(rng.integers(0, stream.duration_ms, len(subjects)))
    authors = rng.integers(0, stream.accounts, len(subjects))
    likes = rng.random(len(subjects)) < stream.like_share
    likes[np.unique(subjects, return_index=True)[1]] = False  # a topic begins with a post
    post = 0
    for begin in range(0, len(subjects), CHUNK_EVENTS):
        chunk: list[AnyEvent] = []
        for number in range(begin, min(begin + CHUNK_EVENTS, len(subjects))):
            author, at_ms = int(authors[number]), int(moments[number])
            if likes[number]:
                chunk.append(_like(post, author, at_ms))
            else:
                post = number
                chunk.append(_post(number, int(subjects[number]), author, at_ms))
        yield chunk


def _post(number: int, topic: int, author: int, at_ms: int) -> Post:
    client, network = CLIENTS[author % 4], f"net{author % 300}"
    tags = (f"topic{topic}",)
    return Post(f"t{number}", f"u{author}", "x", at_ms, hashtags=tags, client=client, network_id=network)


def _like(post: int, author: int, at_ms: int) -> Like:
    """A like of the newest post."""
    client, network = CLIENTS[author % 4], f"net{author % 300}"
    return Like(f"u{author}", f"t{post}", LikeAction.LIKE, at_ms, client=client, network_id=network)


def main(
    topics: Annotated[int, typer.Option(min=1)] = 1_000_000,
    events: Annotated[int | None, typer.Option(min=1)] = None,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    part: Annotated[str, typer.Option(help="engine, monitor, or both.")] = "both",
) -> None:
    """Measure and print JSON."""
    if part == "both":
        print(json.dumps(run(topics, events, seed), indent=2))
    else:
        print(json.dumps(measure(Stream(topics, max(events or 2 * topics, topics), seed=seed), part)))


if __name__ == "__main__":
    typer.run(main)
