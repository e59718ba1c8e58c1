"""What each item of evidence asks, how it is computed, in words, and which settings it is held against.

The alert carries figures and thresholds; `shoal explain` takes the words from here. A test holds the
table against the items that are made, and its settings against those that exist.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct


class Note(Struct, frozen=True):
    """One item, for people."""

    asks: str
    formula: str
    settings: tuple[str, ...] = ()
    """Dotted names in the configuration file."""
    source: str = ""


_P: Final = "evidence.attribute_p_log10_max"
CATALOGUE: Final[Mapping[str, Note]] = {
    # --- synchrony
    "overlap": Note(
        "Could accounts as active as these meet so often by chance, on targets as popular as these?",
        "Poisson tail of the accounts shared by two cohorts, expected φ·max(S_X·|Y|, S_Y·|X|)/W; the strongest pair, "
        "times all pairs tested",
        ("overlap.p_log10_max", "overlap.overlap_min", "campaign.targets_min", "campaign.accounts_min"),
        "docs/decisions/0005",
    ),
    "span": Note("How close together did they act?", "last minus first action on a target, median over targets"),
    # --- what they did
    "late_onset": Note(
        "Did they come when it was published, or when an order came?",
        "5th percentile of (action − publication), median over targets, against the longest that fans take",
        ("evidence.onset_min_ms",),
    ),
    "onset_variation": Note(
        "Do they react at one pace, as followers do?",
        "standard deviation ÷ (mean + 60 s) of the onsets over targets, where a third of them is longer than fans take",
        ("evidence.onset_variation_min", "evidence.onset_min_ms"),
    ),
    "tempo": Note(
        "Do they act all at once though nothing had just appeared?",
        "share of their actions in the densest two minutes of a target, median over targets; only after a late onset",
        ("evidence.dense_share_min", "evidence.onset_min_ms"),
    ),
    "inside_share": Note(
        "Do these accounts do anything else?",
        "their actions on these targets ÷ all their actions of two days",
        ("evidence.inside_share_min",),
    ),
    "dominance": Note(
        "Do the targets live on these accounts alone?",
        "members ÷ all accounts acting on a target in the same windows (median); after a late onset also within the "
        "span of their own actions",
        ("evidence.dominance_min", "evidence.span_dominance_min"),
    ),
    "unrelated_authors": Note(
        "Do the targets have anything in common but these accounts?",
        "effective number of authors, 1 ÷ Σ pᵢ²",
        ("evidence.authors_min",),
        "Hill (1973)",
    ),
    "spun_copy": Note(
        "Are the texts edited variants of one template?",
        "share of copies with similarity under 0.95 to the text they vary; half weight up to 12 shingles",
        ("evidence.spun_share_min",),
    ),
    "idle_otherwise": Note(
        "Did most of them do nothing else at all?",
        "share of accounts without any other action in two days",
        ("evidence.idle_share_min",),
    ),
    "pulse": Note(
        "Did all copies come at once, and then none?",
        "share of the accounts in the densest stretch, once it has been quiet for a while",
        ("evidence.pulse_ms", "evidence.pulse_share_min", "evidence.pulse_quiet_ms"),
    ),
    "spun_flood": Note(
        "Did more variants of one text come in a minute than people write?",
        "most texts with similarity under 0.95 to the text they vary, within the time of a flood; long texts without a "
        "visible source only",
        ("evidence.flood_ms", "evidence.flood_variants_min", "evidence.flood_shingles_min"),
    ),
    # --- what they are
    "registration_runs": Note(
        "Were they registered in several batches, with ordinary days between?",
        "runs of days that each hold too many of them (binomial tail as for one day), with so many days between",
        ("evidence.registration_runs_gap_days", "evidence.registration_runs_share_min", _P),
    ),
    "registration_burst": Note(
        "Were too many of them registered on one day?",
        "binomial tail of the commonest day against that day's share of all registrations, at least 1/3650, times the "
        "days seen",
        ("evidence.registration_share_min", _P),
    ),
    "shared_network": Note(
        "Do most of them come from one network?",
        "binomial tail of the commonest network against its share on the platform, times the networks seen",
        ("evidence.attribute_share_min", _P),
    ),
    "shared_client": Note(
        "Do most of them use one program?",
        "binomial tail of the commonest program against its share on the platform, times the programs seen",
        ("evidence.attribute_share_min", _P),
    ),
    "shared_devices": Note(
        "Do they share machines?",
        "accounts on a machine with another of the group ÷ accounts whose machine is known; binomial tail of those "
        "beyond the first on a machine against what is usual",
        ("evidence.shared_device_share_min", "evidence.device_sharing_usual", _P),
    ),
    "name_skeleton": Note(
        "Are their names made by one pattern?",
        "share of names with the commonest sequence of runs of letters and digits",
        ("evidence.attribute_share_min",),
    ),
    "churn": Note(
        "Do they give, take back and give again?",
        "(all actions − first actions) ÷ first actions, in their windows",
        ("evidence.churn_min",),
    ),
    "deletion": Note(
        "Are the posts taken back once they have counted?",
        "posts taken back soon ÷ the group's posts; binomial tail against the platform's share",
        ("evidence.deleted_share_min", "evidence.deleted_within_ms", "evidence.deleted_share_usual", _P),
        "Elmas et al. (2021)",
    ),
    "shared_contact": Note(
        "Do their posts all lead to one contact?",
        "posts with the commonest contact ÷ the group's actions; binomial tail of the accounts that lead to it, "
        "against its share among all other active accounts, at least 0.1 %",
        ("evidence.contact_share_min", _P),
    ),
    "disguised_contact": Note(
        "Is the contact that they share hidden from filters?",
        "posts in which a plain search does not find the contact ÷ posts that lead to it; half weight for copies",
        ("evidence.disguised_share_min",),
    ),
    "regularity": Note(
        "Do they act at the pace of a machine?",
        "smallest chance, times 3, of: steps within ±10 % of the median, of the group or of most accounts (binomial "
        "against exponential steps); one second of the minute (Rayleigh)",
        ("evidence.regularity_actions_min", _P),
        "Mardia and Jupp (2000)",
    ),
    "registration_batch": Note(
        "Were they registered by one script?",
        "batches: Poisson tail of one shape of name in one stretch of hours, against the shape's share of all other "
        "registrations; then the binomial tail of the accounts that come from batches, against everybody else's share",
        ("evidence.registration_share_min", "evidence.registration_window_ms", _P),
    ),
    "awakening": Note(
        "Did they sleep for weeks and wake on one day?",
        "binomial tail of the commonest day of awakening against that day's share among all others who were active, "
        "at least 1 %, times the days seen",
        ("evidence.awakening_share_min", "evidence.dormant_days_min", _P),
    ),
    "known_operator": Note(
        "Were these accounts called before?",
        "accounts of earlier cases of one operator, held against what chance would bring (Poisson tail)",
        ("operators.accounts_min", "operators.p_log10_max"),
    ),
}
