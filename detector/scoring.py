"""From a group's figures to a judged case: two questions, never mixed."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from msgspec import Struct

import detector
from detector.background import Background
from detector.evidence.attributes import ATTRIBUTES
from detector.evidence.batch import pulse
from detector.evidence.behaviour import BEHAVIOUR, idle_otherwise, spun_copy
from detector.evidence.explanations import explain, friends
from detector.evidence.facts import facts_of
from detector.evidence.figures import Figures, TargetFigures
from detector.evidence.flood import spun_flood
from detector.evidence.items import Item, Maker
from detector.evidence.manner import MANNER
from detector.evidence.proof import prove
from detector.evidence.weighing import weigh, with_accounted, with_thresholds
from detector.evidence.words import chance, count, duration, percent
from detector.settings import DetectorSettings
from models.actions import Layer
from models.alerts import Alert, AlertState, Evidence, Explanation, FamilySummary, Outcome, Severity, TargetSummary

TARGETS_LISTED_MAX = 100
FAMILIES_LISTED_MAX = 20
LINKS_MAX = 2_000
STRONG = 2.0
"""Points from which an innocent explanation beside them leaves the case open instead of closing it."""


class Judged(Struct, frozen=True):
    """The two answers, the innocent explanations considered, and the points of inauthenticity."""

    outcome: Outcome
    synchrony: list[Evidence]
    inauthenticity: list[Evidence]
    explanations: list[Explanation]
    points: float
    deducted: float = 0.0
    """Taken off the points, since the texts copy something visible."""


TELLING: Final = frozenset({"pulse", "spun_copy", "spun_flood", "deletion"})
"""Manners on one target that honest people do not have; a shared contact or a steady pace some have."""
DECIDED: Final = frozenset({"dismissed", "allowed"})
"""Explanations that are decisions of people (`detector.dismissals`)."""
CHOSEN_FOR: Final = frozenset({"dominance", "tempo"})
"""Bursts are tight and alone on their targets because they were chosen so: that is no evidence."""


def judge_campaign(
    figures: Figures,
    p_log10: float,
    edges: int,
    background: Background,
    settings: DetectorSettings,
    bursts: bool = False,
    beside: Sequence[Item] = (),
    by_chance: bool = False,
    decided: Explanation | None = None,
) -> Judged:
    """Judge repeated co-action over several targets; `bursts` tells that few met at quiet targets.

    `decided` is what people decided about such a group before.
    """
    limits = settings.evidence
    items = [found for make in BEHAVIOUR if (found := make(figures, limits)) is not None]
    if bursts:
        items = [(weight, found) for weight, found in items if found.name not in CHOSEN_FOR]
    items += [*_made(MANNER, figures, background, settings), *_made(ATTRIBUTES, figures, background, settings), *beside]
    explanations = explain(figures, p_log10, background, settings, by_chance)
    if bursts:
        explanations.append(friends(figures, settings))
    explanations += [decided] if decided is not None else []
    items, explanations = _enabled(items, settings), _considered(explanations, settings)
    points, told = weigh(items, explanations, settings)
    synchrony = [_overlap_evidence(figures, p_log10, edges), _span_evidence(figures)]
    outcome = _outcome(points, explanations, settings)
    if by_chance and outcome is Outcome.INAUTHENTIC:
        # the two questions are not mixed: no weight of evidence makes a meeting by chance a campaign
        outcome = Outcome.UNKNOWN
    return Judged(outcome, synchrony, told, explanations, points)


def judge_batch(
    figures: Figures,
    p_log10: float,
    now_ms: int,
    background: Background,
    settings: DetectorSettings,
    core: bool,
    beside: Sequence[Item] = (),
    by_chance: bool = False,
    decided: Explanation | None = None,
) -> Judged:
    """Judge many accounts on one target, where nothing repeats.

    What the accounts are counts only for a `core` chosen by it; the whole crowd on a target is judged
    by its manner, since a batch inside it says nothing about the others.
    """
    limits = settings.evidence
    told_by_manner = (pulse(figures, limits, now_ms), spun_copy(figures, limits), spun_flood(figures, limits))
    items = [found for found in told_by_manner if found is not None]
    items = _enabled([*items, *_made(MANNER, figures, background, settings)], settings)
    manner = sum(weight for weight, found in items if found.name in TELLING)
    idle = idle_otherwise(figures, limits)
    if idle is not None and manner:
        # being idle otherwise is common among honest people; it only adds to a telling manner
        items.append(idle)
    attributes = [*_made(ATTRIBUTES, figures, background, settings), *beside]
    crowd = frozenset() if core else frozenset(found.name for _, found in attributes)
    considered = explain(figures, p_log10, background, settings, by_chance)
    considered += [decided] if decided is not None else []
    explanations = _considered(considered, settings)
    points, told = weigh(_enabled(items + attributes, settings), explanations, settings, crowd)
    # copies of a visible source may well come in a burst from people who do little else
    copied = any(found.name == "visible_source" and found.stands for found in explanations)
    deducted = 1.0 if copied else 0.0
    points -= deducted
    outcome = _outcome(points, explanations, settings)
    return Judged(outcome, [_span_evidence(figures)], told, explanations, points, deducted)


def _enabled(items: Sequence[Item], settings: DetectorSettings) -> list[Item]:
    return [(weight, found) for weight, found in items if found.name not in settings.evidence.disabled]


def _considered(explanations: Sequence[Explanation], settings: DetectorSettings) -> list[Explanation]:
    return [found for found in explanations if found.name not in settings.evidence.disabled]


def _made(makers: Sequence[Maker], figures: Figures, background: Background, settings: DetectorSettings) -> list[Item]:
    made = (make(figures, background, settings.evidence) for make in makers)
    return [found for found in made if found is not None]


def _outcome(points: float, explanations: Sequence[Explanation], settings: DetectorSettings) -> Outcome:
    if points >= settings.evidence.points_min:
        return Outcome.INAUTHENTIC
    explained = any(found.stands for found in explanations) and points < STRONG
    if points < settings.evidence.points_listed_min or explained:
        return Outcome.ORGANIC
    return Outcome.UNKNOWN


def _overlap_evidence(figures: Figures, p_log10: float, edges: int) -> Evidence:
    accounts = count(len(figures.accounts), "account")
    active = f"{figures.active_accounts:,}"
    return Evidence(
        "overlap",
        min(1.0, -p_log10 / 50),
        f"{accounts} (of about {active} active lately) met again and again on "
        f"{count(len(figures.targets), 'target')} "
        f"({count(edges, 'pair')} of windows share too many of them); by chance: {chance(p_log10)}.",
        {"p_log10": round(p_log10, 3), "pairs": float(edges), "active_accounts": float(figures.active_accounts)},
    )


def _span_evidence(figures: Figures) -> Evidence:
    spans = [target.last_ms - target.first_ms for target in figures.targets]
    typical = median(spans)
    dense = median(target.dense_share for target in figures.targets)
    where = "On a typical target they acted" if len(spans) > 1 else "They acted"
    return Evidence(
        "span",
        dense,
        f"{where} within {duration(typical)}, {percent(dense)} of them inside two minutes.",
        {"span_median_ms": float(typical), "dense_share": round(dense, 6)},
    )


def severity_of(outcome: Outcome, accounts: int, points: float) -> Severity:
    """How soon a person should look: size of the batch and weight of the evidence."""
    if outcome is not Outcome.INAUTHENTIC:
        return Severity.LOW
    if accounts >= 200 or (accounts >= 50 and points >= 6):
        return Severity.CRITICAL
    if accounts >= 50 or points >= 5:
        return Severity.HIGH
    return Severity.MEDIUM


def headline_of(kind: str, judged: Judged, figures: Figures) -> str:
    """What happened, in one sentence."""
    accounts = count(len(figures.accounts), "account")
    if kind == "batch":
        target = figures.targets[0]
        what = f"acted on {target.target} ({_name(target.layer)})"
        if target.layer == Layer.FAMILY:
            what = "posted the same text"
        elif target.layer == Layer.CONTACT:
            what = f"sent their readers to {target.target.removeprefix('contact:')}"
        span = duration(target.last_ms - target.first_ms)
        head = f"{accounts} {what} within {span}"
    else:
        layers = sorted({_name(target.layer) for target in figures.targets})
        span = duration(figures.last_ms - figures.first_ms)
        head = f"{accounts} acted together on {count(len(figures.targets), 'target')} ({', '.join(layers)}) over {span}"
    tail = {
        Outcome.INAUTHENTIC: "; no innocent explanation fits",
        Outcome.ORGANIC: "; an honest crowd explains it",
        Outcome.UNKNOWN: "; too little is known to tell",
    }[judged.outcome]
    if judged.outcome is Outcome.INAUTHENTIC and any(found.stands for found in judged.explanations):
        tail = "; the evidence outweighs the innocent explanations"
    elif any(found.stands and found.name in DECIDED for found in judged.explanations):
        tail = "; not raised, since a person decided so before"
    return head + tail


def build_alert(
    campaign: str,
    revision: int,
    state: AlertState,
    kind: str,
    figures: Figures,
    judged: Judged,
    p_log10: float,
    at_ms: int,
    settings: DetectorSettings,
    configuration: str,
    merged_from: Sequence[str] = (),
    split_from: str | None = None,
    operator: str | None = None,
) -> Alert:
    """Put the record together. Everything in it derives from events, so replays give equal bytes."""
    outcome = judged.outcome
    targets = sorted(figures.targets, key=lambda t: (-len(t.members), t.first_ms, t.target))
    listed = figures.accounts[: settings.campaign.accounts_listed_max]
    facts, shared = facts_of(figures, listed)
    return Alert(
        campaign,
        revision,
        state,
        kind,
        outcome,
        severity_of(outcome, len(figures.accounts), judged.points),
        headline_of(kind, judged, figures),
        at_ms,
        list(listed),
        len(figures.accounts),
        [
            TargetSummary(
                _name(t.layer),
                t.target,
                len(t.members),
                t.accounts_in_window,
                t.first_ms,
                t.last_ms,
                t.author,
                t.published_ms,
            )
            for t in targets[:TARGETS_LISTED_MAX]
        ],
        len(targets),
        _families(figures),
        _links(listed, targets[:TARGETS_LISTED_MAX]),
        figures.first_ms,
        figures.last_ms,
        round(p_log10, 3),
        chance(p_log10),
        [with_thresholds(found, settings) for found in judged.synchrony],
        judged.inauthenticity,
        [with_accounted(found) for found in judged.explanations],
        prove(figures),
        list(merged_from),
        split_from,
        detector.__version__,
        configuration,
        judged.points,
        judged.deducted,
        settings.evidence.points_min,
        settings.evidence.points_listed_min,
        operator,
        facts,
        shared,
    )


def _links(accounts: Sequence[str], targets: Sequence[TargetFigures]) -> list[tuple[int, int, int]]:
    position_of = {account: position for position, account in enumerate(accounts)}
    links = [
        (position_of[account], position, member.time_ms)
        for position, target in enumerate(targets)
        for account, member in target.members.items()
        if account in position_of
    ]
    return sorted(links, key=lambda link: (link[2], link[0], link[1]))[:LINKS_MAX]


def _families(figures: Figures) -> list[FamilySummary]:
    summaries = []
    texts_of = {c.target: c.texts for c in figures.cohorts if c.layer == Layer.FAMILY}
    for target in figures.targets:
        if target.layer == Layer.FAMILY:
            similarity = median(m.similarity for m in target.members.values())
            summaries.append(
                FamilySummary(target.target, len(target.members), round(similarity, 4), texts_of[target.target])
            )
    return sorted(summaries, key=lambda s: (-s.posts, s.family))[:FAMILIES_LISTED_MAX]


def _name(layer: int) -> str:
    return Layer(layer).name.lower()
