from collections import Counter
from itertools import combinations
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.calibration.critical import LEVELS_LOG10, critical_rates_log10
from detector.calibration.drift import ENOUGH, Drift
from detector.calibration.fit import fit, poisson_interval
from detector.calibration.live import LiveCohorts
from detector.calibration.settings import PhiSettings
from detector.calibration.strata import FAR, KINDS, NAMES, NEAR, RELATIONS, SAME_AUTHOR, kind
from detector.calibration.table import CalibrationTable
from detector.cohorts.cohort import Cohort
from detector.cohorts.overlap import Overlaps
from detector.cohorts.significance import poisson_tail_log10
from detector.settings import OverlapSettings
from models.actions import Layer
from models.cohorts import CohortUpdate, Member

HOUR_MS = 3_600_000
NEAR_MS = HOUR_MS
"""Half an hour between, and half a window."""


def update(
    number: int,
    accounts: list[str],
    start_ms: int = 0,
    layer: Layer = Layer.LIKE,
    target: str = "",
    author: str | None = None,
    closed: bool = True,
) -> CohortUpdate:
    members = [Member(account, start_ms + 1, f"{account}-{number}") for account in accounts]
    return CohortUpdate(
        number, int(layer), target or f"t{number}", HOUR_MS, start_ms, start_ms + HOUR_MS, closed, len(accounts), 1.0,
        len(accounts), members, author,
    )  # fmt: skip


@st.composite
def crowds(draw: st.DrawFn) -> list[CohortUpdate]:
    layers = st.sampled_from([Layer.LIKE, Layer.FOLLOW, Layer.REPOST, Layer.URL, Layer.HASHTAGS, Layer.FAMILY])
    told = []
    start_ms = 0
    for number in range(1, draw(st.integers(2, 14)) + 1):
        start_ms += draw(st.integers(0, 2 * HOUR_MS))
        accounts = [f"a{n}" for n in draw(st.sets(st.integers(0, 15), min_size=8, max_size=14))]
        target = draw(st.sampled_from(["", "same"]))
        author = draw(st.sampled_from([None, "x", "y"]))
        told.append(update(number, accounts, start_ms, draw(layers), target, author))
    return told


def stratum_of(one: Cohort, other: Cohort) -> int:
    number = kind(one.layer, other.layer)
    if one.author is not None and one.author == other.author:
        return SAME_AUTHOR + number
    return (NEAR if abs(one.start_ms - other.start_ms) <= NEAR_MS else FAR) + number


def test_strata_and_their_settings_have_the_same_names_in_the_same_order() -> None:
    assert PhiSettings.__struct_fields__ == NAMES
    assert len(NAMES) == len(RELATIONS) * len(KINDS)
    assert (NAMES[SAME_AUTHOR], NAMES[NEAR], NAMES[FAR]) == ("same_author_likes", "near_likes", "far_likes")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Layer.LIKE, Layer.LIKE, "likes"),
        (Layer.FOLLOW, Layer.VOTE, "likes"),
        (Layer.REPOST, Layer.REPOST, "reposts"),
        (Layer.URL, Layer.MEDIA, "links"),
        (Layer.CONTACT, Layer.CONTACT, "links"),
        (Layer.HASHTAGS, Layer.FAMILY, "words"),
        (Layer.LIKE, Layer.FAMILY, "mixed"),
    ],
)
def test_rare_layers_share_a_kind(one: Layer, other: Layer, expected: str) -> None:
    assert KINDS[kind(one, other)] == expected
    assert kind(one, other) == kind(other, one)


@given(crowds())
def test_pairs_tested_are_those_of_a_brute_force_count(told: list[CohortUpdate]) -> None:
    live = LiveCohorts(NEAR_MS)
    entered: list[Cohort] = []
    for index, each in enumerate(told):
        cohort = Cohort(index, each)
        counts = Counter(stratum_of(cohort, other) for other in entered if cohort.comparable(other))
        assert live.compared_with(cohort) == [counts[stratum] for stratum in range(len(NAMES))]
        live.add(cohort)
        entered.append(cohort)
        if index % 4 == 3:
            live.drop(entered.pop(0).index)


