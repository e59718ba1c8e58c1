"""What `shoal evaluate` counts, on cases small enough to count by hand."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.evaluate import calibration
from evaluation.evaluate.measures import (
    Claim,
    Found,
    Measures,
    Revision,
    found_by_peer,
    measure,
)
from evaluation.evaluate.pairs import MEMBERS_MAX, linked_pairs
from evaluation.evaluate.record import PLAIN, SHOAL, Performance, RunRecord, Variant
from evaluation.evaluate.sentences import at_most, figure, percent, table
from evaluation.evaluate.signals import SIGNALS, without
from evaluation.evaluate.strata import StratumCount
from evaluation.evaluate.summary import delay_curve, summarise
from evaluation.scorecard import Score
from evaluation.simulator.truth import Expected, Group, Truth
from models.events import Account, Like, LikeAction, Post, PostKind

ARMY = frozenset(f"a{number}" for number in range(20))
FANS = frozenset(f"f{number}" for number in range(40))
MINUTE_MS = 60_000
TRUTH = Truth(
    (
        Group(
            "army",
            "army",
            Expected.ALERT,
            ARMY,
            "twenty",
            0,
            19 * MINUTE_MS,
            tuple(range(0, 20 * MINUTE_MS, MINUTE_MS)),
        ),
        Group("fans", "fan club", Expected.LISTED, FANS, "forty", 0, MINUTE_MS, (0, MINUTE_MS)),
    )
)


def some(accounts: frozenset[str], number: int) -> frozenset[str]:
    return frozenset(sorted(accounts)[:number])


def claim(name: str, *revisions: tuple[frozenset[str], int]) -> Claim:
    return Claim(name, name, [Revision(accounts, at_ms) for accounts, at_ms in revisions])


def record(measures: Measures, labelled: bool = True, scenario: str = "one", variant: Variant = PLAIN) -> RunRecord:
    performance = Performance(1.0, 1_000.0, 100.0, 50.0)
    return RunRecord(scenario, 1, SHOAL, "0", variant, labelled, 500_000, 43_200_000, measures, performance)


def test_an_army_is_found_when_half_of_it_is_named_and_the_delay_counts_from_its_actions() -> None:
    found = Found([claim("c", (some(ARMY, 8), 4 * MINUTE_MS), (some(ARMY, 10) | {"u1"}, 9 * MINUTE_MS))], [], [])
    (army,) = measure(TRUTH, found).armies
    assert (army.named, army.found, army.actions) == (10, True, 20)
    assert army.to_come == 15 / 20  # after minute 4
    assert army.after_first_ms == 4 * MINUTE_MS
    assert army.after_tenth_ms == -5 * MINUTE_MS
    (less,) = measure(TRUTH, Found([claim("c", (some(ARMY, 9), 0))], [], [])).armies
    assert not less.found


def test_an_army_that_is_never_called_has_nothing_to_come() -> None:
    (army,) = measure(TRUTH, Found([], [ARMY], [])).armies
    assert (army.named, army.to_come, army.after_first_ms, army.listed) == (0, 0.0, None, True)


def test_a_call_is_right_when_most_of_its_accounts_are_hired() -> None:
    half = claim("half", (some(ARMY, 3) | some(FANS, 3), 0))
    right = claim("right", (some(ARMY, 12), 0))
    measures = measure(TRUTH, Found([half, right], [], []))
    assert (measures.calls, measures.calls_right) == (2, 1)
    assert (measures.calls_accounts, measures.calls_accounts_right) == (18, 12)
    assert (measures.named, measures.named_right) == (15, 12)
    assert [call.name for call in measures.told] == ["half", "right"]
    summary = summarise([record(measures)])
    assert summary.account_precision == pytest.approx(12 / 15)
    assert summary.account_recall == pytest.approx(12 / 20)
    assert summary.campaign_precision == 0.5
    assert summary.weighted_precision == pytest.approx(12 / 18, abs=1e-6)
    assert (summary.false_per_million, summary.false_per_day, summary.bystanders) == (2.0, 2.0, 3)


def test_an_honest_group_is_called_by_a_call_about_it_or_by_more_than_a_twentieth_of_it() -> None:
    def fans(accounts: frozenset[str]) -> tuple[bool, bool]:
        (crowd,) = measure(TRUTH, Found([claim("c", (accounts, 0))], [FANS], [])).crowds
        return crowd.alerted, crowd.listed

    assert fans(ARMY | some(FANS, 2)) == (False, True)
    assert fans(ARMY | some(FANS, 3)) == (True, True)
    assert fans(some(FANS, 2)) == (True, True)  # nothing else is in it
    seen, unseen = (measure(TRUTH, Found([], listings, [])) for listings in ([FANS], []))
    assert [summarise([record(each)]).must_list_share for each in (seen, unseen)] == [1.0, 0.0]


def test_pairs_are_counted_in_calls_in_campaigns_and_on_edges() -> None:
    found = Found([claim("c", (some(FANS, 2), 0))], [], [some(FANS, 4), some(FANS, 3)], [["f0", "f1", "x"], ["f0"]])
    measures = measure(TRUTH, found, [frozenset({"f0", "f1", "u"}), frozenset({"x", "y"})])
    (crowd,) = measures.crowds
    assert (crowd.pairs, crowd.pairs_called, crowd.pairs_together, crowd.pairs_edge) == (780, 1, 6, 1)
    communities = measures.communities
    assert (communities.pairs, communities.together, communities.edge) == (4, 1, 1)


@given(st.lists(st.lists(st.integers(0, 11), max_size=8), max_size=6))
def test_linked_pairs_are_those_that_stand_together(groups: list[list[int]]) -> None:
    every = [f"m{number}" for number in range(9)]
    named = [[f"m{number}" for number in group] for group in groups]
    by_hand = {
        (one, other) for group in named for one in group for other in group if one < other and {one, other} <= {*every}
    }
    assert linked_pairs(every, named) == (36, len(by_hand))


def test_a_large_community_is_sampled() -> None:
    members = [f"m{number}" for number in range(MEMBERS_MAX + 500)]
    pairs, linked = linked_pairs(members, [members])
    assert pairs == linked == MEMBERS_MAX * (MEMBERS_MAX - 1) // 2


def test_peers_are_scored_without_times() -> None:
    measures = measure(TRUTH, found_by_peer([some(ARMY, 15), FANS]))
    (army,), (crowd,) = measures.armies, measures.crowds
    assert (army.named, army.after_first_ms, crowd.alerted, crowd.pairs_edge) == (15, None, True, None)
    summary = summarise([record(measures)])
    assert (summary.half_to_come, summary.pairs_edge_share, summary.pairs_together_share) == (None, None, 1.0)


def test_real_streams_count_for_recall_and_not_against_precision() -> None:
    measures = measure(
        TRUTH, Found([claim("c", (some(ARMY, 10), 0)), claim("d", (frozenset({"u1", "u2"}), 0))], [], [])
    )
    summary = summarise([record(measures, labelled=False)])
    assert (summary.account_recall, summary.account_precision) == (0.5, None)
    assert (summary.false_calls, summary.unlabelled_calls, summary.false_per_million) == (0, 1, None)


def test_the_delay_curve_counts_every_army() -> None:
    seen = measure(TRUTH, Found([claim("c", (ARMY, 9 * MINUTE_MS))], [], [])).armies  # half to come
    unseen = measure(TRUTH, Found([], [], [])).armies
    curve = dict(delay_curve([*seen, *unseen]))
    assert (curve[0.05], curve[0.5], curve[0.55]) == (0.5, 0.5, 0.0)
    assert delay_curve([]) == []


def test_the_target_class_leaves_weaker_armies_out() -> None:
    weak = Group("weak", "army", Expected.ALERT, frozenset({"w1", "w2"}), "two", 0, 1, (0, 1))
    measures = measure(Truth((*TRUTH.groups, weak)), Found([claim("c", (ARMY, 0))], [], []))
    assert summarise([record(measures)]).campaign_recall == 0.5
    assert summarise([record(measures)], target_class=True).campaign_recall == 1.0


POST = Post(
    "p", "u", "see https://x.example now #tag#", 5, PostKind.REPOST, None, "o", ("https://x.example",), ("tag",),
    ("m",), "web", "d", "n",
)  # fmt: skip
EVENTS: Sequence[Account | Like | Post] = (
    Account("u", 1, "name", "web", "d", "n"),
    POST,
    Post("q", "u", "", 6, deleted_at_ms=8),
    *(Like("u", "t", action, 7, "author", None, "web") for action in LikeAction),
)


@pytest.mark.parametrize("signal", sorted(SIGNALS))
def test_every_signal_can_be_taken_out_and_leaves_the_others(signal: str) -> None:
    left = without(signal, EVENTS)
    assert left != list(EVENTS)
    assert without(signal, left) == left
    assert [event for event in left if isinstance(event, Like) and event.action is LikeAction.VIEW]


def test_links_and_tags_leave_the_text_too() -> None:
    post, _ = [event for event in without("links", EVENTS) if isinstance(event, Post)]
    assert (post.text, post.urls, post.hashtags) == ("see  now #tag#", (), ("tag",))
    post, _ = [event for event in without("hashtags", EVENTS) if isinstance(event, Post)]
    assert (post.text, post.hashtags) == ("see https://x.example now ", ())


def test_figures_are_short_and_cells_cannot_break_a_table() -> None:
    assert [figure(each) for each in (None, 0.0, 0.9585, 1.0, 12.34, 1234.0)] == [
        "–",
        "0",
        "0.959",
        "1",
        "12.3",
        "1,234",
    ]
    assert [percent(each) for each in (None, 0.0, 0.000058, 0.0123, 0.5, 1.0)] == [
        "–", "0 %", "0.0058 %", "1.2 %", "50 %", "100 %",
    ]  # fmt: skip
    assert at_most(400) == "at most 0.75 %"
    assert table(("a", "b"), [("x|y\nz", "1")], right=1).splitlines() == ["| a | b |", "|---|---:|", "| x\\|y z | 1 |"]


@pytest.mark.parametrize(
    ("expected", "listed", "named", "right"),
    [
        (Expected.LISTED, True, 0, True),
        (Expected.LISTED, False, 0, False),
        (Expected.LISTED, True, 3, False),
        (Expected.QUIET, False, 0, True),
        (Expected.QUIET, True, 2, True),
        (Expected.ALERT, False, 20, True),
        (Expected.ALERT, True, 19, False),
    ],
)
def test_what_is_right_depends_on_what_is_expected(expected: Expected, listed: bool, named: int, right: bool) -> None:
    group = Group("fans", "fan club", expected, FANS, "forty", 0, 1)
    assert Score(group, named, None, listed).right == right


def test_calibration_is_told_for_organic_life_alone_and_only_where_it_says_something() -> None:
    runs = [
        [StratumCount("far_likes", 5_000_000, (4_000, 10, 0))],
        [StratumCount("far_likes", 5_000_000, (6_000, 5, 0))],
        [],
    ]
    told = calibration.section(runs)
    assert "| far_likes | 10,000,000 | 10,000 / 10,000 = 1 (" in told
    assert "15 / 10 = 1.5 (0.84 to 2.5)" in told
    assert told.rstrip().endswith("0 / 0.01 |")  # too few are expected for a ratio
    assert calibration.section([[], []]) == ""
