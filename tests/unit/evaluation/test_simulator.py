from itertools import combinations, pairwise

import numpy as np
import pytest

from evaluation.simulator import Expected, Scenario, simulate
from evaluation.simulator.clock import HOUR_MS, MINUTE_MS, START_MS, times
from evaluation.simulator.grammar import CHINESE, ENGLISH
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.crowds.breaking_news import BreakingNews
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from evaluation.simulator.pieces.crowds.syndication import Syndication
from evaluation.simulator.randomness import stream, words_of
from evaluation.simulator.scenarios.demo import DEMO
from evaluation.simulator.scenarios.extract import army_extract
from evaluation.simulator.spin import PLAIN, Spin, spin
from evaluation.simulator.words.templates import FLOOD, PAID
from models.events import Account, AnyEvent, Like, Post
from models.moments import when_ms

SMALL = Organic(accounts=300, posts=150, likes=900, earlier_posts=100)
PIECES = (
    LikeArmy(size=20, targets=5),
    CopyArmy(size=15, orders=3),
    Flood(size=12),
    FanClub(size=25, idol_posts=2),
    Petition(size=20),
    ShareButton(size=20),
    Syndication(size=8),
    BreakingNews(size=40),
)


def acts(events: list[AnyEvent]) -> list[Post | Like]:
    return [event for event in events if isinstance(event, Post | Like)]


def shingles(text: str) -> set[str]:
    letters = "".join(each for each in text.casefold() if each.isalnum())
    width = 2 if any("一" <= each <= "鿿" for each in letters) else 4
    return {letters[at : at + width] for at in range(max(1, len(letters) - width + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def test_equal_seeds_give_equal_streams() -> None:
    scenario = Scenario("all", PIECES, SMALL)
    assert simulate(scenario, 5) == simulate(scenario, 5)
    assert simulate(scenario, 5).events != simulate(scenario, 6).events


def test_events_are_sorted_and_inside_the_stream() -> None:
    moments = [when_ms(event) for event in simulate(Scenario("all", PIECES, SMALL), 1).events]
    assert all(one <= other for one, other in pairwise(moments))
    assert moments[0] >= START_MS
    assert moments[-1] < START_MS + HOUR_MS


def test_a_further_piece_leaves_the_others_as_they_were() -> None:
    alone = simulate(Scenario("one", PIECES[:1], SMALL), 3)
    both = simulate(Scenario("two", PIECES[:2], SMALL), 3)
    army = alone.truth.groups[0].accounts
    assert [e for e in acts(alone.events) if e.account_id in army] == [
        e for e in acts(both.events) if e.account_id in army
    ]


def test_post_ids_are_unique_and_every_actor_is_introduced_first() -> None:
    known: set[str] = set()
    posts: set[str] = set()
    for event in simulate(Scenario("all", PIECES, SMALL), 2).events:
        if isinstance(event, Account):
            assert event.account_id not in known
            known.add(event.account_id)
            continue
        assert isinstance(event, Post | Like)
        assert event.account_id in known
        if isinstance(event, Post) and event.deleted_at_ms is None:
            assert event.post_id not in posts
            posts.add(event.post_id)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.group.replace(" ", "-"))
def test_truth_names_the_accounts_that_act(piece: LikeArmy) -> None:
    simulation = simulate(Scenario("one", (piece,), SMALL), 4)
    (group,) = simulation.truth.groups
    active = {event.account_id for event in acts(simulation.events)}
    assert len(group.accounts & active) >= 0.9 * len(group.accounts)
    assert all(simulation.truth.role_of(account) == group.role for account in group.accounts)
    assert simulation.truth.role_of("u0") == "organic"
    assert group.first_ms < group.last_ms


def test_the_demo_holds_what_it_promises() -> None:
    simulation = simulate(DEMO, 7)
    assert 60_000 <= len(simulation.events) <= 150_000
    assert [group.role for group in simulation.truth.armies] == ["army", "army"]
    assert [group.role for group in simulation.truth.crowds] == ["fan club", "petition"]
    assert all(group.expected is Expected.ALERT for group in simulation.truth.armies)


def test_the_extract_is_an_army_and_thirty_others() -> None:
    simulation = army_extract(1)
    (army,) = simulation.truth.groups
    likes = [event for event in simulation.events if isinstance(event, Like) and event.account_id in army.accounts]
    ordered = {like.target_id for like in likes}
    authors = {like.target_author_id for like in likes if sum(o.target_id == like.target_id for o in likes) > 30}
    assert len(army.accounts) == 100
    assert len(authors) == 20
    assert len(ordered) >= 20
    assert len({event.account_id for event in acts(simulation.events)} - army.accounts) <= 30


@pytest.mark.parametrize("language", [CHINESE, ENGLISH], ids=["chinese", "english"])
def test_own_words_are_rarely_near_duplicates(language: object) -> None:
    words = words_of(stream(1, "texts"))
    texts = [shingles(CHINESE.text(words) if language is CHINESE else ENGLISH.text(words)) for _ in range(400)]
    near = sum(jaccard(one, other) >= 0.5 for one, other in combinations([t for t in texts if len(t) >= 24], 2))
    assert near <= 4


@pytest.mark.parametrize("template", [*PAID, FLOOD])
def test_spun_copies_are_near_but_not_equal(template: str) -> None:
    words = words_of(stream(2, "spin"))
    plain = [shingles(spin(template, words, PLAIN)) for _ in range(20)]
    likenesses = [jaccard(one, other) for one, other in combinations(plain, 2)]
    assert min(map(len, plain)) >= 24
    assert 0.4 < float(np.median(likenesses)) < 0.95
    assert len({spin(template, words, Spin()) for _ in range(20)}) >= 15


def test_times_follow_the_day() -> None:
    at_ms = times(stream(1, "times"), 20_000, START_MS, 24 * HOUR_MS)
    hours = np.bincount((at_ms // HOUR_MS) % 24, minlength=24)
    assert hours[20] > 4 * hours[3]
    assert int(at_ms.max()) < START_MS + 24 * HOUR_MS


def test_dials_turn() -> None:
    tight = simulate(Scenario("tight", (LikeArmy(size=30, targets=4, jitter_ms=MINUTE_MS, camouflage=0),), SMALL), 9)
    army = tight.truth.groups[0].accounts
    by_target: dict[str, list[int]] = {}
    for event in tight.events:
        if isinstance(event, Like) and event.account_id in army:
            by_target.setdefault(event.target_id, []).append(event.acted_at_ms)
    assert len(by_target) == 4
    assert all(max(moments) - min(moments) < MINUTE_MS for moments in by_target.values())
