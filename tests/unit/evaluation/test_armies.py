"""Every army: equal seeds, dials that mean what they say, valid events, and a truth of exactly its accounts."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.simulator import Expected, Scenario, Simulation, simulate
from evaluation.simulator.clock import HOUR_MS, MINUTE_MS, START_MS
from evaluation.simulator.files import WrongScenario, load_scenario, parse_scenario, with_dial
from evaluation.simulator.organic import Organic
from evaluation.simulator.people import Farm, farmed
from evaluation.simulator.pieces.armies import ARMIES
from evaluation.simulator.pieces.armies.dials import Army
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.armies.operator_armies import OperatorArmies
from evaluation.simulator.randomness import stream
from evaluation.simulator.scenario import _world
from evaluation.simulator.untold import Untold
from evaluation.simulator.world import World
from models.codec import KIND_OF, decode_event, encode_event
from models.events import Account, Like, Post
from tests.unit.evaluation.army_streams import PIECES, SIZE, SMALL, Planting, by_target, planted

EVERY_ARMY = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
OF_ISSUE = (
    "same-copy like-churn slow-likes comment-flood-untold like-brushing-untold spun-copy "
    "random-word-copy random-word-unmarked paraphrased-copy paraphrased-scattered like-brushing rating-brushing "
    "repost-ring comment-flood hashtag-push follow-batch report-brigade vote-rigging sleeper-accounts name-skeletons "
    "shared-devices task-platform "
    "diversion-contact diversion-phone diversion-link operator-armies rotation-weeks"
).split()


# --- every army


def test_every_kind_is_tried_here() -> None:
    assert {type(piece).__name__ for piece in PIECES} == {kind.__name__ for kind in ARMIES.values()}


@EVERY_ARMY
def test_equal_seeds_give_equal_armies(piece: Planting) -> None:
    assert planted(piece, 3) == planted(piece, 3)
    assert planted(piece, 3).events != planted(piece, 4).events


@EVERY_ARMY
def test_every_event_is_valid(piece: Planting) -> None:
    for event in planted(piece).events:
        assert decode_event(KIND_OF[type(event)], encode_event(event), START_MS + HOUR_MS) == event


@EVERY_ARMY
def test_the_truth_is_exactly_those_who_did_the_work(piece: Planting) -> None:
    simulation = planted(replace(piece, camouflage=0.0, participation=0.4))
    (group,) = simulation.truth.groups
    active = {
        e.account_id for e in simulation.events if isinstance(e, Like | Post) and e.account_id.startswith(piece.prefix)
    }
    assert group.accounts == active
    assert group.expected is Expected.ALERT
    assert len(group.actions_ms) >= len(active)
    assert list(group.actions_ms) == sorted(group.actions_ms)


@EVERY_ARMY
def test_size_is_the_number_of_accounts_when_all_take_part(piece: Planting) -> None:
    (group,) = planted(replace(piece, participation=1.0)).truth.groups
    wanted = SIZE
    if isinstance(piece, OperatorArmies):
        wanted = SIZE * piece.armies - round(piece.shared * SIZE) * (piece.armies - 1)
    assert len(group.accounts) == wanted
    assert group.target_class


@EVERY_ARMY
def test_camouflage_is_organic_and_no_action_of_the_army(piece: Planting) -> None:
    bare, covered = (planted(replace(piece, camouflage=number)) for number in (0.0, 8.0))
    assert len(bare.truth.groups[0].actions_ms) == len(covered.truth.groups[0].actions_ms)
    army = covered.truth.groups[0].accounts

    def acts(simulation: Simulation) -> int:
        return sum(isinstance(e, Like) and e.account_id in army for e in simulation.events)

    assert 5 * len(army) < acts(covered) - acts(bare) < 11 * len(army)


@EVERY_ARMY
def test_rotation_replaces_members(piece: Planting) -> None:
    (still,) = planted(replace(piece, participation=1.0)).truth.groups
    (turning,) = planted(replace(piece, participation=1.0, rotation=0.5)).truth.groups
    if isinstance(piece, Flood | OperatorArmies):  # one order; and an operator whose armies are the rotation
        assert len(turning.accounts) == len(still.accounts)
    else:
        assert len(turning.accounts) > len(still.accounts)
        assert turning.participation < 1.0


@EVERY_ARMY
def test_the_window_is_jitter_and_drip(piece: Planting) -> None:
    (group,) = planted(replace(piece, jitter_ms=90_000, drip_ms=600_000)).truth.groups
    assert group.window_ms == 690_000


# --- dials of Army


@given(st.integers(1, 60), st.floats(0, 1), st.integers(1, 10**6), st.integers(0, 10**7), st.integers(0, 2**32))
def test_an_order_is_served_once_by_each_and_in_its_time(
    members: int, participation: float, jitter_ms: int, drip_ms: int, seed: int
) -> None:
    army = Army(participation=participation, jitter_ms=jitter_ms, drip_ms=drip_ms)
    served = list(army.served(range(members), 1_000, Random(seed)))
    assert len({member for _, member, _ in served}) == len(served) <= members
    assert all(place == member for place, member, _ in served)
    assert all(1_000 <= at_ms < 1_000 + army.span_ms for _, _, at_ms in served)
    assert participation < 1 or len(served) == members
    assert participation > 0 or not served


@pytest.mark.parametrize("participation", [0.2, 0.5, 0.9])
def test_participation_is_the_share_that_serves_an_order(participation: float) -> None:
    served = list(Army(participation=participation).served(range(20_000), 0, Random(1)))
    assert abs(len(served) / 20_000 - participation) < 0.015


def test_likes_on_a_target_stay_within_the_jitter() -> None:
    simulation = planted(LikeArmy(size=60, targets=4, jitter_ms=MINUTE_MS, camouflage=0, participation=0.5))
    targets = by_target(simulation)
    assert len(targets) == 4
    for likes in targets.values():
        moments = [like.acted_at_ms for like in likes]
        assert max(moments) - min(moments) < MINUTE_MS
        assert 15 <= len(likes) <= 45


def test_drip_spreads_an_order_evenly() -> None:
    served = list(Army(participation=1.0, jitter_ms=1, drip_ms=HOUR_MS).served(range(60), 0, Random(2)))
    moments = [at_ms for _, _, at_ms in served]
    assert all(MINUTE_MS - 2 <= later - earlier <= MINUTE_MS + 2 for earlier, later in pairwise(moments))
    assert [member for _, member, _ in served] != sorted(member for _, member, _ in served)


@pytest.mark.parametrize("tenure", [1, 3])
def test_members_change_between_orders_by_the_share_told(tenure: int) -> None:
    army = Army(size=40, rotation=0.25, tenure=tenure)
    world = simulate_world()
    crews = army.crews(world, stream(1, "crews"), Random(1), 10)
    names = [{person.account_id for person in crew} for crew in crews]
    left = [len(one - other) for one, other in pairwise(names)]
    assert all(len(crew) == 40 for crew in names)
    assert left == [10 if number % tenure == 0 else 0 for number in range(1, 10)]
    assert len(set().union(*names)) == 40 + 10 * sum(map(bool, left))


def simulate_world() -> World:
    return _world(Scenario("none", (), SMALL), 1)


def test_the_drips_and_rotations_of_files_reach_the_pieces() -> None:
    scenario = load_scenario("like-brushing")
    for dial, value in (("drip_ms", 60_000), ("rotation", 0.3), ("camouflage", 1.0), ("size", 33), ("jitter_ms", 5)):
        (piece,) = with_dial(scenario, None, dial, value).pieces
        assert getattr(piece, dial) == value


@pytest.mark.parametrize(
    "line", ["participation = 1.5", "rotation = -0.1", "paraphrase = 2.0", "jitter_ms = 0", "size = 0", "drip_ms = -1"]
)
def test_dials_out_of_range_are_refused(line: str) -> None:
    with pytest.raises(WrongScenario, match=line.split(maxsplit=1)[0]):
        parse_scenario(f'about = "x"\n[[pieces]]\nkind = "copy-army"\n{line}\n', "mine")


# --- who the accounts are


def test_a_farm_that_is_turned_down_leaves_bought_accounts_as_they_were() -> None:
    quiet = Farm(batches=0, phones=0, networks=0, client="", names="own", followers_max=0, marked=1.0)
    bought = farmed(stream(1, "x"), 50, START_MS, "a-", Farm(marked=0.0))
    assert farmed(stream(1, "x"), 50, START_MS, "a-", quiet) == bought


def test_each_dial_of_a_farm_shows() -> None:
    bought = farmed(stream(1, "x"), 60, START_MS, "a-", Farm(marked=0.0))
    made = farmed(
        stream(1, "x"), 60, START_MS, "a-", Farm(batches=2, phones=5, networks=1, marked=1.0, within_ms=9_000)
    )
    days = {person.registered_at_ms // 86_400_000 for person in made}
    assert len(days) == 2
    assert all(person.registered_at_ms % 86_400_000 < 9_000 for person in made)
    assert len({person.device_id for person in made}) == 5
    assert len({person.network_id for person in made}) == 1
    assert all(person.followers <= 12 for person in made)
    syllables = farmed(stream(1, "x"), 60, START_MS, "a-", Farm(names="syllables", marked=1.0))
    assert all(person.name.rstrip("0123456789").isalpha() for person in syllables)
    assert len({len(person.name) for person in syllables}) > 2
    assert [person.name for person in syllables] != [person.name for person in bought]


@pytest.mark.parametrize(
    ("untold", "lost"),
    [
        ("accounts", lambda e: isinstance(e, Account)),
        ("client", lambda e: e.client is not None),
        ("device_id", lambda e: e.device_id is not None),
        ("network_id", lambda e: e.network_id is not None),
        ("target_author_id", lambda e: isinstance(e, Like) and e.target_author_id is not None),
    ],
)
def test_what_a_platform_does_not_tell_is_nowhere(untold: Untold, lost: Callable[[Any], bool]) -> None:
    told, withheld = (planted(PIECES[4], 1, replace(SMALL, untold=what)).events for what in ((), (untold,)))
    assert any(map(lost, told))
    assert not any(map(lost, withheld))
    assert len(withheld) == len(told) - (sum(isinstance(e, Account) for e in told) if untold == "accounts" else 0)


# --- the files


@pytest.mark.parametrize("name", OF_ISSUE)
def test_every_army_of_the_issue_has_a_scenario_of_one_piece(name: str) -> None:
    scenario = load_scenario(name)
    assert "army" in scenario.tags
    assert [type(piece) in set(ARMIES.values()) for piece in scenario.pieces] == [True]


@pytest.mark.parametrize("name", OF_ISSUE)
def test_each_army_scenario_plants_an_army(name: str) -> None:
    scenario = load_scenario(name)
    small = replace(scenario, organic=replace(SMALL, untold=scenario.organic.untold))
    simulation = simulate(small, 1)
    assert simulation.truth.armies
    assert not simulation.truth.crowds
    for group in simulation.truth.armies:
        assert 40 <= len(group.accounts) <= 200
        assert group.actions_ms
        # an army whose members change over weeks takes part with few of all that it ever had
        assert group.target_class or name in {"rotation-weeks", "paraphrased-scattered"}
    weight = scenario.organic.accounts + scenario.organic.likes + scenario.organic.posts
    assert weight <= 150_000 or scenario.organic == Organic()
