"""Every army: equal seeds, dials that mean what they say, valid events, and a truth of exactly its accounts."""

import re
from collections.abc import Callable
from itertools import combinations, pairwise
from random import Random
from statistics import median
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.simulator import Expected, Scenario, Simulation, simulate
from evaluation.simulator.clock import HOUR_MS, MINUTE_MS, START_MS
from evaluation.simulator.contacts import Contact
from evaluation.simulator.files import WrongScenario, load_scenario, parse_scenario, scenario_names, with_dial
from evaluation.simulator.organic import Organic
from evaluation.simulator.people import Farm, farmed
from evaluation.simulator.pieces.armies import ARMIES
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.dials import Army
from evaluation.simulator.pieces.armies.diversion import Diversion
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.hashtag_push import HashtagPush
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.armies.operator_armies import OperatorArmies
from evaluation.simulator.pieces.armies.rating_army import RatingArmy
from evaluation.simulator.pieces.armies.repost_ring import RepostRing
from evaluation.simulator.pieces.armies.task_platform import TaskPlatform
from evaluation.simulator.randomness import stream
from evaluation.simulator.scenario import _world
from evaluation.simulator.untold import Untold
from evaluation.simulator.world import World
from models.codec import KIND_OF, decode_event, encode_event
from models.events import Account, Like, LikeAction, Post, PostKind

SMALL = Organic(accounts=300, posts=150, likes=900, earlier_posts=150)
SIZE = 24
Planting = (
    CopyArmy | Diversion | Flood | HashtagPush | LikeArmy | OperatorArmies | RatingArmy | RepostRing | TaskPlatform
)
PIECES: tuple[Planting, ...] = (
    CopyArmy(size=SIZE, orders=3, deleted=0.3),
    Diversion(size=SIZE, orders=3),
    Flood(size=SIZE),
    HashtagPush(size=SIZE, topics=2),
    LikeArmy(size=SIZE, targets=5, churn=0.2),
    OperatorArmies(size=SIZE, orders=4),
    RatingArmy(size=SIZE, targets=4),
    RepostRing(size=SIZE, posts=4),
    TaskPlatform(size=SIZE, tasks=6),
)
EVERY_ARMY = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: type(piece).__name__)
OF_ISSUE = tuple(name for name in scenario_names() if "army" in load_scenario(name).tags)


def planted(piece: Planting, seed: int = 1, organic: Organic = SMALL) -> Simulation:
    return simulate(Scenario("one", (piece,), organic), seed)


def texts_of(simulation: Simulation) -> list[Post]:
    army = simulation.truth.groups[0].accounts
    return [e for e in simulation.events if isinstance(e, Post) and e.account_id in army and e.deleted_at_ms is None]


def by_target(simulation: Simulation) -> dict[str, list[Like]]:
    """What the army tapped, without camouflage in these tests, by target."""
    army = simulation.truth.groups[0].accounts
    found: dict[str, list[Like]] = {}
    for event in simulation.events:
        if isinstance(event, Like) and event.account_id in army and event.action is not LikeAction.UNLIKE:
            found.setdefault(event.target_id, []).append(event)
    return found


def shingles(text: str) -> set[str]:
    letters = "".join(each for each in text.casefold() if each.isalnum())
    width = 4 if letters.isascii() else 2
    return {letters[at : at + width] for at in range(max(1, len(letters) - width + 1))}


def jaccard(one: str, other: str) -> float:
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second)


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


# --- texts


@pytest.mark.parametrize("wording", ["spun", "reworded"])
def test_copies_differ_as_far_as_paraphrase_says(wording: Literal["spun", "reworded"]) -> None:
    distinct = []
    for paraphrase in (0.0, 0.3, 1.0):
        army = CopyArmy(
            size=60, orders=1, participation=1.0, paraphrase=paraphrase, wording=wording, farm=Farm(marked=0)
        )
        texts = [post.text for post in texts_of(planted(army))]
        distinct.append(np.mean([jaccard(one, other) for one, other in combinations(texts[:40], 2)]))
        assert paraphrase or len(set(texts)) == 1
    assert distinct[0] == 1.0
    assert distinct[0] > distinct[1] > distinct[2]


def test_reworded_texts_are_no_near_duplicates() -> None:
    army = CopyArmy(size=80, orders=1, participation=1.0, wording="reworded")
    texts = [post.text for post in texts_of(planted(army))]
    assert len(set(texts)) > 50
    assert float(np.median([jaccard(one, other) for one, other in combinations(texts, 2)])) < 0.2


