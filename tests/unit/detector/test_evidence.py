"""Each item of evidence speaks when it should, and only then."""

from collections.abc import Sequence

import pytest

from detector.activity import ActivitySketch
from detector.background import DAY_MS, Background
from detector.cohorts.cohort import Cohort
from detector.evidence.attributes import (
    carriers,
    name_skeleton,
    registration_burst,
    shared_client,
    shared_devices,
    skeleton,
)
from detector.evidence.batch import pulse
from detector.evidence.behaviour import dominance, late_onset, onset_variation, spun_copy, tempo, unrelated_authors
from detector.evidence.explanations import explain
from detector.evidence.figures import Figures, densest, effective_number, figures_of
from detector.evidence.words import chance, duration
from detector.scoring import judge_batch, judge_campaign
from detector.settings import DetectorSettings, EvidenceSettings
from models.actions import Layer
from models.alerts import Outcome
from models.cohorts import CohortUpdate, Member
from models.events import Account

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
START_MS = 1_700_000_000_000
LIMITS = EvidenceSettings()


def cohort(
    number: int,
    members: Sequence[Member],
    layer: Layer = Layer.LIKE,
    author: str | None = None,
    published_ms: int | None = None,
    linked: float = 0.0,
    shingles: int = 20,
) -> Cohort:
    update = CohortUpdate(
        number, int(layer), f"t{number}", HOUR_MS, START_MS, START_MS + HOUR_MS, True, len(members), 1.0, len(members),
        list(members), author, published_ms, ("a text",) if layer is Layer.FAMILY else (), shingles, linked, 0,
    )  # fmt: skip
    return Cohort(number, update)


def members(number: int, offsets_ms: Sequence[int], similarity: float = 1.0, target: int = 0) -> list[Member]:
    return [
        Member(f"a{n}", START_MS + at, f"act{target}-{n}", similarity=similarity)
        for n, at in zip(range(number), offsets_ms, strict=True)
    ]


def figures(cohorts: Sequence[Cohort], background: Background | None = None, group: int | None = None) -> Figures:
    accounts = sorted({a for c in cohorts for a in c.members})[:group]
    return figures_of(accounts, cohorts, ActivitySketch(DAY_MS), background or Background())


def points(item: tuple[float, object] | None) -> float:
    assert item is not None
    return item[0]


def test_an_order_filled_a_day_after_publication_is_late_and_sudden() -> None:
    late = [
        cohort(n, members(12, range(0, 60_000, 5_000), target=n), published_ms=START_MS - 20 * HOUR_MS)
        for n in (1, 2, 3)
    ]
    soon = [
        cohort(n, members(12, range(0, 60_000, 5_000), target=n), published_ms=START_MS - MINUTE_MS) for n in (1, 2, 3)
    ]
    assert points(late_onset(figures(late), LIMITS)) == 1
    assert points(tempo(figures(late), LIMITS)) == 1
    assert points(late_onset(figures(soon), LIMITS)) == 0
    assert points(tempo(figures(soon), LIMITS)) == 0
    assert late_onset(figures([cohort(1, members(12, range(12)))]), LIMITS) is None


def test_targets_of_many_authors_speak_and_those_of_one_do_not() -> None:
    many = [cohort(n, members(12, range(12), target=n), author=f"by{n}") for n in range(6)]
    one = [cohort(n, members(12, range(12), target=n), author="idol") for n in range(6)]
    assert points(unrelated_authors(figures(many), LIMITS)) == 1
    assert points(unrelated_authors(figures(one), LIMITS)) == 0


def test_dominance_is_of_the_accounts_acting_there() -> None:
    crowd = cohort(1, members(40, range(40)))
    assert points(dominance(figures([crowd], group=30), LIMITS)) == 1
    assert points(dominance(figures([crowd], group=10), LIMITS)) == 0


def test_spun_copies_speak_unless_they_show_their_source() -> None:
    spun = members(20, range(20), similarity=0.7)
    assert points(spun_copy(figures([cohort(1, spun, Layer.FAMILY)]), LIMITS)) == 1
    assert points(spun_copy(figures([cohort(1, spun, Layer.FAMILY, linked=1.0)]), LIMITS)) == 0
    assert points(spun_copy(figures([cohort(1, spun, Layer.FAMILY, shingles=10)]), LIMITS)) == 0.5
    assert points(spun_copy(figures([cohort(1, members(20, range(20)), Layer.FAMILY)]), LIMITS)) == 0


