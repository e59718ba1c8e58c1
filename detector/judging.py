"""Judging: which groups become cases, what is told of them, and when they end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from detector.activity import ActivitySketch
from detector.background import Background
from detector.batches import Target
from detector.calibration.evalues import bound_log10, calibrated_log10, rejected, weight_log10
from detector.campaigns.chance import campaign_e_log10
from detector.campaigns.components import find_campaigns
from detector.campaigns.identity import Identities, Match
from detector.campaigns.lanes import Lane
from detector.campaigns.membership import Membership
from detector.campaigns.pacing import Extent, Look, Pacing
from detector.casebook import ALERTED, SETTLED_REVISION_MS, Casebook
from detector.cohorts.cohort import Cohort
from detector.cohorts.significance import span_log10
from detector.dismissals import Dismissals
from detector.evidence.attributes import carriers
from detector.evidence.figures import Figures, figures_of
from detector.evidence.items import Item
from detector.evidence.operator import known_operator
from detector.operators import OperatorBook
from detector.ordering import NEVER
from detector.scoring import Judged, build_alert, judge_batch, judge_campaign
from detector.settings import DetectorSettings
from models.actions import Layer
from models.alerts import Alert, AlertState, Outcome
from models.campaigns import Campaign
from models.events import Verdict
from models.ids import hash64_of

SWEEP_MS: Final = 60_000
_WORDED: Final = (Layer.FAMILY, Layer.HASHTAGS, Layer.CONTACT)
"""Targets of words: a crowd on one of them is listed even where nothing speaks against it."""


class Judge:
    """Turns campaigns and batches into cases, each told once and then only when there is news."""

    def __init__(self, settings: DetectorSettings, lanes: Sequence[Lane]) -> None:
        self.settings = settings
        self._configuration = settings.digest()
        self._lanes = lanes
        self._overlaps = lanes[0].overlaps
        self.activity = ActivitySketch(settings.activity_ms)
        self.background = Background(
            registration_window_ms=settings.evidence.registration_window_ms,
            dormant_days=settings.evidence.dormant_days_min,
        )
        self.operators = OperatorBook(settings.operators)
        self.dismissals = Dismissals(settings.dismissals)
        self.cases = Casebook()
        self._identities = Identities(settings.campaign.containment_min)
        self._batch_accounts = Membership()
        """Accounts of each live batch case."""
        self._acted_ms: dict[str, int] = {}
        """Last action of each campaign whose name is kept."""
        self.rows_seen = 0
        """Carriers of pairs in the campaigns of the last rebuild."""
        self.pacing = Pacing(settings.campaign, settings.evidence.points_min)
        self._sweep_ms = NEVER

    def rebuild_campaigns(self, at_ms: int) -> list[Alert]:
        """Find the campaigns anew where pairs have changed, and judge those."""
        alerts: list[Alert] = []
        self.rows_seen = 0
        for lane in self._lanes:
            changed = lane.overlaps.take_changed()
            if changed:
                self._rebuild_lane(lane, changed, at_ms, alerts)
        return alerts

    def _rebuild_lane(self, lane: Lane, changed: set[int], at_ms: int, alerts: list[Alert]) -> None:
        within = lane.overlaps.reach(sorted(changed))
        touched = within | changed
        lane.live = {name: found for name, found in lane.live.items() if touched.isdisjoint(found.cohorts)}
        campaigns = find_campaigns(lane.overlaps, within, lane.settings)
        self.rows_seen += sum(len(lane.overlaps.carriers[edge]) for found in campaigns for edge in found.edges)
        held = set(lane.live)
        for other in self._lanes:
            if lane.bursts and other is not lane:
                campaigns = [found for found in campaigns if not other.covers(found.accounts)]
                held.update(other.live)
        names = [lane.name_of(found) for found in campaigns]
        matches = self._identities.match([found.accounts for found in campaigns], names, held)
        for found, match in zip(campaigns, matches, strict=True):
            for other in self._lanes:
                other.live.pop(match.campaign, None)
            lane.live[match.campaign] = found
            self._judge_campaign(lane, found, match, at_ms, alerts)

    def _judge_campaign(self, lane: Lane, found: Campaign, match: Match, at_ms: int, alerts: list[Alert]) -> None:
        extent = lane.extent_of(found)
        is_other = match.is_new or bool(match.merged_from)
        if not is_other and not self._is_worth_judging(match.campaign, extent, at_ms):
            return
        overlaps = lane.overlaps
        cohorts = [overlaps.cohorts[index] for index in found.cohorts]
        figures = figures_of(found.accounts, cohorts, self.activity, self.background)
        by_chance, p_log10 = self._chance(match.campaign, campaign_e_log10(overlaps, found))
        absorbed = (*match.merged_from, *self._absorbed_batches(found.accounts))
        beside = self._known_items(figures, (match.campaign, *absorbed))
        background, settings = self.background, self.settings
        verdict = judge_campaign(
            figures, p_log10, len(found.edges), background, settings, lane.bursts, beside, by_chance,
            self.dismissals.consider(match.campaign, figures, at_ms),
        )  # fmt: skip
        operator = self._operator_of(match.campaign, figures, verdict, absorbed)
        for gone in absorbed:
            self._end(gone, at_ms, alerts, match.campaign)

        def make(revision: int, state: AlertState) -> Alert:
            return build_alert(
                match.campaign, revision, state, "campaign", figures, verdict, p_log10, at_ms,
                settings, self._configuration, absorbed, match.split_from if match.is_new else None, operator,
            )  # fmt: skip

        self._acted_ms[match.campaign] = figures.last_ms
        told = self._tell(match.campaign, make)
        _append(alerts, told)
        self.pacing.decided += told is not None and told.state is AlertState.OPENED
        if not is_other or not self._is_alerted(match.campaign):
            # what has just been called is looked at once more at once: a first call may be of a part
            self.pacing.put(match.campaign, Look(at_ms, extent, verdict.points, self.pacing.decided))

    def _tell(self, name: str, make: Callable[[int, AlertState], Alert]) -> Alert | None:
        told = self.cases.tell(name, make)
        if told is not None:
            self.dismissals.remember(told)
        return told

    def decide(self, verdict: Verdict) -> None:
        """Take a decision of a person: what it is about may be judged otherwise from now on."""
        self.operators.decide(verdict)
        name = verdict.campaign
        self.dismissals.decide(verdict, self.operators.standing(name), self.cases.get(name))
        self.pacing.decided += 1

    def judge_waiting(self, at_ms: int) -> list[Alert]:
        """Judge the campaigns that changed too little when they were last found, and whose time has come."""
        alerts: list[Alert] = []
        for name in self.pacing.take_due(at_ms):
            for lane in self._lanes:
                found = lane.live.get(name)
                if found is not None and lane.holds(found):
                    self._judge_campaign(lane, found, Match(name, is_new=False), at_ms, alerts)
        return alerts

    def _is_alerted(self, name: str) -> bool:
        case = self.cases.get(name)
        return case is not None and case.state in ALERTED

    def _is_worth_judging(self, name: str, extent: Extent, at_ms: int) -> bool:
        """Whether a case has changed, by enough, or was called and not looked at within the minute."""
        if not self._is_alerted(name):
            return self.pacing.is_due(name, extent, at_ms)
        before = self.pacing.last(name)
        return before is None or (extent.shape != before.extent.shape and at_ms - before.at_ms >= SETTLED_REVISION_MS)

    def _absorbed_batches(self, accounts: Sequence[str]) -> list[str]:
        """Batches whose accounts have acted together again: they are this campaign's now."""
        shared = self._batch_accounts.shared(accounts)
        return sorted(name for name, n in shared.items() if 2 * n > len(self._batch_accounts.members(name)))

    def judge_batch(self, target: Target, cohorts: Sequence[Cohort], at_ms: int) -> Alert | None:
        """Judge the accounts on one target; None if there is nothing new to tell."""
        name = f"{hash64_of('batch', *target):016x}"
        accounts = sorted({account for cohort in cohorts for account in cohort.members})
        case = self.cases.get(name)
        if case is not None and case.state in ALERTED and at_ms - case.at_ms < SETTLED_REVISION_MS:
            return None
        judged = self._judge_whole_or_core(name, accounts, cohorts, at_ms)
        if judged is None:
            return None
        figures, verdict, p_log10 = judged
        named = figures.accounts
        if name not in self._batch_accounts and (self._identities.holds(named) or self._is_told(named)):
            return None
        operator = self._operator_of(name, figures, verdict)

        def make(revision: int, state: AlertState) -> Alert:
            return build_alert(
                name, revision, state, "batch", figures, verdict, p_log10, at_ms, self.settings, self._configuration,
                operator=operator,
            )  # fmt: skip

        told = self._tell(name, make)
        if told is not None:
            self.pacing.decided += told.state is AlertState.OPENED
            self._batch_accounts.put(name, told.accounts)
        return told

    def _judge_whole_or_core(
        self, name: str, accounts: Sequence[str], cohorts: Sequence[Cohort], at_ms: int
    ) -> tuple[Figures, Judged, float] | None:
        """Judge everybody on the target by manner; failing that, those who share what they are or were called before.

        A batch hides among honest accounts on a popular target: only the carriers of the evidence
        are named. None if neither is worth listing.
        """
        whole = self._judge_group(name, accounts, cohorts, at_ms, core=False)
        if whole[1].outcome is Outcome.INAUTHENTIC:
            return whole
        crowd = whole[0].crowd
        cores = []
        chosen = carriers(whole[0], self.background, self.settings.evidence)
        if len(chosen) >= self.settings.batch.accounts_min:
            cores.append(self._judge_group(name, sorted(chosen), cohorts, at_ms, core=True, crowd=crowd))
        known = self.operators.meets(accounts, whole[0].active_accounts, (name,), whole[0].first_ms)
        if known is not None:
            cores.append(self._judge_group(name, known.accounts, cohorts, at_ms, core=True, crowd=crowd))
        if cores:
            return max(cores, key=lambda core: core[1].points)
        return whole if cohorts[0].layer in _WORDED else None

    def _judge_group(
        self,
        name: str,
        accounts: Sequence[str],
        cohorts: Sequence[Cohort],
        at_ms: int,
        core: bool,
        crowd: int = 0,
    ) -> tuple[Figures, Judged, float]:
        figures = figures_of(accounts, cohorts, self.activity, self.background)
        figures = msgspec.structs.replace(figures, crowd=max(crowd, figures.crowd))
        by_chance, p_log10 = self._chance(name, self._span_e_log10(figures, cohorts))
        beside = self._known_items(figures, (name,)) if core else ()
        background, settings = self.background, self.settings
        decided = self.dismissals.consider(name, figures, at_ms)
        judged = judge_batch(figures, p_log10, at_ms, background, settings, core, beside, by_chance, decided)
        return figures, judged, p_log10

    def knows(self, cohort: Cohort) -> bool:
        """Whether accounts that were called before are among its members, beyond chance."""
        if not len(self.operators):
            return False
        name = f"{hash64_of('batch', cohort.layer, cohort.target):016x}"
        if not self.operators.known(cohort.members, (name,), cohort.start_ms):
            return False
        active_accounts = self.activity.distinct()
        return self.operators.meets(list(cohort.members), active_accounts, (name,), cohort.start_ms) is not None

    def _known_items(self, figures: Figures, own: Sequence[str]) -> Sequence[Item]:
        known = self.operators.meets(figures.accounts, figures.active_accounts, own, figures.first_ms)
        if known is None:
            return ()
        p_log10 = self.operators.chance_log10(known, len(figures.accounts), figures.active_accounts)
        return (known_operator(known, len(figures.accounts), p_log10),)

    def _operator_of(self, name: str, figures: Figures, verdict: Judged, absorbed: Sequence[str] = ()) -> str | None:
        """Remember who is called; whose case this is."""
        if verdict.outcome is not Outcome.INAUTHENTIC or not self.settings.operators.enabled:
            return None
        contacts = [target.target for target in figures.targets if target.layer == Layer.CONTACT]
        listed = figures.accounts[: self.settings.campaign.accounts_listed_max]
        operator = self.operators.learn(
            name, listed, contacts, figures.first_ms, figures.last_ms, figures.active_accounts
        )
        self.operators.absorb(gone for gone in absorbed if gone != operator)
        return operator

    def _span_e_log10(self, figures: Figures, cohorts: Sequence[Cohort]) -> float:
        span_ms = figures.last_ms - figures.first_ms
        window_ms = max(cohort.window_ms for cohort in cohorts)
        return calibrated_log10(span_log10(len(figures.accounts), span_ms, window_ms)) + weight_log10(
            max(1, self._overlaps.looks)
        )

    def _chance(self, name: str, e_log10: float) -> tuple[bool, float]:
        """(whether chance explains a case, given all live ones; log₁₀ of the bound of its probability)."""
        live = {case.campaign: -case.p_log10 for case in self.cases.values()}
        told = rejected({**live, name: e_log10}, self.settings.overlap.chance_share_max)
        return name not in told, bound_log10(e_log10)

    def _is_told(self, accounts: Sequence[str]) -> bool:
        """Whether another batch case already holds most of these accounts: one crowd, one case."""
        shared = self._batch_accounts.shared(accounts)
        return any(2 * n > min(len(accounts), len(self._batch_accounts.members(name))) for name, n in shared.items())

    def close_past(self, at_ms: int) -> list[Alert]:
        """Once a minute: close cases that went quiet, forget names that the longest memory has lost."""
        alerts: list[Alert] = []
        if at_ms < self._sweep_ms:
            return alerts
        self._sweep_ms = at_ms + SWEEP_MS
        for case in self.cases.values():
            # a case is told of less often than it acts
            acted_ms = max(case.last_action_ms, self._acted_ms.get(case.campaign, NEVER))
            if acted_ms + self.settings.quiet_ms < at_ms:
                self._end(case.campaign, at_ms, alerts, None)
        horizon_ms = max(self.settings.overlap.horizons_ms)
        for name in [name for name, acted_ms in self._acted_ms.items() if acted_ms + horizon_ms < at_ms]:
            del self._acted_ms[name]
            self._identities.forget(name)
        return alerts

    def _end(self, name: str, at_ms: int, alerts: list[Alert], merged_into: str | None) -> None:
        self._batch_accounts.drop(name)
        self.pacing.drop(name)
        _append(alerts, self.cases.close(name, at_ms, merged_into))

    # --- snapshots

    def snapshot(self) -> dict[str, Any]:
        """Plain values under `head`, encoded and array parts beside it."""
        parts: dict[str, Any] = {f"activity.{name}": array for name, array in self.activity.snapshot().items()}
        parts["cases"] = self.cases.snapshot()
        parts["background"] = self.background.snapshot()
        parts["head"] = {
            "identities": self._identities.snapshot(),
            "batch_accounts": self._batch_accounts.snapshot(),
            "acted_ms": self._acted_ms,
            "sweep_ms": self._sweep_ms,
            "pacing": self.pacing.snapshot(),
            "operators": self.operators.snapshot(),
            "dismissals": self.dismissals.snapshot(),
            "live": [list(lane.live.items()) for lane in self._lanes],
        }
        return parts

    def restore(self, parts: Mapping[str, Any], head: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self.activity.restore({n.removeprefix("activity."): a for n, a in parts.items() if n.startswith("activity.")})
        self.cases.restore(bytes(parts["cases"]))
        self.background.restore(bytes(parts["background"]))
        self._identities.restore(head["identities"])
        self._batch_accounts.restore(head["batch_accounts"])
        self._acted_ms, self._sweep_ms = dict(head["acted_ms"]), head["sweep_ms"]
        for lane, live in zip(self._lanes, head["live"], strict=True):
            lane.live = dict(msgspec.convert(live, list[tuple[str, Campaign]]))
        self.operators.restore(head["operators"])
        self.dismissals.restore(head["dismissals"])
        self.pacing.restore(*msgspec.convert(head["pacing"], tuple[dict[str, Look], dict[str, int], int]))


def _append(alerts: list[Alert], alert: Alert | None) -> None:
    if alert is not None:
        alerts.append(alert)
