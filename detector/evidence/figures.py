"""The figures of one group of accounts, computed once and used by every item of evidence."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import numpy as np
from msgspec import Struct

from detector.activity import ActivitySketch
from detector.background import Background
from detector.cohorts.cohort import Cohort
from models.actions import Layer
from models.cohorts import Member
from models.events import Account
from models.ids import hash64

TEMPO_MS = 120_000
TIGHT_MS = 600_000
FIRST_PERCENT = 5
SETTLE_MS = 60_000


class TargetFigures(Struct, frozen=True):
    """What the group did to one target. Times in epoch ms."""

    layer: int
    target: str
    author: str | None
    published_ms: int | None
    members: dict[str, Member]
    accounts_in_window: int
    """All accounts in the largest window of the target that the group touched."""
    share_of_window: float
    """Of the accounts acting in those windows, the share that belongs to the group (median)."""
    share_of_span: float
    """The same inside the span of the group's own actions."""
    onset_ms: float | None
    """5th percentile of (action − publication) over the group, where publication is known."""
    dense_share: float
    """Share of the group's actions inside its densest two minutes."""
    tight_share: float
    """The same for its densest ten minutes."""
    first_ms: int
    last_ms: int


class Figures(Struct, frozen=True):
    """All figures of a group. Shares are 0 to 1, None where the events did not tell."""

    accounts: tuple[str, ...]
    targets: list[TargetFigures]
    cohorts: list[Cohort]
    acts: int
    """Distinct events of the group inside its targets."""
    acts_lately: int
    """Those of them in the period that `activity` counts."""
    activity: int
    """Events of the group anywhere in the current and previous activity period (never too low)."""
    active_accounts: int
    """Accounts of the whole platform seen in that period, ± 1.6 %."""
    idle_otherwise: float
    """Share of the accounts that did nothing else in that period."""
    facts: dict[str, Account]
    crowd: int
    """Accounts with facts among which the group was chosen; the group itself if it was not."""
    clients: dict[str, str]
    devices: dict[str, str]
    networks: dict[str, str]
    deleted: int
    churn: float
    """Repeated and undone actions per first action in the group's windows."""
    author_networks: dict[str, str] = {}
    """Networks of the targets' authors, where they are known."""

    @property
    def first_acts_ms(self) -> dict[str, int]:
        """First act of each account on any of the targets."""
        found: dict[str, int] = {}
        for target in self.targets:
            for account, member in target.members.items():
                found[account] = min(member.time_ms, found.get(account, member.time_ms))
        return found

    @property
    def first_ms(self) -> int:
        """First action."""
        return min(target.first_ms for target in self.targets)

    @property
    def last_ms(self) -> int:
        """Last action."""
        return max(target.last_ms for target in self.targets)

    @property
    def onset_ms(self) -> float | None:
        """Median over targets of the onset, None where no publication is known."""
        onsets = self.onsets_ms
        return median(onsets) if onsets else None

    @property
    def onsets_ms(self) -> list[float]:
        """Onset per target with a known publication."""
        return [target.onset_ms for target in self.targets if target.onset_ms is not None]


