"""The embedded runner: the detector in this process, over any stream of events."""

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from detector.engine import Engine
from detector.settings import DetectorSettings
from models.alerts import Alert
from models.codec import encode_alert, encode_trend
from models.trends import CorrectedList, TrendVerdict
from streams.collection import rare_collection
from streams.files import Batch, Rejected
from streams.store.protocol import AlertStore

Progress = Callable[[int, int, list[Alert]], None]
"""Told after every batch: events so far, position in the input, alerts that became certain."""


class Summary(msgspec.Struct, frozen=True):
    """What a run did. `alerts` counts campaigns by the outcome and state of their last revision."""

    events: int
    seconds: float
    events_per_s: float
    peak_rss_mb: float
    alerts: dict[str, dict[str, int]]
    revisions: int
    rejected: dict[str, int]
    stats: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for `--summary`."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


class EmbeddedRun:
    """One run of the engine. `run` may be called once."""

    def __init__(
        self,
        settings: DetectorSettings | None = None,
        shards: int = 1,
        alerts_path: str | None = None,
        dead_letters_path: str | None = None,
        verdicts_path: str | None = None,
        lists_path: str | None = None,
        progress: Progress | None = None,
        on_verdict: Callable[[TrendVerdict], None] | None = None,
        store: AlertStore | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.engine = Engine(settings or DetectorSettings(), shards)
        self.newest: dict[str, Alert] = {}
        """Last revision of each campaign, in order of opening."""
        self.verdicts: dict[str, TrendVerdict] = {}
        """Newest verdict of each topic, by its folded name."""
        self.lists: dict[str, CorrectedList] = {}
        """Newest state of each list."""
        self._alerts_path = alerts_path
        self._verdicts_path, self._lists_path = verdicts_path, lists_path
        self._on_verdict = on_verdict
        self._dead_letters_path = dead_letters_path
        self._progress = progress
        self._store = store
        self._clock = clock
        self._verdicts_file: Any = None
        self._lists_file: Any = None
        self._revisions = 0
        self._rejected: Counter[str] = Counter()

    def run(self, batches: Iterable[Batch], finish: bool = True) -> Summary:
        """Take every batch, then end the stream (`finish`) or leave windows open as Kafka does."""
        started = self._clock()
        events = position = 0
        with ExitStack() as stack:
            stack.enter_context(rare_collection())
            alerts_file = _maybe_open(stack, self._alerts_path)
            letters_file = _maybe_open(stack, self._dead_letters_path)
            self._verdicts_file = _maybe_open(stack, self._verdicts_path)
            self._lists_file = _maybe_open(stack, self._lists_path)
            for batch in batches:
                events += len(batch.events)
                position = batch.position
                self._reject(batch.rejected, letters_file)
                self._tell(self.engine.push(batch.events), alerts_file, events, position)
            last = self.engine.finish() if finish else self.engine.drain()
            self._tell(last, alerts_file, events, position)
        return self._summary(events, self._clock() - started)

    def _tell(self, alerts: list[Alert], file: Any, events: int, position: int) -> None:
        for alert in alerts:
            self.newest[alert.campaign] = alert
            if file is not None:
                file.write(encode_alert(alert) + b"\n")
        self._revisions += len(alerts)
        if self._store is not None:
            self._store.put(alerts)
        self._tell_trends()
        if self._progress is not None:
            self._progress(events, position, alerts)

    def _tell_trends(self) -> None:
        verdicts, lists = list(self.engine.take_verdicts()), list(self.engine.take_lists())
        if self._store is not None and (verdicts or lists):
            self._store.put_trends(verdicts, lists)
        for verdict in verdicts:
            self.verdicts[verdict.key] = verdict
            if self._verdicts_file is not None:
                self._verdicts_file.write(encode_trend(verdict) + b"\n")
            if self._on_verdict is not None:
                self._on_verdict(verdict)
        for listed in lists:
            self.lists[listed.name] = listed
            if self._lists_file is not None:
                self._lists_file.write(encode_trend(listed) + b"\n")

    def _reject(self, rejected: Iterable[Rejected], file: Any) -> None:
        for one in rejected:
            self._rejected[one.error.reason] += 1
            if file is not None:
                file.write(_letter(one) + b"\n")

    def _summary(self, events: int, seconds: float) -> Summary:
        alerts: dict[str, Counter[str]] = {}
        for alert in self.newest.values():
            alerts.setdefault(alert.outcome.value, Counter())[alert.state.value] += 1
        return Summary(
            events,
            round(seconds, 3),
            round(events / max(seconds, 1e-9), 1),
            round(peak_rss_mb(), 1),
            {outcome: dict(states) for outcome, states in sorted(alerts.items())},
            self._revisions,
            dict(sorted(self._rejected.items())),
            self.engine.stats,
        )


def run_embedded(batches: Iterable[Batch], settings: DetectorSettings | None = None, **options: Any) -> Summary:
    """Run the engine over `batches`; options as of `EmbeddedRun`."""
    return EmbeddedRun(settings, **options).run(batches)


def in_batches(events: Iterable[Any], batch_events: int = 5_000) -> Iterable[Batch]:
    """Wrap events that are already valid (simulated ones, say)."""
    batch: list[Any] = []
    count = 0
    for event in events:
        batch.append(event)
        if len(batch) >= batch_events:
            count += len(batch)
            yield Batch(batch, [], count)
            batch = []
    if batch:
        yield Batch(batch, [], count + len(batch))


def peak_rss_mb() -> float:
    """Most memory this process ever held, in MiB."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _letter(one: Rejected) -> bytes:
    error = one.error
    return msgspec.json.encode(
        {"line": one.number, "field": error.field, "reason": error.reason, "detail": error.detail, "raw": one.raw}
    )


def _maybe_open(stack: ExitStack, path: str | None) -> Any:
    if path is None:
        return None
    return sys.stdout.buffer if path == "-" else stack.enter_context(Path(path).open("wb"))
