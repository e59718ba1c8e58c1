"""Every threshold of the detector in one frozen, validated object.

The ranges live in the types; `load` turns a mapping (a TOML file, say) into settings or names the
field, the value and the range that it violates.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from detector.calibration.settings import CalibrationRecord, Factor, PhiSettings
from detector.evidence.names import KNOWN
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.trends.settings import TrendSettings
from models.errors import InvalidConfiguration
from models.ids import hash64

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Millis = Annotated[int, Meta(ge=1, le=10**11)]


class CollectorSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How actions are gathered into cohorts."""

    windows_ms: tuple[Annotated[int, Meta(ge=60_000, le=86_400_000)], ...] = (3_600_000,)
    """Lengths of the windows, each a divisor of the longest. One is enough: cohorts are tested while they
    grow, and a second scale of 10 minutes found nothing more, at half as much time again (decision 4)."""
    members_min: Annotated[int, Meta(ge=2, le=1_000)] = 8
    """A cohort is told of first at this size, then at every doubling, then when it closes."""
    growing: bool = True
    """Off: cohorts are told of only when they close, an hour later at worst. For measuring what that costs."""
    settle_ms: Annotated[int, Meta(ge=1_000, le=3_600_000)] = 60_000
    """Copies of a family that its doublings have not told are told after this long."""
    settle_small_ms: Annotated[int, Meta(ge=1_000, le=3_600_000)] = 300_000
    """The same for actions on any target, while the cohort is under eight times the smallest."""
    members_carried_max: Annotated[int, Meta(ge=100, le=100_000)] = 2_000
    """Above this the members are halved by account hash, the same accounts everywhere."""
    first_actions_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 1_000_000
    """Remembered (account, target) pairs, so that like/unlike/like counts once."""
    event_ids_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 500_000
    """Remembered event ids, so that a redelivered event counts once."""
    publications_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 1_000_000
    """Remembered posts with author and time, so that fans are told from strangers."""
    windows_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 2_000_000
    """Open windows; at the limit the oldest are closed early and counted."""


class BurstSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The pair lane: a few accounts that meet again and again at quiet targets.

    A target is quiet while at most `quiet_max` accounts have reached it in its window.
    """

    enabled: bool = True
    """Whether groups too small for cohorts are looked for."""
    members_min: Annotated[int, Meta(ge=2, le=50)] = 3
    """So many accounts within `window_ms` are a burst."""
    window_ms: Annotated[int, Meta(ge=1_000, le=3_600_000)] = 300_000
    """Length of a burst."""
    quiet_max: Annotated[int, Meta(ge=2, le=1_000)] = 30
    """Accounts on a target in its window up to which it is quiet."""
    overlap_min: Annotated[int, Meta(ge=2, le=100)] = 3
    """Accounts that two bursts must share for their pair to be tested."""
    p_log10_max: Annotated[float, Meta(ge=-300, le=-3)] = -10.0
    """For one pair of bursts; a group needs several."""
    targets_min: Annotated[int, Meta(ge=2, le=100)] = 5
    """Targets on which an account must be supported to belong to a group."""
    edges_min: Annotated[int, Meta(ge=1, le=100)] = 3
    """Significant pairs that a target needs inside an account's own history to support it."""
    accounts_min: Annotated[int, Meta(ge=2, le=1_000)] = 3
    """Accounts of the smallest group."""
    memberships_max: Annotated[int, Meta(ge=10_000, le=10**9)] = 1_000_000
    """Remembered memberships; beyond it the oldest bursts go first."""


class OverlapSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The test of chance: could two cohorts share so many accounts by chance?"""

    history_max: Annotated[int, Meta(ge=4, le=1_000)] = 50
    """Cohorts remembered of each account, the newest."""
    overlap_min: Annotated[int, Meta(ge=3, le=100)] = 5
    """Accounts that two cohorts must share for their pair to be tested."""
    p_log10_max: Annotated[float, Meta(ge=-300, le=-3)] = -15.0
    """log₁₀ of the chance under which a pair of cohorts is significant."""
    prior_memberships: Annotated[float, Meta(ge=1, le=1e12)] = 1e6
    """Population assumed at least, so that a small extract does not explain itself away."""
    phi: PhiSettings = PhiSettings()
    near_ms: Millis = 1_800_000
    """Windows that begin within so much time of each other may share a crowd that passes through."""
    horizons_ms: tuple[Millis, ...] = (7_776_000_000,)
    """How long the cohorts of each window length are remembered: 90 days, since honest fans and armies
    may meet rarely."""
    memberships_max: Annotated[int, Meta(ge=10_000, le=10**9)] = 2_000_000
    """Remembered memberships, about 400 bytes each; beyond it the oldest cohorts go first."""
    chance_share_max: Annotated[float, Meta(gt=0, le=0.5)] = 0.01
    """Level of e-BH: of the cases that chance is said not to explain, at most this share may be chance."""
    calibration_every: Annotated[int, Meta(ge=1, le=10_000)] = 16
    """Of so many closed cohorts one is counted for calibration and its drift; `shoal calibrate` counts all."""


class CampaignSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """From significant pairs of cohorts to campaigns."""

    targets_min: Annotated[int, Meta(ge=2, le=100)] = 3
    """Targets on which an account must be supported to belong to a campaign."""
    edges_min: Annotated[int, Meta(ge=1, le=100)] = 2
    """Significant pairs that a target needs inside an account's own history to support it."""
    accounts_min: Annotated[int, Meta(ge=3, le=1_000)] = 10
    """Accounts of the smallest campaign."""
    overlap_kept_min: Annotated[int, Meta(ge=1, le=1_000)] = 5
    """A pair of cohorts is dropped once fewer supported accounts than this carry it."""
    prune_rounds: Annotated[int, Meta(ge=1, le=20)] = 4
    """Times that weak accounts and then weak pairs are dropped."""
    containment_min: Share = 0.5
    """Share of the smaller membership that two findings must have in common to be one campaign."""
    tick_ms: Annotated[int, Meta(ge=100, le=3_600_000)] = 1_000
    """Campaigns are looked at once in so much event time."""
    rows_per_tick: Annotated[int, Meta(ge=1_000, le=10**8)] = 20_000
    """Changed campaigns are rebuilt every tick; if the last rebuild saw k times so many rows, every (k + 1)-th."""
    look_growth_min: Share = 0.05
    """A campaign that nobody was called of is judged again once its accounts, cohorts or memberships grew so much."""
    look_memberships_per_tick: Annotated[int, Meta(ge=1, le=10**8)] = 20
    """Or, where it grew less, after a tick for every so many memberships that it had."""
    look_wait_max_ms: Millis = 600_000
    """But no later than this."""
    look_points_near: Annotated[float, Meta(ge=0, le=20)] = 1.0
    """So close to `evidence.points_min`, it is judged after a quarter of that growth and of that time."""
    accounts_listed_max: Annotated[int, Meta(ge=10, le=100_000)] = 5_000
    """Accounts named in an alert."""


class BatchSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Many accounts on one target."""

    accounts_min: Annotated[int, Meta(ge=5, le=1_000)] = 10
    """Accounts on one target from which a batch is looked at."""
    hashtag_accounts_min: Annotated[int, Meta(ge=5, le=100_000)] = 40
    """A crowd on one hashtag sequence is listed from this size; hashtags are everybody's."""
    burst_ms: Millis = 600_000
    """The accounts must fall into so much time for a batch to be looked at."""
    looks_ms: Annotated[tuple[Millis, ...], Meta(max_length=10)] = (60_000, 150_000)
    """What people wrote is looked at again so long after its last news: posts are deleted, accounts told of."""


class OperatorSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Memory of who was called before."""

    enabled: bool = True
    """Whether earlier cases are remembered and held against new ones."""
    accounts_min: Annotated[int, Meta(ge=2, le=1_000)] = 5
    """So many accounts of earlier cases, beyond chance, tie a group to their operator."""
    p_log10_max: Annotated[float, Meta(ge=-300, le=-1)] = -6.0
    """log₁₀ of the chance under which a group is tied to an operator."""
    phi: Factor = 5.0
    """Accounts of earlier cases are held against φ times what chance would bring."""
    memory_ms: Millis = 15_552_000_000
    """A case is remembered for 180 days after its last action."""
    cases_max: Annotated[int, Meta(ge=10, le=1_000_000)] = 10_000
    """Cases that are remembered; the oldest go first."""
    contacts_max: Annotated[int, Meta(ge=1, le=1_000)] = 20
    """Contacts and links kept of one operator."""
    decisions_max: Annotated[int, Meta(ge=10, le=10_000_000)] = 100_000
    """Decisions of moderators that are remembered."""


class DismissalSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What people dismissed or allow is not raised again for its reason (docs/decisions/0008)."""

    enabled: bool = True
    """Whether dismissals and the allow list hold for later cases."""
    accounts_share_min: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.5
    """A group is a dismissed community if so much of it was in the dismissed case; the same for allowed accounts."""
    texts_share_min: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.5
    """And if so many of its targets are text families of the dismissed case."""
    targets_share_min: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.5
    """A group is allowed if so many of its targets, or their sites or authors, are on the allow list."""
    memory_ms: Millis = 15_552_000_000
    """A dismissal holds for 180 days from the decision."""
    cases_max: Annotated[int, Meta(ge=10, le=1_000_000)] = 2_000
    """Called cases kept so that they can be dismissed when they are over; the oldest go first."""
    dismissals_max: Annotated[int, Meta(ge=10, le=1_000_000)] = 5_000
    """Dismissals, and entries of the allow list, that are remembered; the oldest go first."""


class EvidenceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When a figure speaks for inauthenticity, and how much is needed."""

    points_min: Annotated[float, Meta(ge=1, le=20)] = 3.0
    """Points at which synchronous accounts are called inauthentic; one point a vote, two a strong item."""
    points_listed_min: Annotated[float, Meta(ge=0, le=20)] = 1.0
    """Points under which a case is called organic."""
    onset_min_ms: Millis = 900_000
    """First actions later than this after publication are late: fans come sooner."""
    onset_variation_min: Annotated[float, Meta(ge=0, le=10)] = 0.8
    """Spread of the onsets over targets, over their mean, from which one reaction time is ruled out."""
    inside_share_min: Share = 0.35
    """Share of all their actions that these targets are, from which accounts do nothing but this."""
    dominance_min: Share = 0.6
    """Share of a target's accounts that the group is, from which the target lives on it."""
    span_dominance_min: Share = 0.3
    """The same during the group's own bursts, long after publication."""
    authors_min: Annotated[float, Meta(ge=1, le=1_000)] = 5.0
    """Effective number of authors from which the targets have nothing in common."""
    dense_share_min: Share = 0.8
    """Share of a group's actions inside two minutes that is sudden."""
    tight_share_min: Share = 0.6
    """Share inside ten minutes from which regulars are ruled out."""
    community_own_min: Share = 0.3
    """Share of the targets written by the group itself, as in a community."""
    community_part_min: Share = 0.3
    """Share of everybody seen that the group is, from which it is simply who is there."""
    registration_share_min: Share = 0.15
    """Share of the accounts registered together from which it is looked at."""
    shared_device_share_min: Share = 0.2
    """Share of the accounts that use a machine with another of the group."""
    attribute_share_min: Share = 0.5
    """Share of the group with one network, program or shape of name."""
    attribute_p_log10_max: Annotated[float, Meta(ge=-300, le=-1)] = -6.0
    """log₁₀ of the chance under which what accounts have in common is evidence."""
    spun_share_min: Share = 0.3
    """Share of edited copies from which a text was spun."""
    idle_share_min: Share = 0.6
    """Share of accounts that do nothing else."""
    churn_min: Annotated[float, Meta(ge=0, le=100)] = 0.5
    """Repeated and undone actions for each first one."""
    deleted_share_min: Share = 0.3
    """Share of the posts that their authors took back."""
    pulse_ms: Annotated[int, Meta(ge=1_000, le=3_600_000)] = 120_000
    """Length of a pulse."""
    pulse_share_min: Share = 0.8
    """Share of the copies that fall into it."""
    flood_ms: Annotated[int, Meta(ge=1_000, le=3_600_000)] = 60_000
    """So many variants of one text within this are a flood, without waiting for silence."""
    flood_variants_min: Annotated[int, Meta(ge=3, le=1_000)] = 10
    """So many different variants within that are a flood."""
    flood_shingles_min: Annotated[int, Meta(ge=1, le=1_000)] = 24
    """Only texts of so many shingles or more: on a few words people hit by themselves."""
    registration_runs_share_min: Share = 0.1
    """Batches of registrations speak if they are this share of all who acted there."""
    registration_runs_gap_days: Annotated[int, Meta(ge=1, le=3_650)] = 5
    """So many ordinary days between two over-full ones make them two batches, not one wave of newcomers."""
    pulse_quiet_ms: Millis = 300_000
    """A pulse is judged only after this silence: an honest crowd dies away, a batch stops."""
    disabled: tuple[str, ...] = ()
    """Items and explanations that are not considered (detector/evidence/names.py), to measure their worth."""
    contact_share_min: Share = 0.5
    """Share of the group's posts that carry one and the same contact."""
    disguised_share_min: Share = 0.3
    """Share of those posts in which the contact is hidden from filters."""
    registration_window_ms: Annotated[int, Meta(ge=600_000, le=86_400_000)] = 21_600_000
    """Registrations of one shape of name are counted in stretches of so much time."""
    dormant_days_min: Annotated[int, Meta(ge=2, le=3_650)] = 14
    """Days without any action after which an account was asleep."""
    awakening_share_min: Share = 0.3
    """Share of the accounts that woke on one day."""
    device_sharing_usual: Share = 0.03
    """Honest accounts that are a second one on their machine, at most."""
    deleted_within_ms: Millis = 3_600_000
    """A post taken back sooner than this did not live to be read."""
    deleted_share_usual: Share = 0.05
    """Posts that honest people take back so soon, at most."""
    regularity_actions_min: Annotated[int, Meta(ge=5, le=1_000)] = 12
    """Actions from which a rhythm is looked for."""
    equipment_points_max: Annotated[float, Meta(ge=0, le=20)] = 2.0
    """Most that shared machines, networks and programs count together: a class has all three."""
    registration_points_max: Annotated[float, Meta(ge=0, le=20)] = 2.5
    """Most that registration days and names count together: a course registers on one day too."""
    automation_points_max: Annotated[float, Meta(ge=0, le=20)] = 1.5
    """Most that a machine's pace and doing nothing else count together: an honest bot does both."""


class DetectorSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `digest()` names a configuration in alerts and snapshots."""

    slice_ms: Annotated[int, Meta(ge=100, le=60_000)] = 1_000
    """Events are put in order within slices of so much event time."""
    lateness_ms: Annotated[int, Meta(ge=0, le=86_400_000)] = 500
    """A slice waits so long for events that come late."""
    buffered_max: Annotated[int, Meta(ge=1_000, le=10**8)] = 2_000_000
    """Events held back for their slice; beyond it the oldest half is released early."""
    activity_ms: Millis = 86_400_000
    """An account's activity is counted over this and the period before."""
    quiet_ms: Millis = 86_400_000
    """A case without further action for so long is closed; its name is kept."""
    near_duplicates: NearDuplicateSettings = field(default_factory=NearDuplicateSettings)
    collector: CollectorSettings = CollectorSettings()
    bursts: BurstSettings = BurstSettings()
    overlap: OverlapSettings = OverlapSettings()
    calibration: CalibrationRecord = CalibrationRecord()
    """Where `overlap.phi` comes from, written by `shoal calibrate`; nothing is decided by it."""
    campaign: CampaignSettings = CampaignSettings()
    batch: BatchSettings = BatchSettings()
    operators: OperatorSettings = OperatorSettings()
    dismissals: DismissalSettings = DismissalSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    trends: TrendSettings = TrendSettings()

    def __post_init__(self) -> None:
        for index, window_ms in enumerate(self.collector.windows_ms):
            if window_ms % self.slice_ms:
                raise InvalidConfiguration(
                    f"collector.windows_ms[{index}]", window_ms, f"a multiple of slice_ms = {self.slice_ms}"
                )
        longest_ms = max(self.collector.windows_ms, default=0)
        for index, window_ms in enumerate(self.collector.windows_ms):
            if longest_ms % window_ms:
                raise InvalidConfiguration(
                    f"collector.windows_ms[{index}]", window_ms, f"a divisor of the longest window, {longest_ms}"
                )
        if len(self.overlap.horizons_ms) != len(self.collector.windows_ms):
            raise InvalidConfiguration(
                "overlap.horizons_ms", self.overlap.horizons_ms, "one horizon for each of collector.windows_ms"
            )
        if self.bursts.enabled and self.bursts.window_ms in self.collector.windows_ms:
            raise InvalidConfiguration("bursts.window_ms", self.bursts.window_ms, "none of collector.windows_ms")
        for name in self.evidence.disabled:
            if name not in KNOWN:
                raise InvalidConfiguration("evidence.disabled", name, f"of {', '.join(sorted(KNOWN))}")
        if not self.collector.windows_ms:
            raise InvalidConfiguration("collector.windows_ms", (), "at least one window length")

    def digest(self) -> str:
        """16 hex digits that change with any setting."""
        return f"{hash64(msgspec.json.encode(self, order='deterministic').decode()):016x}"


def load(values: Mapping[str, Any]) -> DetectorSettings:
    """Make settings of a mapping such as a parsed TOML file; missing fields keep their defaults.

    Raises `InvalidConfiguration` with the field, the value and the allowed range.
    """
    try:
        return msgspec.convert(values, DetectorSettings)
    except InvalidConfiguration:
        raise
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        where = path.rstrip("`")
        raise InvalidConfiguration(where or "detector", _value_at(values, where), message) from error


def _value_at(values: Mapping[str, Any], path: str) -> object:
    found: Any = values
    for part in path.replace("[", ".[").split("."):
        try:
            found = found[int(part[1:-1])] if part.startswith("[") else found[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return found
