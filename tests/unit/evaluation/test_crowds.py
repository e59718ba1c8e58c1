"""Honest crowds of the bench: what each of them does, and that its dials turn."""

import itertools
from collections import Counter

import msgspec
import pytest

from evaluation.simulator import Expected, Simulation, simulate
from evaluation.simulator.clock import DAY_MS, HOUR_MS, MINUTE_MS, START_MS
from evaluation.simulator.files import load_scenario, scenario_names
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.crowds import CROWDS
from evaluation.simulator.pieces.crowds.class_assignment import ClassAssignment
from evaluation.simulator.pieces.crowds.copypasta import Copypasta
from evaluation.simulator.pieces.crowds.customer_service import CustomerService
from evaluation.simulator.pieces.crowds.data_group import DataGroup
from evaluation.simulator.pieces.crowds.emergency_appeal import EmergencyAppeal
from evaluation.simulator.pieces.crowds.giveaway import Giveaway
from evaluation.simulator.pieces.crowds.greetings import Greetings
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.protest import Protest
from evaluation.simulator.pieces.crowds.shared_moment import SharedMoment
from evaluation.simulator.pieces.crowds.starter_pack import StarterPack
from evaluation.simulator.pieces.crowds.station_bots import StationBots
from evaluation.simulator.pieces.crowds.syndication import Syndication
from evaluation.simulator.scenario import Scenario
from evaluation.simulator.world import Piece
from models.events import Account, Like, LikeAction, Post

FEW = Organic(accounts=300, posts=120, likes=500, earlier_posts=80)


def simulated(piece: Piece, duration_ms: int = HOUR_MS, seed: int = 1) -> Simulation:
    return simulate(Scenario("crowd", (piece,), FEW, duration_ms=duration_ms), seed)


def own(simulation: Simulation) -> list[Post | Like]:
    (group,) = simulation.truth.groups
    return [e for e in simulation.events if isinstance(e, Post | Like) and e.account_id in group.accounts]


def facts(simulation: Simulation) -> list[Account]:
    (group,) = simulation.truth.groups
    return [e for e in simulation.events if isinstance(e, Account) and e.account_id in group.accounts]


@pytest.mark.parametrize("kind", sorted(CROWDS))
def test_every_crowd_is_honest_seeded_and_acts(kind: str) -> None:
    piece = CROWDS[kind]()
    first, again, other = simulated(piece), simulated(piece), simulated(piece, seed=2)
    (group,) = first.truth.groups
    assert group.expected is not Expected.ALERT
    assert first.events == again.events
    assert first.events != other.events
    assert len(group.actions_ms) >= 0.4 * len(group.accounts)


def test_every_crowd_has_a_scenario_of_its_own() -> None:
    alone = [load_scenario(name).pieces for name in scenario_names() if "crowd" in load_scenario(name).tags]
    assert {type(pieces[0]) for pieces in alone if len(pieces) == 1} == set(CROWDS.values())


@pytest.mark.parametrize("wrong", [{"participation": 1.2}, {"size": 0}, {"newcomers": -0.1}, {"reaction_ms": 0}])
def test_dials_refuse_what_is_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Giveaway)


def test_a_data_group_works_at_set_hours_and_must_be_listed() -> None:
    simulation = simulated(DataGroup(rounds=2, everyday_likes=0, everyday_posts=0), 6 * HOUR_MS)
    assert simulation.truth.groups[0].expected is Expected.LISTED
    events = own(simulation)
    lists = [e.created_at_ms for e in events if isinstance(e, Post) and "打卡清单" in e.text]
    likes = [e.acted_at_ms for e in events if isinstance(e, Like)]
    assert len(lists) == 2
    prompt = sum(any(0 <= at - hour <= HOUR_MS for hour in lists) for at in likes)
    assert prompt > 0.97 * len(likes)


