"""The coordinator: outputs of all shards, merged in order of event time, become alerts.

It holds one partition of work: cohorts, their overlaps, campaigns, batches and cases. Whatever the
grouping of slices into outputs and the number of shards, the sequence of updates that it works
through is the same, and so are its alerts.
"""

from collections.abc import Mapping, Sequence
from math import log10
from operator import itemgetter
from typing import Any

import msgspec

from detector.activity import ActivitySketch
from detector.background import Background
from detector.batches import BatchWatch, Target
from detector.campaigns.components import find_campaigns
from detector.campaigns.identity import Identities, Match
from detector.campaigns.membership import Membership
from detector.casebook import Casebook
from detector.cohorts.cohort import Cohort
from detector.cohorts.overlap import Overlaps
from detector.cohorts.significance import span_log10
from detector.evidence.attributes import carriers
from detector.evidence.figures import Figures, figures_of
from detector.ordering import NEVER
from detector.scoring import Judged, build_alert, judge_batch, judge_campaign
from detector.settings import DetectorSettings
from detector.shards.base import Parts
from models.actions import Layer
from models.alerts import Alert, AlertState, Outcome
from models.campaigns import Campaign
from models.cohorts import CohortUpdate, ShardOutput, Timed
from models.errors import SnapshotMismatch
from models.ids import hash64_of

SNAPSHOT_VERSION = 1
SWEEP_MS = 60_000
_FACT, _UPDATE = 0, 1
_WORDED = (Layer.FAMILY, Layer.HASHTAGS)
"""Targets made of words: a crowd on one of them is listed even where nothing speaks against it."""
_ORDER = itemgetter(0, 1, 2, 3)
Waiting = tuple[int, int, str, bool, Any]
"""(slice end, kind, id, closed, payload)."""