def test_reworded_comments_that_are_scattered_have_no_target_in_common() -> None:
    army = CopyArmy(size=40, participation=0.8, wording="reworded", spots=1)
    pieces = (army, replace(army, spots=5), replace(army, spots=5, wording="spun"))
    gathered, scattered, spun = (planted(piece).truth.groups[0] for piece in pieces)
    assert (gathered.participation, scattered.participation, spun.participation) == (0.8, 0.16, 0.8)
    assert (gathered.target_class, scattered.target_class, spun.target_class) == (True, False, True)


def test_an_order_under_posts_of_strangers_or_on_its_own() -> None:
    under = texts_of(planted(CopyArmy(size=20, orders=2, spots=3)))
    alone = texts_of(planted(CopyArmy(size=20, orders=2, spots=0)))
    assert 1 < len({post.reply_to for post in under}) <= 6
    assert all(post.kind is PostKind.POST and post.reply_to is None for post in alone)


def test_a_pushed_topic_is_deleted_after_the_median_life() -> None:
    simulation = planted(HashtagPush(size=100, posts_each=3, deleted=0.9, begin=0.1))
    army = simulation.truth.groups[0].accounts
    posts = [e for e in simulation.events if isinstance(e, Post) and e.account_id in army]
    lives = [e.deleted_at_ms - e.created_at_ms for e in posts if e.deleted_at_ms is not None]
    written = [e for e in posts if e.deleted_at_ms is None]
    assert 45_000 < median(lives) < 66_000
    assert 0.85 < len(lives) / len(written) < 0.95
    assert all("海棠新色首发" in post.text and post.hashtags for post in written)


def test_several_posts_of_an_account_stay_within_the_order() -> None:
    topic = texts_of(planted(HashtagPush(size=30, posts_each=4, jitter_ms=60_000, participation=0.5)))
    flood = texts_of(planted(Flood(size=30, each=4, jitter_ms=60_000, participation=0.5)))
    for posts in (topic, flood):
        moments = [post.created_at_ms for post in posts]
        assert max(moments) - min(moments) < 60_000
        accounts = {post.account_id for post in posts}
        assert len(posts) == 4 * len(accounts)
        assert 8 <= len(accounts) <= 22


def test_random_words_share_nothing_but_the_tag() -> None:
    unmarked = texts_of(planted(HashtagPush(size=60, tagged=False, posts_each=1)))
    assert not any(post.hashtags or "#" in post.text for post in unmarked)
    texts = [post.text.replace("海棠新色首发", "") for post in unmarked]
    assert max(jaccard(one, other) for one, other in combinations(texts, 2)) < 0.5


@pytest.mark.parametrize(("kind", "form"), [("wechat", r"[a-z]+\d+"), ("qq", r"\d{9,10}"), ("phone", r"140\d{8}")])
def test_contacts_are_invented_and_in_every_text(kind: Contact, form: str) -> None:
    army = Diversion(size=40, orders=2, contacts=1, kinds=(kind,), disguise=0.0, participation=1.0)
    texts = [post.text for post in texts_of(planted(army))]
    shared = set.intersection(*(set(re.findall(form, text)) for text in texts))
    assert len(shared) >= 1
    apart = [jaccard(one, other) for one, other in combinations(texts, 2)]
    assert float(np.median(apart)) < 0.35


def test_a_disguised_contact_is_not_written_plainly() -> None:
    army = Diversion(size=40, orders=2, contacts=1, kinds=("phone",), disguise=1.0, participation=1.0)
    assert not any(
        "140" in post.text
        and post.text[post.text.index("140") :][:11].isdigit()
        and post.text[post.text.index("140") :][:11].isascii()
        for post in texts_of(planted(army))
    )


def test_links_lead_to_no_real_site() -> None:
    army = Diversion(size=40, orders=2, kinds=("link",), disguise=0.0)
    posts = texts_of(planted(army))
    assert all(url.split("/")[2].endswith(".example") for post in posts for url in post.urls)
    assert all(post.urls for post in posts)
    assert len({post.urls for post in posts}) == 2


# --- single taps


