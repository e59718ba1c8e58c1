"""The coordinator: outputs of all shards, merged in order of event time, become alerts.

It holds one partition of work: cohorts, their overlaps, campaigns, batches and cases. Whatever the
grouping of slices into outputs and the number of shards, the sequence of updates that it works
through is the same, and so are its alerts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from detector.background import Background
from detector.batches import BatchWatch, Target
from detector.campaigns.lanes import Lane, lanes_of
from detector.cohorts.overlap import Overlaps
from detector.judging import Judge
from detector.settings import DetectorSettings
from detector.shards.base import Parts
from detector.timeline import UPDATE, Timeline
from detector.trends.monitor import TrendMonitor
from models.actions import Layer
from models.alerts import Alert
from models.cohorts import CohortUpdate, ShardOutput, Timed
from models.errors import SnapshotMismatch
from models.trends import CorrectedList, TrendVerdict

SNAPSHOT_VERSION = 13
_TRENDS = "trends."
SWEEP_REBUILDS = 64


class Coordinator:
    """Waits for every shard in `shards`, then works through the slices that all have passed."""

    def __init__(self, settings: DetectorSettings, shards: Sequence[str]) -> None:
        self.settings = settings
        self._configuration = settings.digest()
        self._timeline = Timeline(shards)
        self._cohorts, self._bursts = lanes = lanes_of(settings)
        self._batches = BatchWatch(settings)
        self._judge = Judge(settings, lanes)
        self._trends = TrendMonitor(settings.trends, self._judge.background.facts.get, self._configuration)
        self._to_judge: dict[Target, None] = {}
        self._due_ms: int | None = None
        """When campaigns are rebuilt next."""
        self._batches_due_ms: int | None = None
        self._rows = 0
        self.rebuilds = 0

    @property
    def overlaps(self) -> Overlaps:
        """Cohorts and their significant pairs."""
        return self._cohorts.overlaps

    @property
    def lanes(self) -> tuple[Lane, Lane]:
        """Cohorts and bursts, each with its significant pairs."""
        return self._cohorts, self._bursts

    @property
    def watermark_ms(self) -> int:
        """Event time up to which every shard has spoken."""
        return self._timeline.watermark_ms

    @property
    def late(self) -> int:
        """Late events that the shards told of."""
        return self._timeline.late

    @property
    def duplicates(self) -> int:
        """Outputs that had been taken before."""
        return self._timeline.duplicates

    @property
    def figures(self) -> dict[str, float]:
        """Sizes for metrics."""
        return {
            "cohorts": len(self.overlaps.cohorts),
            "edges": len(self.overlaps.edges),
            "bursts": len(self._bursts.overlaps.cohorts),
            "accounts": self.overlaps.accounts,
            "rows": self.overlaps.rows,
            "cases": len(self._judge.cases),
            "batch_targets": len(self._batches),
            "waiting": len(self._timeline),
            **{f"topics_{name}": number for name, number in self._trends.figures.items()},
        }

    @property
    def fill(self) -> dict[str, float]:
        """Share used of each bounded structure, 0 to 1."""
        return {
            "memberships": self.overlaps.memberships / self.settings.overlap.memberships_max,
            "burst_memberships": self._bursts.overlaps.memberships / self.settings.bursts.memberships_max,
            "topics": self.topics["held"] / self.settings.trends.topics_max,
        }

    @property
    def evictions(self) -> dict[str, int]:
        """Entries dropped because a structure was full, since the state began."""
        return {
            "memberships": self.overlaps.evicted,
            "burst_memberships": self._bursts.overlaps.evicted,
            "topics": self.topics["evicted"],
        }

    @property
    def topics(self) -> dict[str, int]:
        """Topics held exactly, bursting, and given up for others."""
        return self._trends.figures

    @property
    def drift(self) -> dict[str, float]:
        """By stratum: false edges observed over expected lately, near 1 while the configured φ fits."""
        return self.overlaps.calibration.drift.ratios()

    @property
    def cases(self) -> list[Alert]:
        """Newest alert of every live case."""
        return self._judge.cases.values()

    @property
    def background(self) -> Background:
        """What is usual on the platform."""
        return self._judge.background

    def receive(self, outputs: Sequence[ShardOutput]) -> list[Alert]:
        """Take outputs of shards in the order of the log; return what is to be told, in order."""
        for output in outputs:
            if self._timeline.take(output):
                self._judge.activity.tell(output.activity_slices, output.activity_accounts)
        due, cutoff_ms = self._timeline.release()
        alerts: list[Alert] = []
        for time_ms, kind, _, _, payload in due:
            alerts += self._reach(time_ms)
            if kind == UPDATE:
                self._update(payload)
            else:
                self._learn(payload)
        return alerts + self._reach(cutoff_ms + 1)

    def take_verdicts(self) -> list[TrendVerdict]:
        """Verdicts on topics since the last call, in order; to be asked for after each `receive`."""
        return self._trends.take()

    def take_lists(self) -> list[CorrectedList]:
        """Lists of topics that changed since the last call, with their places without the accounts in question."""
        return self._trends.take_lists()

    def _reach(self, time_ms: int) -> list[Alert]:
        """Everything that is due earlier than `time_ms`."""
        alerts = self._evaluate_before(time_ms)
        self._trends.flag(alerts)
        self._trends.advance(time_ms)
        return alerts

    def _learn(self, fact: Timed) -> None:
        if fact.account is not None:
            self._judge.background.know(fact.account)
        elif fact.deletion is not None:
            self._judge.background.deleted(fact.deletion)
        elif fact.contact is not None:
            self._judge.background.leads_to(fact.contact)
        elif fact.origin is not None:
            self._judge.background.acts_from(fact.origin)
        elif fact.verdict is not None:
            self._judge.decide(fact.verdict)
        self._trends.learn(fact)

    def _update(self, update: CohortUpdate) -> None:
        lane = self._bursts if update.window_ms == self.settings.bursts.window_ms else self._cohorts
        cohort, changed = lane.overlaps.update(update)
        target = None if lane.bursts else self._batches.see(cohort, self._judge.background, self._judge.knows(cohort))
        if target is not None:
            self._to_judge[target] = None
            self._batches_due_ms = self._batches_due_ms or self._next_tick(update.time_ms, 1)
        if changed and self._due_ms is None:
            # the more the last rebuild had to look at, the later is the next
            self._due_ms = self._next_tick(update.time_ms, 1 + self._rows // self.settings.campaign.rows_per_tick)

    # --- evaluation

    def _next_tick(self, time_ms: int, ticks: int) -> int:
        """First multiple of `ticks` ticks at or after a moment."""
        step_ms = self.settings.campaign.tick_ms * ticks
        return -(-time_ms // step_ms) * step_ms

    def _evaluate_before(self, time_ms: int) -> list[Alert]:
        """Run every evaluation that is due earlier than `time_ms`, in order."""
        alerts: list[Alert] = []
        while True:
            checks = [at for at in (self._batches.next_check_ms(), self._judge.pacing.next_ms()) if at is not None]
            dues = [at for at in (self._due_ms, self._batches_due_ms) if at is not None]
            dues += [self._next_tick(at, 1) for at in checks]
            if not dues or min(dues) >= time_ms:
                return alerts
            alerts += self._evaluate(min(dues))

    def _evaluate(self, at_ms: int) -> list[Alert]:
        self._judge.background.dormancy.see(*self._judge.activity.reach(at_ms))
        # first, so that a case that went quiet and acts again is opened anew
        alerts = self._judge.close_past(at_ms)
        if self._due_ms is not None and self._due_ms <= at_ms:
            self._due_ms = None
            self.rebuilds += 1
            if self.rebuilds % SWEEP_REBUILDS == 0:
                self._batches.sweep(self.overlaps.cohorts)
            alerts += self._judge.rebuild_campaigns(at_ms)
            self._rows = self._judge.rows_seen
        alerts += self._judge.judge_waiting(at_ms)
        targets = dict.fromkeys(self._batches.due(at_ms))
        if self._batches_due_ms is not None and self._batches_due_ms <= at_ms:
            self._batches_due_ms = None
            targets.update(self._to_judge)
            self._to_judge.clear()
        return alerts + self._judge_batches(targets, at_ms)

    def _judge_batches(self, targets: Iterable[Target], at_ms: int) -> list[Alert]:
        alerts = []
        # families first: of two views of the same acts, the one with the words is kept
        for target in sorted(targets, key=lambda target: (target[0] != Layer.FAMILY, -target[0], target[1])):
            cohorts = self._batches.cohorts(target, self.overlaps.cohorts)
            alert = self._judge.judge_batch(target, cohorts, at_ms) if cohorts else None
            if alert is not None:
                alerts.append(alert)
        return alerts

    # --- snapshots

    def snapshot(self) -> Parts:
        """The whole state, taken between two messages: plain bytes and arrays."""
        parts = self._judge.snapshot()
        head = {
            "version": SNAPSHOT_VERSION,
            "configuration": self._configuration,
            "shards": self._timeline.shards,
            "timeline": self._timeline.snapshot(),
            "overlaps": [lane.overlaps.snapshot() for lane in (self._cohorts, self._bursts)],
            "batches": self._batches.snapshot(),
            "judge": parts["head"],
            "to_judge": list(self._to_judge),
            "due_ms": (self._due_ms, self._batches_due_ms),
            "rebuilds": (self.rebuilds, self._rows),
        }
        trends = {_TRENDS + name: part for name, part in self._trends.snapshot().items()}
        return {**parts, **trends, "head": msgspec.msgpack.encode(head)}

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`. Raises `SnapshotMismatch` if it is of another configuration."""
        head = msgspec.msgpack.decode(bytes(parts["head"]), strict=False)
        found = (head.get("version"), head.get("configuration"), head.get("shards"))
        wanted = (SNAPSHOT_VERSION, self._configuration, self._timeline.shards)
        if found != wanted:
            raise SnapshotMismatch(f"snapshot of {found}, wanted {wanted} (version, configuration, shards)")
        self._timeline.restore(head["timeline"])
        for lane, state in zip((self._cohorts, self._bursts), head["overlaps"], strict=True):
            lane.overlaps.restore(state)
        self._batches.restore(head["batches"])
        self._judge.restore(parts, head["judge"])
        self._trends.restore({n.removeprefix(_TRENDS): part for n, part in parts.items() if n.startswith(_TRENDS)})
        self._to_judge = dict.fromkeys(head["to_judge"])
        self._due_ms, self._batches_due_ms = head["due_ms"]
        self.rebuilds, self._rows = head["rebuilds"]