@given(crowds())
def test_each_pair_of_closed_cohorts_is_counted_once_whatever_its_growth(told: list[CohortUpdate]) -> None:
    overlaps = Overlaps(OverlapSettings(calibration_every=1), (HOUR_MS,))
    for each in told:
        half = len(each.members) // 2
        first, rest = each.members[:half], each.members[half:]
        overlaps.update(msgspec.structs.replace(each, members=first, size=half, closed=False))
        overlaps.update(msgspec.structs.replace(each, members=rest, closed=False))
        overlaps.update(msgspec.structs.replace(each, members=[]))
    cohorts = list(overlaps.cohorts.values())
    pairs = [(a, b) for a, b in combinations(cohorts, 2) if a.comparable(b)]
    expected = Counter(stratum_of(b, a) for a, b in pairs)
    assert overlaps.calibration.table.pairs == [expected[stratum] for stratum in range(len(NAMES))]


@given(st.integers(2, 400), st.floats(-8, 1))
def test_critical_rate_is_where_p_meets_the_level(observed: int, rate_log10: float) -> None:
    for level, critical in zip(LEVELS_LOG10, critical_rates_log10(observed), strict=True):
        p_log10 = poisson_tail_log10(observed, 10.0**rate_log10)
        if abs(rate_log10 - critical) > 1e-6:
            assert (p_log10 <= level) == (rate_log10 < critical)


@given(st.lists(st.tuples(st.integers(2, 30), st.floats(-5, 0)), min_size=1, max_size=30), st.integers(0, 300))
def test_the_histogram_tells_false_edges_for_every_phi(pairs: list[tuple[int, float]], edge: int) -> None:
    table = CalibrationTable()
    phi = 10.0 ** (edge / 100)
    sure = [0] * len(LEVELS_LOG10)
    doubtful = 0
    for observed, rate_log10 in pairs:
        table.add(3, observed, 10.0**rate_log10)
        for number, level in enumerate(LEVELS_LOG10):
            sure[number] += poisson_tail_log10(observed, 10.0**rate_log10 * phi) <= level
            near = abs(critical_rates_log10(observed)[number] - rate_log10 - edge / 100)
            doubtful += near < 1e-6
    if not doubtful:
        assert [table.observed(3, phi, level) for level in LEVELS_LOG10] == sure
        assert table.observed(4, phi, -6) == 0


def _table(pairs: int, phi_stars: list[float], stratum: int = FAR) -> CalibrationTable:
    """Pairs of which some would need these φ to be just significant at 10⁻⁶."""
    table = CalibrationTable()
    table.pairs[stratum] = pairs
    for phi in phi_stars:
        table.add(stratum, 10, 10.0 ** (critical_rates_log10(10)[1]) / phi)
    return table


def test_phi_lets_as_many_pairs_through_as_chance_would() -> None:
    held_out = _table(10_000_000, [4.0] * 10 + [60.0] * 12)
    phi, strata = fit(_table(20_000_000, [30.0] * 50 + [900.0] * 20), held_out, PhiSettings())
    found = strata["far_likes"]
    assert 30.0 < phi.far_likes < 31.0  # 20 expected, 20 above
    assert (found.observed_before, found.observed_after) == (12, 12)
    assert found.expected == 10.0
    assert found.ratio_after == 1.2
    assert found.ratio_after_low < 1.2 < found.ratio_after_high
    assert phi.near_likes == PhiSettings().near_likes
    assert list(strata) == ["far_likes"]


def test_how_far_the_worst_pair_goes_does_not_matter() -> None:
    one, other = (fit(_table(2_000_000, [50.0, 20.0, worst]), _table(1, []), PhiSettings()) for worst in (60.0, 9e5))
    assert one == other


def test_a_single_pair_never_decides() -> None:
    phi, _ = fit(_table(1_200_000, [8_000.0]), _table(5_000, []), PhiSettings())
    assert phi.far_likes == 5.0
    phi, _ = fit(_table(1_200_000, [8_000.0, 40.0]), _table(5_000, []), PhiSettings())
    assert 40.0 < phi.far_likes < 41.0


def test_too_few_pairs_leave_phi_as_it_is() -> None:
    phi, strata = fit(_table(999_999, [400.0] * 9), _table(9, []), PhiSettings())
    assert phi == PhiSettings()
    assert "fewer than 1,000,000" in strata["far_likes"].note


def test_phi_is_lowered_only_on_much_evidence() -> None:
    quiet = [2.0] * 30
    assert fit(_table(9_000_000, quiet), _table(1, []), PhiSettings())[0].far_likes == 5.0
    assert 2.0 < fit(_table(11_000_000, quiet), _table(1, []), PhiSettings())[0].far_likes < 2.1


