from collections import defaultdict
from itertools import combinations
from random import Random

import msgspec

from detector.campaigns.components import find_campaigns
from detector.cohorts.overlap import Overlaps
from detector.settings import CampaignSettings, OverlapSettings
from models.actions import Layer
from models.cohorts import CohortUpdate, Member

HOUR_MS = 3_600_000
WINDOWS = (HOUR_MS,)


def cohort(
    number: int, accounts: list[str], start_ms: int = 0, layer: Layer = Layer.LIKE, target: str = "", author: str = ""
) -> CohortUpdate:
    members = [Member(account, start_ms + 1, f"{account}-{number}") for account in accounts]
    return CohortUpdate(
        number, int(layer), target or f"t{number}", HOUR_MS, start_ms, start_ms + HOUR_MS, True, len(accounts), 1.0,
        len(accounts), members, author or f"by{number}",
    )  # fmt: skip


def test_significant_pairs_are_those_of_a_brute_force_count() -> None:
    rnd = Random(3)
    overlaps = Overlaps(OverlapSettings(), WINDOWS)
    people = [f"a{n}" for n in range(300)]
    cohorts: dict[int, list[str]] = {}
    for number in range(1, 40):
        chosen = rnd.sample(people, 20) + [f"army{n}" for n in range(12) if rnd.random() < 0.8] * (number % 3 == 0)
        cohorts[number] = chosen
        overlaps.update(cohort(number, chosen, number * 4 * HOUR_MS))
    army = {f"army{n}" for n in range(12)}
    for one, other in combinations(cohorts, 2):
        shared = set(cohorts[one]) & set(cohorts[other])
        if len(shared & army) >= 7:
            assert (other, one) in overlaps.edges
        if (other, one) in overlaps.edges:
            assert set(overlaps.carriers[(other, one)]) == shared
            assert overlaps.edges[(other, one)] <= -15
        if len(shared) < 5:
            assert (other, one) not in overlaps.edges
    assert overlaps.edges
    assert overlaps.rows == sum(map(len, overlaps.carriers.values()))


def test_random_crowds_make_no_group() -> None:
    rnd = Random(4)
    overlaps = Overlaps(OverlapSettings(), WINDOWS)
    people = [f"a{n}" for n in range(2000)]
    for number in range(1, 200):
        overlaps.update(cohort(number, rnd.sample(people, 60), number * HOUR_MS))
    assert len(overlaps.edges) <= 3  # of 19,701 pairs, under a prior of 500 times this population
    assert find_campaigns(overlaps, overlaps.reach(overlaps.take_changed()), CampaignSettings()) == []


def test_growth_counts_each_membership_once() -> None:
    overlaps = Overlaps(OverlapSettings(), WINDOWS)
    accounts = [f"a{n}" for n in range(16)]
    overlaps.update(cohort(1, accounts))
    first = cohort(2, accounts[:8], 5 * HOUR_MS)
    grown = CohortUpdate(
        2, first.layer, first.target, HOUR_MS, first.window_start_ms, first.time_ms, True, 16, 1.0, 16,
        [Member(a, 1, a) for a in accounts[8:]], first.author,
    )  # fmt: skip
    overlaps.update(first)
    weak = overlaps.edges.get((2, 1))
    overlaps.update(grown)
    strong = overlaps.edges[(2, 1)]
    assert weak is None or strong < weak
    assert sorted(overlaps.carriers[(2, 1)]) == sorted(accounts)


def test_layers_of_one_post_are_not_held_against_each_other() -> None:
    accounts = [f"a{n}" for n in range(30)]
    overlaps = Overlaps(OverlapSettings(), WINDOWS)
    overlaps.update(cohort(1, accounts, layer=Layer.URL, target="url:x/1"))
    overlaps.update(cohort(2, accounts, layer=Layer.FAMILY, target="f"))
    overlaps.update(cohort(3, accounts, layer=Layer.LIKE, target="p"))
    assert (2, 1) not in overlaps.edges
    assert (3, 1) in overlaps.edges


def test_the_same_target_is_never_compared_with_itself() -> None:
    accounts = [f"a{n}" for n in range(30)]
    overlaps = Overlaps(OverlapSettings(), WINDOWS)
    overlaps.update(cohort(1, accounts, 0, target="p"))
    overlaps.update(cohort(2, accounts, 9 * HOUR_MS, target="p"))
    assert overlaps.edges == {}


def test_one_author_needs_far_more_overlap_than_many() -> None:
    accounts = [f"a{n}" for n in range(10)]
    found = {}
    for author in ("one", ""):
        overlaps = Overlaps(OverlapSettings(prior_memberships=3e4), WINDOWS)
        overlaps.update(cohort(1, accounts, 0, author=author))
        overlaps.update(cohort(2, accounts, 9 * HOUR_MS, author=author))
        found[author] = bool(overlaps.edges)
    assert found == {"one": False, "": True}


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    overlaps = Overlaps(OverlapSettings(memberships_max=10_000), WINDOWS)
    for number in range(1, 300):
        overlaps.update(cohort(number, [f"a{number}-{n}" for n in range(100)], number * 1000))
    assert sum(len(c.members) for c in overlaps.cohorts.values()) <= 10_100
    assert overlaps.evicted > 0
    assert min(overlaps.cohorts) > 150
    assert overlaps.accounts <= 10_100


def test_a_thinned_cohort_leaves_nothing_behind() -> None:
    overlaps = Overlaps(OverlapSettings(horizons_ms=(10 * HOUR_MS,)), WINDOWS)
    whole = cohort(1, [f"a{n}" for n in range(64)])
    overlaps.update(whole)
    overlaps.update(msgspec.structs.replace(whole, sample_rate=0.25, size=500, members=[], time_ms=whole.time_ms + 1))
    overlaps.update(cohort(2, ["x"], 40 * HOUR_MS))
    assert overlaps.snapshot()["memberships"] == [(HOUR_MS, 1)]


def test_cohorts_expire_by_event_time_with_their_pairs() -> None:
    accounts = [f"a{n}" for n in range(30)]
    overlaps = Overlaps(OverlapSettings(horizons_ms=(10 * HOUR_MS,)), WINDOWS)
    overlaps.update(cohort(1, accounts, 0))
    overlaps.update(cohort(2, accounts, 5 * HOUR_MS))
    assert overlaps.edges
    overlaps.update(cohort(3, ["x"], 40 * HOUR_MS))
    assert overlaps.edges == {}
    assert overlaps.rows == 0
    assert list(overlaps.cohorts) == [3]


def test_state_survives_a_snapshot() -> None:
    rnd = Random(8)
    people = [f"a{n}" for n in range(100)]
    updates = [cohort(n, rnd.sample(people, 30), n * HOUR_MS) for n in range(1, 30)]
    whole, first, second = (Overlaps(OverlapSettings(prior_memberships=1.0), WINDOWS) for _ in range(3))
    for update in updates:
        whole.update(update)
    for update in updates[:15]:
        first.update(update)
    second.restore(first.snapshot())
    for update in updates[15:]:
        second.update(update)
    kept = defaultdict(list, {edge: sorted(carriers) for edge, carriers in whole.carriers.items()})
    assert {edge: sorted(carriers) for edge, carriers in second.carriers.items()} == dict(kept)
    assert second.edges == whole.edges
    assert second.snapshot()["figures"] == whole.snapshot()["figures"]