@pytest.mark.parametrize(
    ("offsets_ms", "quiet_ms", "wanted"),
    [
        (range(0, 20_000, 1_000), 300_000, 2),  # twenty seconds, then five minutes of nothing
        (range(0, 20_000, 1_000), 60_000, 0),  # too early to tell
        (range(0, 20 * MINUTE_MS, MINUTE_MS), 300_000, 0),  # a crowd
    ],
)
def test_a_pulse_is_a_burst_that_stops(offsets_ms: range, quiet_ms: int, wanted: int) -> None:
    found = figures([cohort(1, members(20, offsets_ms), Layer.FAMILY)])
    assert points(pulse(found, LIMITS, found.last_ms + quiet_ms)) == wanted


def test_clicks_have_no_pulse() -> None:
    assert pulse(figures([cohort(1, members(20, range(20)))]), LIMITS, START_MS + HOUR_MS) is None


def with_facts(days: Sequence[int], **facts: Sequence[str]) -> Background:
    background = Background()
    for n in range(3_000):
        background.know(Account(f"other{n}", START_MS - (n % 1_500) * DAY_MS, client=f"client{n % 5}"))
    for n, day in enumerate(days):
        values = {name: column[n] for name, column in facts.items()}
        background.know(Account(f"a{n}", START_MS - day * DAY_MS, **values))  # type: ignore[arg-type]  # strings by name
    return background


def test_a_registration_burst_is_held_against_what_is_usual() -> None:
    group = [cohort(1, members(20, range(20)))]
    batch = with_facts([3] * 12 + list(range(100, 108)))
    apart = with_facts(list(range(100, 120)))
    assert points(registration_burst(figures(group, batch), batch, LIMITS)) == 2
    assert points(registration_burst(figures(group, apart), apart, LIMITS)) == 0
    assert len(carriers(figures(group, batch), batch, LIMITS)) == 12
    unknown = Background()
    assert registration_burst(figures(group, unknown), unknown, LIMITS) is None


def test_everybody_registering_in_a_surge_is_no_burst() -> None:
    surge = Background()
    for n in range(5_000):
        surge.know(Account(f"new{n}", START_MS - 3 * DAY_MS))
    for n in range(20):
        surge.know(Account(f"a{n}", START_MS - 3 * DAY_MS))
    group = figures([cohort(1, members(20, range(20)))], surge)
    assert points(registration_burst(group, surge, LIMITS)) == 0


def test_shared_devices_clients_and_names() -> None:
    devices = [f"d{n // 4}" for n in range(20)]
    names = [f"sunny{1900 + n}" for n in range(20)]
    background = with_facts(list(range(100, 120)), device_id=devices, client=["odd"] * 20, name=names)
    group = figures([cohort(1, members(20, range(20)))], background)
    assert points(shared_devices(group, background, LIMITS)) == 2
    assert points(shared_client(group, background, LIMITS)) == 1
    assert points(name_skeleton(group, background, LIMITS)) == 1
    common = with_facts(list(range(100, 120)), client=[f"client{n % 5}" for n in range(20)])
    assert points(shared_client(figures([cohort(1, members(20, range(20)))], common), common, LIMITS)) == 0


def test_a_newsroom_that_copies_its_headlines_from_its_own_machines_is_organic() -> None:
    background = with_facts(list(range(100, 120)), device_id=[f"d{n // 4}" for n in range(20)])
    headlines = [cohort(n, members(20, range(0, 40_000, 2_000), target=n), Layer.FAMILY, linked=1.0) for n in range(5)]
    judged = judge_campaign(figures(headlines, background), -40.0, 9, background, DetectorSettings())
    assert judged.outcome is Outcome.ORGANIC
    hidden = [cohort(n, members(20, range(0, 40_000, 2_000), target=n), Layer.FAMILY) for n in range(5)]
    judged = judge_campaign(figures(hidden, background), -40.0, 9, background, DetectorSettings())
    assert judged.outcome is Outcome.INAUTHENTIC


