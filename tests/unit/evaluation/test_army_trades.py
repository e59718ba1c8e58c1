"""What each army sells: texts, deletions, contacts, ratings, reposts, jobs."""

import re
from itertools import combinations
from random import Random
from statistics import median
from typing import Literal

import numpy as np
import pytest
from msgspec.structs import replace

from evaluation.simulator.contacts import Contact
from evaluation.simulator.people import Farm
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.diversion import Diversion
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.hashtag_push import HashtagPush
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.armies.operator_armies import OperatorArmies
from evaluation.simulator.pieces.armies.rating_army import RatingArmy
from evaluation.simulator.pieces.armies.repost_ring import RepostRing
from evaluation.simulator.pieces.armies.task_platform import TaskPlatform
from evaluation.simulator.spin import HEAVY, PLAIN, fill, scaled, spin, swap
from evaluation.simulator.words.synonyms import SYNONYMS
from evaluation.simulator.words.templates import PAID
from models.events import Like, LikeAction, Post, PostKind
from tests.unit.evaluation.army_streams import (
    SMALL,
    by_target,
    jaccard,
    planted,
    texts_of,
)

# --- spinning


def test_spin_at_strength_zero_is_word_for_word() -> None:
    assert scaled(HEAVY, 0.0) == PLAIN
    assert scaled(HEAVY, 1.0) == HEAVY
    assert {spin(PAID[0], Random(seed), HEAVY, 0.0) for seed in range(20)} == {fill(PAID[0], Random(1), 0.0)}


def test_reordered_clauses_are_the_same_clauses() -> None:
    only = replace(PLAIN, reordered=1.0)
    plain = fill(PAID[0], Random(1), 0.0)
    found = {spin(plain, Random(seed), only) for seed in range(20)}
    assert len(found) > 10
    for text in found:
        assert sorted(text.split("，")) == sorted(plain.split("，"))
        assert (text.split("，")[0], text.split("，")[-1]) == (plain.split("，")[0], plain.split("，")[-1])


def test_swapped_words_have_like_meaning() -> None:
    assert {swap("孩子很便宜", Random(seed), 1.0) for seed in range(40)} == {
        child + "很" + cheap for child in ("孩子", "小孩", "小朋友") for cheap in ("便宜", "实惠", "划算")
    }
    assert swap("孩子很便宜", Random(1), 0.0) == "孩子很便宜"


def test_no_word_has_two_groups_of_like_meaning() -> None:
    words = [word for group in SYNONYMS for word in group]
    assert len(words) == len(set(words))


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
