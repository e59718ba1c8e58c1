"""Inauthenticity shown by what the accounts did: one function an item."""

from statistics import median, pstdev

from detector.evidence.figures import SETTLE_MS, Figures, authored, effective_number
from detector.evidence.items import Item, item
from detector.evidence.words import count, duration, percent
from detector.settings import EvidenceSettings
from models.actions import Layer

LATE_MIN = 1 / 3
SHINGLES_HALF = 12
"""Up to so many shingles people may hit on similar words by themselves: half the weight."""


def late_onset(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Fans come at once; a hired batch comes when the order does."""
    onset = figures.onset_ms
    if onset is None:
        return None
    late = onset > limits.onset_min_ms
    told = "long after" if late else "soon after"
    return item(
        1.0 if late else 0.0,
        "late_onset",
        f"The accounts begin {duration(onset)} after publication (median over targets): {told} it appeared.",
        onset_median_ms=onset,
    )


def onset_variation(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """σ/(μ + 60 s) of the onsets: followers have one reaction time, orders come at any hour.

    Speaks only if at least a third of the onsets are longer than fans take: seconds and minutes differ
    many-fold too.
    """
    onsets = figures.onsets_ms
    if len(onsets) < 2:
        return None
    variation = pstdev(onsets) / (abs(sum(onsets)) / len(onsets) + SETTLE_MS)
    late = sum(onset > limits.onset_min_ms for onset in onsets) / len(onsets)
    return item(
        float(variation > limits.onset_variation_min and late >= LATE_MIN),
        "onset_variation",
        f"Time from publication to their first action differs {variation:.1f}-fold between targets, "
        f"{percent(late)} of them long after it.",
        variation=variation,
        late_share=late,
    )


def tempo(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Share of the group's actions inside its densest two minutes, where nothing just appeared.

    Counts only long after publication: soon after it, a push message explains the same.
    """
    onset = figures.onset_ms
    if onset is None:
        return None
    dense = median(target.dense_share for target in figures.targets)
    sudden = dense >= limits.dense_share_min and onset > limits.onset_min_ms
    return item(
        float(sudden),
        "tempo",
        f"On a typical target {percent(dense)} of them act within the same two minutes"
        + (", though nothing had just been published." if sudden else "."),
        dense_share=dense,
    )


def inside_share(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Share of everything these accounts did that was this."""
    if not figures.acts_lately:
        return None
    share = figures.acts_lately / figures.activity
    return item(
        float(share >= limits.inside_share_min),
        "inside_share",
        f"{percent(share)} of everything these accounts did in the last two days was aimed at these targets.",
        share=share,
    )


def dominance(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Whether the targets live on this group alone."""
    targets = [target for target in figures.targets if target.layer != Layer.FAMILY]
    if not targets:
        return None
    window = median(target.share_of_window for target in targets)
    span = median(target.share_of_span for target in targets)
    onset = figures.onset_ms
    late = onset is not None and onset > limits.onset_min_ms
    speaks = window >= limits.dominance_min or (late and span >= limits.span_dominance_min)
    return item(
        float(speaks),
        "dominance",
        f"They are {percent(window)} of all accounts acting on the targets in those windows, "
        f"{percent(span)} during their own bursts.",
        share_of_window=window,
        share_of_span=span,
    )


def unrelated_authors(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Fans share an idol, a newsroom shares a domain; a paid batch serves whoever pays."""
    authors = authored(figures.targets)
    if len(authors) < 2:
        return None
    number = effective_number(authors)
    speaks = number >= limits.authors_min
    return item(
        float(speaks),
        "unrelated_authors",
        f"The targets belong to {number:.1f} different authors or sites (effective number)"
        + (", with nothing in common but these accounts." if speaks else "."),
        effective_authors=number,
    )


def spun_copy(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Honest people copy word for word; armies fill slots of a template (0.5 ≤ J < 0.95)."""
    members = [m for t in figures.targets if t.layer == Layer.FAMILY for m in t.members.values()]
    if not members:
        return None
    share = sum(m.similarity < 0.95 for m in members) / len(members)
    linked = _linked_share(figures)
    short = median(c.shingles for c in figures.cohorts if c.layer == Layer.FAMILY) <= SHINGLES_HALF
    speaks = share >= limits.spun_share_min and linked < 0.5
    return item(
        float(speaks) * (0.5 if short else 1.0),
        "spun_copy",
        f"{percent(share)} of the {count(len(members), 'text')} are edited variants of one template, not plain copies.",
        spun_share=share,
        linked_share=linked,
    )


def idle_otherwise(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Accounts that do this and nothing else."""
    return item(
        float(figures.idle_otherwise >= limits.idle_share_min),
        "idle_otherwise",
        f"{percent(figures.idle_otherwise)} of the accounts did nothing else at all in the last two days.",
        share=figures.idle_otherwise,
    )


def churn(figures: Figures, limits: EvidenceSettings) -> Item | None:
    """Likes given, taken back and given again keep a target moving.

    (all actions − first actions) / first actions, over the group's windows: an action repeated or undone
    is one that the window counts without a new account. Honest people correct themselves now and then
    and stay far under one half.
    """
    if not figures.churn:
        return None
    return item(
        float(figures.churn >= limits.churn_min),
        "churn",
        f"{figures.churn:.1f} repeated or undone actions for each first one.",
        churn=figures.churn,
    )


def _linked_share(figures: Figures) -> float:
    families = [cohort for cohort in figures.cohorts if cohort.layer == Layer.FAMILY]
    return median(cohort.linked_share for cohort in families) if families else 0.0


BEHAVIOUR = (
    late_onset,
    onset_variation,
    tempo,
    inside_share,
    dominance,
    unrelated_authors,
    spun_copy,
    churn,
)