def test_a_shared_moment_is_over_in_seconds() -> None:
    simulation = simulated(SharedMoment(moments=1, everyday_posts=0), 2 * HOUR_MS)
    shouts = sorted(e.created_at_ms for e in own(simulation) if isinstance(e, Post))
    assert shouts[len(shouts) // 2] - shouts[0] < MINUTE_MS


def test_greetings_come_in_the_second_of_midnight() -> None:
    posts = [e for e in own(simulated(Greetings(everyday_posts=0))) if isinstance(e, Post)]
    sharp = sum(e.created_at_ms % (HOUR_MS // 2) <= 1_500 for e in posts)
    assert sharp > 0.25 * len(posts)
    assert Counter(e.text for e in posts).most_common(1)[0][1] > 100


def test_copypasta_has_no_link_and_many_versions() -> None:
    posts = [e for e in own(simulated(Copypasta(everyday_posts=0))) if isinstance(e, Post)]
    assert not any(e.urls or e.hashtags for e in posts)
    assert len({e.text for e in posts}) > 20


def test_hunters_do_all_that_a_giveaway_asks_for() -> None:
    likes = [e for e in own(simulated(Giveaway())) if isinstance(e, Like) and e.target_id.startswith("giveaway-")]
    actions = Counter(e.action for e in likes)
    assert actions[LikeAction.LIKE] == actions[LikeAction.FOLLOW] == actions[LikeAction.REPOST] > 500


def test_one_click_follows_the_list_in_its_order() -> None:
    events = own(simulated(StarterPack(size=20, everyday_likes=0, everyday_posts=0)))
    follows = [e for e in events if isinstance(e, Like)]
    one = [e for e in follows if e.account_id == follows[0].account_id]
    assert len(one) > 40
    assert one[-1].acted_at_ms - one[0].acted_at_ms < 20_000


def test_stations_share_everything_and_keep_the_clock() -> None:
    simulation = simulated(StationBots(), 2 * HOUR_MS)
    posts = [e for e in own(simulation) if isinstance(e, Post)]
    assert {(e.client, e.network_id) for e in posts} == {("weather relay 1.4", "station bots-office".replace(" ", "-"))}
    assert all(e.created_at_ms % (30 * MINUTE_MS) < 21_000 for e in posts)
    days = Counter(fact.registered_at_ms // DAY_MS for fact in facts(simulation))
    assert max(days.values()) > 60


def test_agents_answer_each_complaint_once() -> None:
    answers = [e for e in own(simulated(CustomerService(), 2 * HOUR_MS)) if isinstance(e, Post) and e.reply_to]
    assert len({e.reply_to for e in answers}) == len(answers) > 100


def test_a_class_registers_in_its_lesson_in_one_network() -> None:
    simulation = simulated(ClassAssignment(begin=0.2))
    (group,) = simulation.truth.groups
    late = sum(fact.registered_at_ms > START_MS - HOUR_MS for fact in facts(simulation))
    assert late > 0.8 * len(group.accounts)
    assert Counter(e.network_id for e in own(simulation)).most_common(1)[0][1] > 0.9 * len(own(simulation))


def test_new_accounts_pass_on_an_appeal() -> None:
    simulation = simulated(EmergencyAppeal(newcomers=0.5))
    late = sum(fact.registered_at_ms > START_MS - 3 * HOUR_MS for fact in facts(simulation))
    assert 0.4 < late / len(facts(simulation)) < 0.6


def test_a_protest_waits_for_its_hour() -> None:
    events = list(own(simulated(Protest(at=0.5, everyday_likes=0, everyday_posts=0))))
    moments = [e.created_at_ms if isinstance(e, Post) else e.acted_at_ms for e in events]
    assert min(moments) >= START_MS + HOUR_MS // 2
    assert min(fact.registered_at_ms for fact in facts(simulated(Protest()))) < START_MS - 365 * DAY_MS


def test_a_newsletter_hurries_signers() -> None:
    def in_the_next_half_hour(newsletter: float) -> int:
        group = simulated(Petition(newsletter=newsletter), 6 * HOUR_MS).truth.groups[0]
        sent_ms = START_MS + 2 * HOUR_MS
        return sum(sent_ms <= at_ms < sent_ms + HOUR_MS // 2 for at_ms in group.actions_ms)

    assert in_the_next_half_hour(0.8) > 3 * in_the_next_half_hour(0.0)


def test_a_house_may_have_one_editing_system() -> None:
    pages = own(simulated(Syndication(client="desk")))
    assert {e.client for e in pages} == {"desk"}
    assert len({e.network_id for e in pages}) == 1


def test_people_look_in_sessions() -> None:
    def gaps_under_ten_minutes(sessions: float) -> float:
        dials = Organic(accounts=200, posts=400, likes=6_000, earlier_posts=100, sessions=sessions)
        events = simulate(Scenario("day", (), dials, duration_ms=DAY_MS), 1).events
        likes = sorted((e.account_id, e.acted_at_ms) for e in events if isinstance(e, Like))
        gaps = [b[1] - a[1] for a, b in itertools.pairwise(likes) if a[0] == b[0]]
        return sum(gap < 10 * MINUTE_MS for gap in gaps) / len(gaps)

    assert gaps_under_ten_minutes(2.0) > 1.3 * gaps_under_ten_minutes(0.0)


def test_threads_stay_in_a_community() -> None:
    def late_share(threads: float) -> float:
        dials = Organic(accounts=300, posts=2_000, likes=200, earlier_posts=100, replies=0.5, threads=threads)
        replies = [e for e in simulate(Scenario("day", (), dials), 1).events if isinstance(e, Post) and e.reply_to]
        near = sum(int(e.post_id[1:]) - int(str(e.reply_to)[1:]) <= 200 for e in replies)
        return near / len(replies)

    assert late_share(1.0) > 0.9
    assert late_share(0.0) < 0.5