def test_a_later_table_less_an_earlier_one_is_what_came_between() -> None:
    table = _table(10, [5.0, 50.0])
    earlier = table.copy()
    table.add_pairs([7] * len(NAMES))
    table.add(FAR, 10, 1e-3)
    later = table.minus(earlier)
    assert later.pairs == [7] * len(NAMES)
    assert later.observed(FAR, 1.0, -6) == 1
    assert earlier.observed(FAR, 1.0, -6) == 2


@pytest.mark.parametrize(("observed", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_intervals_are_those_of_the_tables(observed: int, low: float, high: float) -> None:
    assert poisson_interval(observed) == pytest.approx((low, high), rel=1e-3)


def test_drift_compares_with_the_last_ten_or_twenty_expected() -> None:
    drift = Drift()
    counts = [0] * len(NAMES)
    counts[FAR] = int(ENOUGH * 1e6)
    for observed in (40, 40, 10, 10):
        for _ in range(observed):
            drift.add(FAR)
        drift.add_pairs(counts)
    assert drift.ratios() == {"far_likes": 1.0}


def test_drift_does_not_cry_over_one_pair_where_little_was_tested() -> None:
    drift = Drift()
    drift.add_pairs([1_000] * len(NAMES))
    drift.add(NEAR)
    assert drift.ratios()["near_likes"] == 1.0


def test_an_army_is_no_drift_but_a_suspicious_crowd_is() -> None:
    ratios = {}
    for size in (4, 30):
        overlaps = Overlaps(OverlapSettings(calibration_every=1), (HOUR_MS,))
        accounts = [f"a{n}" for n in range(size)]
        for number in range(1, 7):
            strangers = [f"s{number}-{n}" for n in range(13)]
            overlaps.update(update(number, accounts + strangers, number * 5 * HOUR_MS))
        ratios[size] = overlaps.calibration.drift.ratios()["far_likes"]
        assert overlaps.calibration.table.observed(FAR, 5.0, -6) > 0
        assert bool(overlaps.edges) == (size == 30)
    assert ratios[30] == 0.0
    assert ratios[4] > 3


def test_counting_changes_no_result() -> None:
    rnd = Random(11)
    people = [f"a{n}" for n in range(80)]
    updates = [update(n, rnd.sample(people, 25), n * HOUR_MS // 2) for n in range(1, 60)]
    found = []
    for every in (1, 7, 10_000):
        overlaps = Overlaps(OverlapSettings(calibration_every=every, prior_memberships=1e5), (HOUR_MS,))
        for each in updates:
            overlaps.update(each)
        found.append((overlaps.edges, overlaps.e_log10, overlaps.carriers))
    assert found[0][0]
    assert found[0] == found[1] == found[2]


def test_a_sample_is_chosen_by_key_and_counts_a_share_of_the_pairs() -> None:
    everything, sample = (
        Overlaps(OverlapSettings(calibration_every=every), (HOUR_MS,)) for every in (1, 3)
    )  # fmt: skip
    for number in range(1, 31):
        for overlaps in (everything, sample):
            overlaps.update(update(number, [f"a{number}-{n}" for n in range(8)], number * HOUR_MS))
    assert sum(everything.calibration.table.pairs) == 30 * 29 // 2
    assert sum(sample.calibration.table.pairs) == sum(number - 1 for number in range(3, 31, 3))


@settings(max_examples=20)
@given(crowds(), st.integers(0, 13))
def test_counts_survive_a_snapshot(told: list[CohortUpdate], at: int) -> None:
    limits = OverlapSettings(calibration_every=1, horizons_ms=(6 * HOUR_MS,))
    whole, first, second = (Overlaps(limits, (HOUR_MS,)) for _ in range(3))
    for each in told:
        whole.update(each)
    for each in told[:at]:
        first.update(each)
    raw = msgspec.msgpack.decode(msgspec.msgpack.encode(first.snapshot()))
    second.restore(raw)
    for each in told[at:]:
        second.update(each)
    assert msgspec.msgpack.encode(second.calibration.snapshot()) == msgspec.msgpack.encode(whole.calibration.snapshot())


def test_each_stratum_has_its_own_phi() -> None:
    accounts = [f"a{n}" for n in range(10)]
    found = {}
    for name in ("far_likes", "near_likes", "far_reposts"):
        phi = msgspec.structs.replace(PhiSettings(), **{name: 1e6})
        overlaps = Overlaps(OverlapSettings(phi=phi), (HOUR_MS,))
        overlaps.update(update(1, accounts))
        overlaps.update(update(2, accounts, 9 * HOUR_MS))
        found[name] = bool(overlaps.edges)
    assert found == {"far_likes": False, "near_likes": True, "far_reposts": True}
