"""Contacts, deletion and rhythm: when they speak, when not, and when too little is known."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from detector.activity import ActivitySketch
from detector.background import DAY_MS, Background
from detector.cohorts.cohort import Cohort
from detector.evidence.attributes import carriers, registration_batch, shared_devices
from detector.evidence.figures import Figures, figures_of
from detector.evidence.items import Item
from detector.evidence.manner import deletion, disguised_contact, regularity, shared_contact
from detector.evidence.rhythm import resolution_ms, shared_spacing_log10
from detector.evidence.sleepers import awakening
from detector.settings import EvidenceSettings
from models.actions import Deletion, Layer
from models.cohorts import CohortUpdate, ContactUse, Member
from models.events import Account
from models.ids import hash64

HOUR_MS = 3_600_000
START_MS = 1_700_006_400_123
"""Not on a whole second: the clock of these tests tells milliseconds."""
LIMITS = EvidenceSettings()


def cohort(number: int, times_ms: Sequence[int], layer: Layer = Layer.CONTACT) -> Cohort:
    members = [Member(f"a{n}", START_MS + at, f"act{number}-{n}") for n, at in enumerate(times_ms)]
    update = CohortUpdate(
        number, int(layer), f"t{number}", HOUR_MS, START_MS, START_MS + HOUR_MS, True, len(members), 1.0, len(members),
        members,
    )  # fmt: skip
    return Cohort(number, update)


def figures(background: Background, *cohorts: Cohort) -> Figures:
    accounts = sorted({account for each in cohorts for account in each.members})
    activity = ActivitySketch(DAY_MS)
    people = np.array([hash64(f"o{n}") for n in range(3_000)], np.uint64)
    activity.tell(np.full(len(people), START_MS, np.int64).tobytes(), people.tobytes())
    activity.reach(START_MS)
    return figures_of(accounts, cohorts, activity, background)


def points(item: Item | None) -> float:
    assert item is not None
    return item[0]


def scattered(number: int, seed: int = 1, within_ms: int = HOUR_MS) -> list[int]:
    rng = Random(seed)
    return sorted(rng.randrange(within_ms) for _ in range(number))


# --- contacts


def leading(group: int, others: int, disguised: bool = False) -> Background:
    background = Background()
    for n in range(group):
        background.leads_to(ContactUse(f"act1-{n}", f"a{n}", "contact:qq:123456", disguised))
    for n in range(others):
        background.leads_to(ContactUse(f"other{n}", f"o{n}", "contact:qq:123456"))
    return background


@pytest.mark.parametrize(("group", "others", "speaks"), [(12, 0, 1), (12, 3, 1), (5, 0, 0), (4, 0, 0), (12, 1_500, 0)])
def test_a_shared_contact_against_everybody_elses(group: int, others: int, speaks: float) -> None:
    background = leading(group, others)
    found = figures(background, cohort(1, scattered(12)))
    assert points(shared_contact(found, background, LIMITS)) == speaks


def test_without_any_contact_there_is_nothing_to_say() -> None:
    background = Background()
    found = figures(background, cohort(1, scattered(12)))
    assert shared_contact(found, background, LIMITS) is None
    assert disguised_contact(found, background, LIMITS) is None


def test_a_disguise_weighs_two_and_in_copies_one() -> None:
    background = leading(12, 0, disguised=True)
    own, copied = (figures(background, cohort(1, scattered(12), layer)) for layer in (Layer.CONTACT, Layer.FAMILY))
    assert points(disguised_contact(own, background, LIMITS)) == 2
    assert points(disguised_contact(copied, background, LIMITS)) == 1
    plain = leading(12, 0)
    assert points(disguised_contact(figures(plain, cohort(1, scattered(12))), plain, LIMITS)) == 0


# --- deletion


def deleting(number: int, after_ms: int) -> Background:
    background = Background()
    times = scattered(20)
    for n in range(number):
        at = START_MS + times[n]
        background.deleted(Deletion(f"act1-{n}", f"a{n}", at, at + after_ms))
    return background


@pytest.mark.parametrize(
    ("number", "after_ms", "weight"), [(18, 55_000, 2), (18, 2 * HOUR_MS, 0), (4, 55_000, 0), (6, 55_000, 0)]
)
def test_posts_that_are_gone_once_they_have_counted(number: int, after_ms: int, weight: float) -> None:
    background = deleting(number, after_ms)
    assert points(deletion(figures(background, cohort(1, scattered(20))), background, LIMITS)) == weight


def test_where_everybody_deletes_it_is_no_evidence() -> None:
    background = deleting(12, 55_000)
    background.deletions = 5_000
    background.dormancy.see(np.full(10_000, START_MS, np.int64), np.arange(10_000, dtype=np.uint64))
    assert points(deletion(figures(background, cohort(1, scattered(20))), background, LIMITS)) == 0


def test_without_deletions_there_is_nothing_to_say() -> None:
    assert deletion(figures(Background(), cohort(1, scattered(20))), Background(), LIMITS) is None


# --- rhythm


def test_equal_steps_are_a_machines() -> None:
    rng = Random(3)
    steps = [n * 37_000 + rng.randrange(900) for n in range(30)]
    assert points(regularity(figures(Background(), cohort(1, steps)), Background(), LIMITS)) == 1


def test_one_second_of_the_minute_is_a_machines() -> None:
    rng = Random(4)
    minutes = rng.sample(range(600), 30)
    times = sorted(minute * 60_000 + 4_000 - START_MS % 60_000 + rng.randrange(1_500) for minute in minutes)
    item = regularity(figures(Background(), cohort(1, times)), Background(), LIMITS)
    assert points(item) == 1
    assert item is not None
    assert "second of the minute" in item[1].sentence


def test_each_accounts_own_steps_need_many_actions_of_many_accounts() -> None:
    rng = Random(5)
    begin = [rng.randrange(HOUR_MS) for _ in range(8)]
    cohorts = [cohort(k, [at + k * 600_000 + rng.randrange(2_000) for at in begin]) for k in range(16)]
    assert points(regularity(figures(Background(), *cohorts), Background(), LIMITS)) == 1
    assert points(regularity(figures(Background(), *cohorts[:2]), Background(), LIMITS)) == 0


@pytest.mark.parametrize("within_ms", [19_000, 120_000, HOUR_MS, 20 * HOUR_MS])
@pytest.mark.parametrize("number", [12, 60, 400])
def test_people_are_never_machines(number: int, within_ms: int) -> None:
    for seed in range(40):
        times = scattered(number, seed, within_ms)
        item = regularity(figures(Background(), cohort(1, times)), Background(), LIMITS)
        assert item is None or item[0] == 0, (number, within_ms, seed)


@pytest.mark.parametrize("unit_ms", [1_000, 60_000, 3_600_000])
def test_a_coarse_clock_is_no_rhythm(unit_ms: int) -> None:
    for seed in range(20):
        times = [(START_MS + at) // unit_ms * unit_ms - START_MS for at in scattered(60, seed)]
        item = regularity(figures(Background(), cohort(1, times)), Background(), LIMITS)
        assert item is None or item[0] == 0, (unit_ms, seed)


def test_the_null_of_equal_steps_keeps_its_promise() -> None:
    rng = np.random.default_rng(6)
    below = 0
    for _ in range(4_000):
        times = np.cumsum(rng.exponential(30_000, 25)).astype(int) + 7
        p_log10 = shared_spacing_log10(times.tolist(), LIMITS)
        below += p_log10 is not None and p_log10 <= -2
    assert below <= 40


def test_how_finely_a_clock_is_told() -> None:
    assert [resolution_ms(times) for times in ([1, 2], [1_000, 3_000], [60_000], [3_600_000, 0])] == [
        1, 1_000, 60_000, 3_600_000,
    ]  # fmt: skip


def test_too_few_actions_say_nothing() -> None:
    assert regularity(figures(Background(), cohort(1, [0, 60_000, 120_000])), Background(), LIMITS) is None


# --- what the accounts are


def registered(names: Sequence[str], at_ms: int = START_MS - 90 * DAY_MS, surge: Sequence[str] = ()) -> Background:
    background = Background()
    for n in range(2_000):
        background.know(Account(f"o{n}", START_MS - n * HOUR_MS, f"anna{n}" if n % 3 else f"river_{n % 7}"))
    for n, name in enumerate(surge):
        background.know(Account(f"s{n}", at_ms + n, name))
    for n, name in enumerate(names):
        background.know(Account(f"a{n}", at_ms + n * 1_000, name))
    return background


def test_a_registration_batch_by_name_and_hour() -> None:
    background = registered([f"xqzvkj{n:04d}" for n in range(20)])
    found = figures(background, cohort(1, scattered(20)))
    assert points(registration_batch(found, background, LIMITS)) == 2
    assert len(carriers(found, background, LIMITS)) == 20


def test_names_of_a_surge_are_no_batch() -> None:
    rng = Random(8)
    people = [f"{rng.choice(('anna', 'river_', 'moon', 'x'))}{rng.randrange(3_000)}" for _ in range(3_000)]
    background = registered(people[:20], START_MS - 90 * DAY_MS, people[20:])
    assert points(registration_batch(figures(background, cohort(1, scattered(20))), background, LIMITS)) == 0


def test_names_unknown_say_nothing() -> None:
    assert registration_batch(figures(Background(), cohort(1, scattered(20))), Background(), LIMITS) is None


def asleep(watched_days: int, slept: int, others_wake: int = 0, together: bool = False) -> Background:
    """`slept` of the accounts act on the first day and then not before today; a hundred people act every day."""
    background = Background()
    today = START_MS // DAY_MS
    people = np.array([hash64(f"o{n}") for n in range(100)], np.uint64)
    sleepers = np.array([hash64(f"a{n}") for n in range(slept)], np.uint64)
    late = np.array([hash64(f"l{n}") for n in range(others_wake)], np.uint64)
    for day in range(today - watched_days, today):
        acting = np.concatenate([people, sleepers, late]) if day == today - watched_days else people
        background.dormancy.see(np.full(len(acting), day * DAY_MS + 5_000, np.int64), acting)
    group = np.array([hash64(f"a{n}") for n in range(20)], np.uint64)
    acting = np.concatenate([people, group, late])
    background.dormancy.see(np.full(len(acting), START_MS, np.int64), acting)
    for n in range(3_000):
        background.know(Account(f"o{n}", START_MS - (n % 1_500) * DAY_MS))
    for n in range(20):
        background.know(Account(f"a{n}", START_MS - (700 if together else 100 + 31 * n) * DAY_MS))
    return background


@pytest.mark.parametrize(
    ("watched_days", "slept", "others_wake", "together", "weight"),
    [(30, 20, 0, False, 1), (30, 20, 0, True, 2), (30, 20, 400, False, 0)],
)
def test_an_awakening(watched_days: int, slept: int, others_wake: int, together: bool, weight: float) -> None:
    background = asleep(watched_days, slept, others_wake, together)
    assert points(awakening(figures(background, cohort(1, scattered(20))), background, LIMITS)) == weight


def test_a_stream_watched_for_days_knows_no_sleepers() -> None:
    background = asleep(5, 20)
    assert awakening(figures(background, cohort(1, scattered(20))), background, LIMITS) is None


def test_accounts_never_seen_are_sleepers_only_if_they_are_old() -> None:
    background = asleep(30, 0)
    old = figures(background, cohort(1, scattered(20)))
    assert points(awakening(old, background, LIMITS)) == 1
    for n in range(20):
        background.know(Account(f"a{n}", START_MS - DAY_MS))
    assert awakening(figures(background, cohort(1, scattered(20))), background, LIMITS) is None


@pytest.mark.parametrize(("each", "weight"), [(4, 2), (2, 2), (1, 0)])
def test_accounts_of_one_machine(each: int, weight: float) -> None:
    background = Background()
    for n in range(20):
        background.know(Account(f"a{n}", START_MS - n * DAY_MS, device_id=f"d{n // each}"))
    assert points(shared_devices(figures(background, cohort(1, scattered(20))), background, LIMITS)) == weight


def test_a_few_second_accounts_are_honest() -> None:
    background = Background()
    for n in range(40):
        background.know(Account(f"a{n}", START_MS - n * DAY_MS, device_id=f"d{n if n >= 8 else n // 2}"))
    assert points(shared_devices(figures(background, cohort(1, scattered(40))), background, LIMITS)) == 0