def test_follows_are_of_accounts() -> None:
    simulation = planted(LikeArmy(size=20, targets=4, action=LikeAction.FOLLOW, camouflage=0))
    likes = [like for each in by_target(simulation).values() for like in each]
    assert {like.action for like in likes} == {LikeAction.FOLLOW}
    assert all(like.target_id == like.target_author_id for like in likes)


@pytest.mark.parametrize(("authors", "wanted"), [(0, 8), (2, 2)])
def test_orders_are_for_as_many_authors_as_told(authors: int, wanted: int) -> None:
    army = LikeArmy(size=20, targets=8, authors=authors, action=LikeAction.REPORT, camouflage=0, after_ms=0)
    targets = by_target(planted(army, organic=replace(SMALL, accounts=40)))
    assert len({likes[0].target_author_id for likes in targets.values()}) == wanted
    assert len(targets) > wanted or not authors


def test_ratings_have_the_values_told_and_honest_ones_the_whole_scale() -> None:
    army = RatingArmy(size=40, targets=6, values=(9.0, 10.0), scale=10, action="vote", against=0.5, honest=80)
    simulation = planted(replace(army, camouflage=0.0))
    (group,) = simulation.truth.groups
    votes = [e for e in simulation.events if isinstance(e, Like) and e.action is LikeAction.VOTE]
    hired = {vote.value for vote in votes if vote.account_id in group.accounts}
    honest = {vote.value for vote in votes if vote.account_id not in group.accounts}
    assert hired == {1.0, 9.0, 10.0}
    assert len(honest) > 6
    assert min(v for v in honest if v) >= 1
    assert max(v for v in honest if v) <= 10
    reviews = texts_of(simulation)
    assert reviews
    assert all(post.kind is PostKind.REVIEW for post in reviews)


def test_a_ring_reposts_its_members_and_nobody_himself() -> None:
    simulation = planted(RepostRing(size=20, posts=5, camouflage=0, remarks=0.5))
    army = simulation.truth.groups[0].accounts
    sources = {e.post_id: e.account_id for e in texts_of(simulation) if e.repost_of is None}
    assert len(sources) == 5
    reposts: list[tuple[str, str]] = [
        (e.account_id, e.target_id) for e in simulation.events if isinstance(e, Like) and e.account_id in army
    ]
    reposts += [(e.account_id, e.repost_of) for e in texts_of(simulation) if e.repost_of]
    assert len(reposts) > 40
    assert all(source in sources and sources[source] != account for account, source in reposts)


def test_a_task_platform_serves_unrelated_customers_in_all_ways() -> None:
    simulation = planted(TaskPlatform(size=20, tasks=10, participation=1.0, camouflage=0))
    targets = by_target(simulation)
    kinds = {like.action for likes in targets.values() for like in likes}
    assert kinds == {LikeAction.LIKE, LikeAction.FOLLOW, LikeAction.REPOST}
    assert len({likes[0].target_author_id for likes in targets.values()}) == len(targets) == 8
    assert len({post.reply_to for post in texts_of(simulation)}) == 2


def test_armies_of_an_operator_share_accounts_and_a_contact() -> None:
    army = OperatorArmies(size=20, armies=3, orders=4, shared=0.25, participation=1.0, camouflage=0, contact=1.0)
    simulation = planted(army)
    served: dict[LikeAction, set[str]] = {}
    for likes in by_target(simulation).values():
        for like in likes:
            served.setdefault(like.action, set()).add(like.account_id)
    writers = {post.account_id for post in texts_of(simulation)}
    assert len(served[LikeAction.LIKE] & writers) == 5
    assert len(served[LikeAction.FOLLOW] & writers) == 5
    assert not served[LikeAction.LIKE] & served[LikeAction.FOLLOW]


# --- the files


@pytest.mark.parametrize(
    "name",
    "same-copy spun-copy "
    "random-word-copy random-word-unmarked paraphrased-copy paraphrased-scattered like-brushing rating-brushing "
    "repost-ring comment-flood hashtag-push follow-batch report-brigade vote-rigging sleeper-accounts name-skeletons "
    "shared-devices task-platform "
    "diversion-contact diversion-phone diversion-link operator-armies rotation-weeks".split(),
)
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
        assert group.target_class or name in {"rotation-weeks", "paraphrased-scattered", "army-extract"}
    weight = scenario.organic.accounts + scenario.organic.likes + scenario.organic.posts
    assert weight <= 150_000 or scenario.organic == Organic()