class Coordinator:
    """Waits for every shard in `shards`, then works through the slices that all have passed."""

    def __init__(self, settings: DetectorSettings, shards: Sequence[str]) -> None:
        self.settings = settings
        self._configuration = settings.digest()
        self._until: dict[str, int] = dict.fromkeys(shards, NEVER)
        self._waiting: list[Waiting] = []
        self.overlaps = Overlaps(settings.overlap, settings.collector.windows_ms)
        self._activity = ActivitySketch(settings.activity_ms)
        self._background = Background()
        self._batches = BatchWatch(settings)
        self._identities = Identities(settings.campaign.containment_min)
        self._cases = Casebook()
        self._batch_accounts = Membership()
        """Accounts of each live batch case."""
        self._acted_ms: dict[str, int] = {}
        """Last action of each campaign whose name is kept."""
        self._sweep_ms = NEVER
        self._to_judge: dict[Target, None] = {}
        self._due_ms: int | None = None
        self.rebuilds = 0
        self.duplicates = 0
        self.late = 0

    @property
    def watermark_ms(self) -> int:
        """Event time up to which every shard has spoken."""
        return min(self._until.values(), default=NEVER)

    @property
    def figures(self) -> dict[str, float]:
        """Sizes for metrics."""
        return {
            "cohorts": len(self.overlaps.cohorts),
            "edges": len(self.overlaps.edges),
            "accounts": self.overlaps.accounts,
            "rows": self.overlaps.rows,
            "cases": len(self._cases),
            "batch_targets": len(self._batches),
            "waiting": len(self._waiting),
        }

    @property
    def cases(self) -> list[Alert]:
        """Newest alert of every live case."""
        return self._cases.values()

    def receive(self, outputs: Sequence[ShardOutput]) -> list[Alert]:
        """Take outputs of shards in the order of the log; return what is to be told, in order."""
        for output in outputs:
            self._take(output)
        cutoff_ms = self.watermark_ms
        due = [entry for entry in self._waiting if entry[0] <= cutoff_ms]
        if len(due) < len(self._waiting):
            self._waiting = [entry for entry in self._waiting if entry[0] > cutoff_ms]
        else:
            self._waiting = []
        due.sort(key=_ORDER)
        alerts: list[Alert] = []
        for time_ms, kind, _, _, payload in due:
            self._evaluate_before(time_ms, alerts)
            if kind == _UPDATE:
                self._update(payload)
            else:
                self._learn(payload)
        self._evaluate_before(cutoff_ms + 1, alerts)
        return alerts

    def _take(self, output: ShardOutput) -> None:
        seen_ms = self._until.get(output.shard)
        if seen_ms is None or output.until_ms <= seen_ms:
            self.duplicates += 1
            return
        self._until[output.shard] = output.until_ms
        self.late += output.late
        self._activity.tell(output.activity_slices, output.activity_accounts)
        for fact in output.facts:
            name = fact.account.account_id if fact.account else fact.deletion.act if fact.deletion else ""
            self._waiting.append((fact.slice_ms, _FACT, name, False, fact))
        for update in output.updates:
            # sizes grow, so the padded number orders several updates of one cohort
            name = f"{update.cohort:016x}{update.size:012d}"
            self._waiting.append((update.time_ms, _UPDATE, name, update.closed, update))

    def _learn(self, fact: Timed) -> None:
        if fact.account is not None:
            self._background.know(fact.account)
        elif fact.deletion is not None:
            self._background.deleted(fact.deletion)

    def _update(self, update: CohortUpdate) -> None:
        cohort, changed = self.overlaps.update(update)
        if changed:
            self._plan(update.time_ms)
        target = self._batches.see(cohort, self._background)
        if target is not None:
            self._to_judge[target] = None
            self._plan(update.time_ms)

    def _plan(self, time_ms: int) -> None:
        if self._due_ms is None:
            limits = self.settings.campaign
            tick_ms = limits.tick_ms * (1 + self.overlaps.rows // limits.rows_per_tick)
            self._due_ms = -(-time_ms // tick_ms) * tick_ms

    # --- evaluation

    def _evaluate_before(self, time_ms: int, alerts: list[Alert]) -> None:
        """Run every evaluation that is due earlier than `time_ms`, in order."""
        while True:
            check_ms = self._batches.next_check_ms()
            if check_ms is not None:
                tick_ms = self.settings.campaign.tick_ms
                check_ms = -(-check_ms // tick_ms) * tick_ms
            dues = [at for at in (self._due_ms, check_ms) if at is not None]
            if not dues or min(dues) >= time_ms:
                return
            self._evaluate(min(dues), alerts)

    def _evaluate(self, at_ms: int, alerts: list[Alert]) -> None:
        self._activity.reach(at_ms)
        if self._due_ms is not None and self._due_ms <= at_ms:
            self._due_ms = None
            self._rebuild_campaigns(at_ms, alerts)
        targets = dict.fromkeys((*self._to_judge, *self._batches.due(at_ms)))
        self._to_judge.clear()
        # families first: of two views of the same acts, the one with the words is kept
        for target in sorted(targets, key=lambda target: (-target[0], target[1])):
            self._judge_batch(target, at_ms, alerts)

    def _rebuild_campaigns(self, at_ms: int, alerts: list[Alert]) -> None:
        self.rebuilds += 1
        campaigns = find_campaigns(self.overlaps, self.settings.campaign)
        names = [self._name(found) for found in campaigns]
        matches = self._identities.match([found.accounts for found in campaigns], names)
        for found, match in zip(campaigns, matches, strict=True):
            self._judge_campaign(found, match, at_ms, alerts)
        self._close_past(at_ms, alerts)

    def _name(self, found: Campaign) -> str:
        """Hash of the pair of cohorts that first tied it together: content, never a counter."""
        first = min(found.edges)
        return f"{hash64_of('campaign', *(self.overlaps.cohorts[index].key for index in first)):016x}"

    def _judge_campaign(self, found: Campaign, match: Match, at_ms: int, alerts: list[Alert]) -> None:
        cohorts = [self.overlaps.cohorts[index] for index in found.cohorts]
        figures = figures_of(found.accounts, cohorts, self._activity, self._background)
        strongest = min(self.overlaps.edges[edge] for edge in found.edges)
        p_log10 = min(0.0, strongest + log10(max(1, self.overlaps.tests)))
        verdict = judge_campaign(figures, p_log10, len(found.edges), self._background, self.settings)
        absorbed = (*match.merged_from, *self._absorbed_batches(found.accounts))
        for gone in absorbed:
            self._end(gone, at_ms, alerts, match.campaign)

        def make(revision: int, state: AlertState) -> Alert:
            return build_alert(
                match.campaign, revision, state, "campaign", figures, verdict, p_log10, at_ms,
                self.settings, self._configuration, absorbed, match.split_from if match.is_new else None,
            )  # fmt: skip

        self._acted_ms[match.campaign] = figures.last_ms
        _append(alerts, self._cases.tell(match.campaign, make))

    def _absorbed_batches(self, accounts: Sequence[str]) -> list[str]:
        """Batches whose accounts have acted together again: they are this campaign's now."""
        shared = self._batch_accounts.shared(accounts)
        return sorted(name for name, n in shared.items() if 2 * n > len(self._batch_accounts.members(name)))

    def _judge_batch(self, target: Target, at_ms: int, alerts: list[Alert]) -> None:
        cohorts = self._batches.cohorts(target, self.overlaps.cohorts)
        if not cohorts:
            return
        name = f"{hash64_of('batch', *target):016x}"
        accounts = sorted({account for cohort in cohorts for account in cohort.members})
        if name not in self._batch_accounts and (self._identities.holds(accounts) or self._is_told(accounts)):
            return
        judged = self._judge_whole_or_core(accounts, cohorts, at_ms)
        if judged is None:
            return
        figures, verdict, p_log10 = judged

        def make(revision: int, state: AlertState) -> Alert:
            return build_alert(
                name, revision, state, "batch", figures, verdict, p_log10, at_ms, self.settings, self._configuration
            )

        told = self._cases.tell(name, make)
        if told is not None:
            self._batch_accounts.put(name, told.accounts)
        _append(alerts, told)

    def _judge_whole_or_core(
        self, accounts: Sequence[str], cohorts: Sequence[Cohort], at_ms: int
    ) -> tuple[Figures, Judged, float] | None:
        """Judge everybody on the target by manner; failing that, those who share what they are.

        A batch hides among honest accounts on a popular target: only the carriers of the evidence
        are named. None if neither is worth listing.
        """
        crowd = 0
        for core in (False, True):
            figures = figures_of(accounts, cohorts, self._activity, self._background)
            crowd = max(crowd, figures.crowd)
            figures = msgspec.structs.replace(figures, crowd=crowd)
            p_log10 = self._span_p_log10(figures, cohorts)
            verdict = judge_batch(figures, p_log10, at_ms, self._background, self.settings, core)
            if core or verdict.outcome is Outcome.INAUTHENTIC:
                return figures, verdict, p_log10
            chosen = carriers(figures, self._background, self.settings.evidence)
            if len(chosen) < self.settings.batch.accounts_min:
                return (figures, verdict, p_log10) if cohorts[0].layer in _WORDED else None
            accounts = sorted(chosen)
        return None

    def _span_p_log10(self, figures: Figures, cohorts: Sequence[Cohort]) -> float:
        span_ms = figures.last_ms - figures.first_ms
        window_ms = max(cohort.window_ms for cohort in cohorts)
        looked_at = log10(max(1, len(self.overlaps.cohorts)))
        return min(0.0, span_log10(len(figures.accounts), span_ms, window_ms) + looked_at)

    def _is_told(self, accounts: Sequence[str]) -> bool:
        """Whether another batch case already holds most of these accounts: one crowd, one case."""
        shared = self._batch_accounts.shared(accounts)
        return any(2 * n > min(len(accounts), len(self._batch_accounts.members(name))) for name, n in shared.items())

    def _close_past(self, at_ms: int, alerts: list[Alert]) -> None:
        """Once a minute: close cases that went quiet, forget names that the longest memory has lost."""
        if at_ms < self._sweep_ms:
            return
        self._sweep_ms = at_ms + SWEEP_MS
        self._batches.sweep(self.overlaps.cohorts)
        for case in self._cases.values():
            if case.last_action_ms + self.settings.quiet_ms < at_ms:
                self._end(case.campaign, at_ms, alerts, None)
        horizon_ms = max(self.settings.overlap.horizons_ms)
        for name in [name for name, acted_ms in self._acted_ms.items() if acted_ms + horizon_ms < at_ms]:
            del self._acted_ms[name]
            self._identities.forget(name)

    def _end(self, name: str, at_ms: int, alerts: list[Alert], merged_into: str | None) -> None:
        self._batch_accounts.drop(name)
        _append(alerts, self._cases.close(name, at_ms, merged_into))

    # --- snapshots

    def snapshot(self) -> Parts:
        """The whole state, taken between two messages: plain bytes and arrays."""
        head = {
            "version": SNAPSHOT_VERSION,
            "configuration": self._configuration,
            "until": self._until,
            "waiting": self._waiting,
            "overlaps": self.overlaps.snapshot(),
            "batches": self._batches.snapshot(),
            "identities": self._identities.snapshot(),
            "batch_accounts": self._batch_accounts.snapshot(),
            "acted_ms": self._acted_ms,
            "sweep_ms": self._sweep_ms,
            "to_judge": list(self._to_judge),
            "due_ms": self._due_ms,
            "figures": (self.rebuilds, self.duplicates, self.late),
        }
        parts: Parts = {f"activity.{name}": array for name, array in self._activity.snapshot().items()}
        parts["head"] = msgspec.msgpack.encode(head)
        parts["cases"] = self._cases.snapshot()
        parts["background"] = self._background.snapshot()
        return parts

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`. Raises `SnapshotMismatch` if it is of another configuration."""
        head = msgspec.msgpack.decode(bytes(parts["head"]), strict=False)
        found = (head.get("version"), head.get("configuration"), sorted(head.get("until", {})))
        wanted = (SNAPSHOT_VERSION, self._configuration, sorted(self._until))
        if found != wanted:
            raise SnapshotMismatch(f"snapshot of {found}, wanted {wanted} (version, configuration, shards)")
        self._until = head["until"]
        self._waiting = [_waiting(entry) for entry in head["waiting"]]
        self.overlaps.restore(head["overlaps"])
        self._batches.restore(head["batches"])
        self._identities.restore(head["identities"])
        self._batch_accounts.restore(head["batch_accounts"])
        self._acted_ms, self._sweep_ms = head["acted_ms"], head["sweep_ms"]
        self._to_judge = dict.fromkeys(head["to_judge"])
        self._due_ms = head["due_ms"]
        self.rebuilds, self.duplicates, self.late = head["figures"]
        self._activity.restore({n.removeprefix("activity."): a for n, a in parts.items() if n.startswith("activity.")})
        self._cases.restore(bytes(parts["cases"]))
        self._background.restore(bytes(parts["background"]))


def _append(alerts: list[Alert], alert: Alert | None) -> None:
    if alert is not None:
        alerts.append(alert)


def _waiting(entry: Sequence[Any]) -> Waiting:
    time_ms, kind, name, closed, plain = entry
    return time_ms, kind, name, closed, msgspec.convert(plain, Timed if kind == _FACT else CohortUpdate)