def test_what_the_accounts_are_counts_against_a_core_only() -> None:
    background = with_facts([3] * 20, device_id=[f"d{n // 4}" for n in range(20)])
    group = figures([cohort(1, members(20, range(20)))], background)
    whole = judge_batch(group, -5.0, START_MS + HOUR_MS, background, DetectorSettings(), core=False)
    core = judge_batch(group, -5.0, START_MS + HOUR_MS, background, DetectorSettings(), core=True)
    assert (whole.outcome, core.outcome) == (Outcome.ORGANIC, Outcome.INAUTHENTIC)


@pytest.mark.parametrize(
    ("name", "shape"), [("anna1994", "a4 94"), ("anna_b-7", "a4 a1 91"), ("小明", "a2"), ("___", ""), ("7up", "91 a2")]
)
def test_shapes_of_names(name: str, shape: str) -> None:
    assert skeleton(name) == shape


def test_small_sums() -> None:
    assert densest([0, 10, 20, 100, 105, 110, 111], 20) == 4
    assert densest([], 20) == 0
    assert effective_number(["x"] * 5) == 1.0
    assert effective_number(list("abcd")) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [(19_000, "19 s"), (250_000, "4 min 10 s"), (26 * HOUR_MS + 28 * MINUTE_MS, "1 d 2 h"), (2 * HOUR_MS, "2 h")],
)
def test_durations_in_words(milliseconds: int, told: str) -> None:
    assert duration(milliseconds) == told


@pytest.mark.parametrize(
    ("p_log10", "told"), [(-15.3, "less than 1 in 10¹⁵"), (-3.2, "about 1 in 1,000"), (0.0, "could well be chance")]
)
def test_chance_in_words(p_log10: float, told: str) -> None:
    assert chance(p_log10) == told


def meetings(ages_ms: Sequence[int], authors: Sequence[str], crowd: int) -> list[Cohort]:
    """Accounts a0 to a19, one every half minute, and the rest of the crowd among them, on targets of these ages."""
    offsets_ms = [n % 20 * 30_000 + n // 20 * 1_000 for n in range(crowd)]
    return [
        cohort(n, members(crowd, offsets_ms, target=n), Layer.LIKE, author, START_MS - age_ms)
        for n, (age_ms, author) in enumerate(zip(ages_ms, authors, strict=True))
    ]


def test_seconds_and_minutes_differ_many_fold_without_telling_of_orders() -> None:
    strangers = [f"by{n}" for n in range(6)]
    prompt = meetings([1_000, 2_000, 5_000, 200_000, 1_000, 600_000], strangers, 20)
    orders = meetings([1_000, 2_000, 30 * HOUR_MS, 5 * HOUR_MS, 40 * MINUTE_MS, 90 * MINUTE_MS], strangers, 20)
    assert points(onset_variation(figures(prompt), LIMITS)) == 0
    assert points(onset_variation(figures(orders), LIMITS)) == 1


@pytest.mark.parametrize(
    ("authors", "crowd", "age_ms", "wanted"),
    [
        ([f"by{n}" for n in range(6)], 100, 60_000, True),  # readers among many others, as soon as it appears
        ([f"by{n}" for n in range(6)], 100, 5 * HOUR_MS, False),  # the same, when an order comes
        ([f"by{n}" for n in range(6)], 40, 60_000, False),  # half of those who come, and nothing of their own
        ([f"a{n}" for n in range(6)], 40, 60_000, True),  # half of those who come, to what they wrote themselves
        ([f"a{n}" for n in range(6)], 20, 60_000, False),  # alone with what they wrote: a ring
    ],
)
def test_readers_come_at_once_among_others_and_a_ring_is_alone(
    authors: list[str], crowd: int, age_ms: int, wanted: bool
) -> None:
    cohorts = meetings([age_ms] * 6, authors, crowd)
    group = [f"a{n}" for n in range(20)]
    found = figures_of(group, cohorts, ActivitySketch(DAY_MS), Background())
    (community,) = (e for e in explain(found, -60.0, Background(), DetectorSettings()) if e.name == "community")
    assert community.stands is wanted