def figures_of(
    accounts: Sequence[str], cohorts: Sequence[Cohort], activity: ActivitySketch, background: Background
) -> Figures:
    """Compute the figures of `accounts` over `cohorts`."""
    inside = frozenset(accounts)
    by_target: dict[tuple[int, str], list[Cohort]] = defaultdict(list)
    for cohort in cohorts:
        by_target[(cohort.layer, cohort.target)].append(cohort)
    targets = [found for key in sorted(by_target) if (found := _target(_widest(by_target[key]), inside)) is not None]
    acts_of: dict[str, set[str]] = defaultdict(set)
    lately_of: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        for account, member in target.members.items():
            acts_of[account].add(member.act)
            if member.time_ms >= activity.since_ms:
                lately_of[account].add(member.act)
    totals = activity.estimate(np.array([hash64(a) for a in accounts], np.uint64)).tolist()
    idle = sum(total <= len(lately_of[a]) for a, total in zip(accounts, totals, strict=True))
    lately = len({act for each in lately_of.values() for act in each})
    acts = {act for each in acts_of.values() for act in each}
    seen = [member for target in targets for member in target.members.values()]
    facts = {a: fact for a in accounts if (fact := background.facts.get(a)) is not None}
    return Figures(
        tuple(accounts),
        targets,
        list(cohorts),
        len(acts),
        lately,
        max(sum(totals), lately, 1),
        activity.distinct(),
        idle / len(accounts),
        facts,
        len(facts),
        {a: f.client for a, f in facts.items() if f.client} | {m.account: m.client for m in seen if m.client},
        {a: f.device_id for a, f in facts.items() if f.device_id} | {m.account: m.device for m in seen if m.device},
        {a: f.network_id for a, f in facts.items() if f.network_id} | {m.account: m.network for m in seen if m.network},
        sum(background.deleted_ms.get(act) is not None for act in acts) if len(background.deleted_ms) else 0,
        sum(c.actions - c.size for c in cohorts) / max(1, sum(c.size for c in cohorts)),
        _author_networks(targets, background),
    )


def _author_networks(targets: Sequence[TargetFigures], background: Background) -> dict[str, str]:
    facts = {author: background.facts.get(author) for target in targets if (author := target.author) is not None}
    return {author: fact.network_id for author, fact in facts.items() if fact is not None and fact.network_id}


def _widest(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """The cohorts of the longest window: shorter windows lie inside them."""
    widest_ms = max(cohort.window_ms for cohort in cohorts)
    return [cohort for cohort in cohorts if cohort.window_ms == widest_ms]


def _target(cohorts: Sequence[Cohort], inside: frozenset[str]) -> TargetFigures | None:
    members: dict[str, Member] = {}
    for cohort in cohorts:
        for account in cohort.members.keys() & inside:
            known = members.get(account)
            found = cohort.members[account]
            if known is None or found.time_ms < known.time_ms:
                members[account] = found
    if not members:
        return None
    times = np.sort(np.array([member.time_ms for member in members.values()], np.int64))
    published = next((c.published_ms for c in cohorts if c.published_ms is not None), None)
    largest = max(cohorts, key=lambda c: (c.size, c.index))
    shares = [len(c.members.keys() & inside) / max(1, len(c.members)) for c in cohorts]
    onset = None if published is None else float(np.percentile(times - published, FIRST_PERCENT))
    return TargetFigures(
        largest.layer,
        largest.target,
        largest.author,
        published,
        dict(sorted(members.items())),
        largest.size,
        float(median(shares)),
        _share_of_span(cohorts, inside, int(times[0]), int(times[-1])),
        onset,
        densest(times.tolist(), TEMPO_MS) / len(times),
        densest(times.tolist(), TIGHT_MS) / len(times),
        int(times[0]),
        int(times[-1]),
    )


def _share_of_span(cohorts: Sequence[Cohort], inside: frozenset[str], first_ms: int, last_ms: int) -> float:
    acting = {a for c in cohorts for a, m in c.members.items() if first_ms <= m.time_ms <= last_ms}
    return len(acting & inside) / max(1, len(acting))


def densest(times_ms: Sequence[int], within_ms: int) -> int:
    """The most of the sorted times that fit into an interval of `within_ms`."""
    best = start = 0
    for end, time_ms in enumerate(times_ms):
        while time_ms - times_ms[start] > within_ms:
            start += 1
        best = max(best, end - start + 1)
    return best


def effective_number(values: Sequence[str]) -> float:
    """1 / Σ pᵢ² of the shares of the values: 1 if all are the same, n if n are equally common.

    Source: Hill (1973), Diversity and evenness, order 2.
    """
    counts = np.unique(np.array(values), return_counts=True)[1]
    return float(counts.sum() ** 2 / (counts**2).sum()) if len(counts) else 0.0


def authored(targets: Sequence[TargetFigures]) -> list[str]:
    """Authors of the targets that have one; a family of texts has none."""
    return [t.author for t in targets if t.author is not None and t.layer != Layer.FAMILY]
