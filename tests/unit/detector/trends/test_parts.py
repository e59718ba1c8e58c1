"""The parts of the trend monitor, one by one."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.trends.cells import ATTRIBUTES, CELLS, UNKNOWN, cells_of
from detector.trends.counters import MINUTE_MS, Counters
from detector.trends.figures import dependence, divergence, together
from detector.trends.lists import Lists
from detector.trends.model import model_for, models, set_name, shrunk
from detector.trends.rates import BIN_MS, Rates
from detector.trends.settings import TrendSettings
from detector.trends.sketch import PERIOD_MS, TopicSketch
from detector.trends.terms import TERMS_MAX, Terms
from detector.trends.topics import key_of
from detector.trends.wording import places_in_words, sentence
from evaluation.trends.fit import figures_known, sets
from models.events import Account, Trend
from models.ids import hash64
from models.trends import Place

AT = 1_767_268_800_000
DAY_MS = 86_400_000


@pytest.mark.parametrize("spelled", ["#BuyNow", "buynow", "＃ＢｕｙＮｏｗ", " buynow# "])
def test_every_spelling_of_a_topic_has_one_key(spelled: str) -> None:
    assert key_of(spelled) == "buynow"


def test_an_acts_own_client_comes_before_the_accounts_and_newcomers_days_are_nobodys() -> None:
    known = Account("a", AT - 400 * DAY_MS, client="web", followers=50)
    one, other = cells_of(known, "phone", None, AT), cells_of(known, None, "net1", AT)
    assert one[:2] == (3, 3)
    assert one[2] != other[2]
    assert one[3] == UNKNOWN
    assert other[3] != UNKNOWN
    newcomer = cells_of(Account("b", AT - DAY_MS), None, None, AT)
    assert newcomer[0] == 0
    assert newcomer[4] == UNKNOWN
    assert cells_of(None, None, None, AT) == (UNKNOWN,) * len(CELLS)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3 * PERIOD_MS)), max_size=300))
@settings(max_examples=50, deadline=None)
def test_the_sketch_never_underestimates(acts: list[tuple[int, int]]) -> None:
    sketch, kept = TopicSketch(), Counter[tuple[int, int]]()
    for topic, after_ms in sorted(acts, key=lambda act: act[1]):
        period = after_ms // PERIOD_MS
        kept[topic, period] += 1
        estimate = sketch.add(hash64(f"topic{topic}"), after_ms)
        assert estimate >= kept[topic, period] + kept[topic, period - 1]


def test_the_sketch_survives_a_snapshot() -> None:
    sketch, other = TopicSketch(), TopicSketch()
    for n in range(1_000):
        sketch.add(hash64(f"t{n % 7}"), PERIOD_MS)
    other.restore(sketch.snapshot())
    assert other.add(hash64("t3"), PERIOD_MS) == sketch.add(hash64("t3"), PERIOD_MS)


def rates_after(counts: list[int], slots: int = 1) -> Rates:
    rates = Rates(slots, TrendSettings())
    rates.begin(0, AT)
    for n, count in enumerate(counts, 1):
        rates.close_bin(np.full(slots, count, np.int64), AT + n * BIN_MS)
    return rates


def test_a_steady_topic_does_not_burst_and_one_that_rises_fivefold_does() -> None:
    rnd = Random(1)
    steady = [sum(rnd.random() < 0.02 for _ in range(100)) for _ in range(8_640)]
    assert rates_after(steady).burst_ms(0) is None
    risen = rates_after([*steady, *[12] * 6])
    begun_ms = risen.burst_ms(0)
    assert begun_ms is not None
    assert begun_ms >= AT + 8_630 * BIN_MS
    assert risen.usual_a_minute(0) == pytest.approx(12, rel=0.3)


def test_a_new_topic_bursts_at_its_tenth_account_and_ends_when_nobody_comes() -> None:
    assert rates_after([8]).burst_ms(0) is None
    rates = rates_after([10])
    assert rates.burst_ms(0) == AT
    rates.skip(1_000, AT + 1_001 * BIN_MS)
    assert rates.burst_ms(0) is None


def test_skipping_quiet_bins_is_the_same_as_closing_them() -> None:
    one, other = rates_after([3, 9, 5, 4]), rates_after([3, 9, 5, 4])
    one.skip(200, AT + 204 * BIN_MS)
    for n in range(5, 205):
        other.close_bin(np.zeros(1, np.int64), AT + n * BIN_MS)
    assert one.sum_of(0) == pytest.approx(other.sum_of(0), abs=3.0)
    assert one.usual_a_minute(0) == pytest.approx(other.usual_a_minute(0), rel=0.1)


def test_an_hour_that_is_always_busy_is_no_burst() -> None:
    """Evening after evening the whole platform is six times as busy; the cycle learns it."""
    rates = Rates(2, TrendSettings())
    rates.begin(0, 0)
    rates.begin(1, 0)
    rnd = np.random.default_rng(3)
    burst_days = []
    for day in range(6):
        burst = False
        for n in range(8_640):
            mean = 3.0 if n // 360 == 20 else 0.5
            rates.close_bin(rnd.poisson(mean, 2).astype(np.int64), (day * 8_640 + n + 1) * BIN_MS)
            burst = burst or rates.burst_ms(0) is not None
        burst_days.append(burst)
    assert burst_days[0]
    assert not any(burst_days[3:])


def test_a_mix_like_the_platforms_diverges_by_nothing_and_another_by_its_logarithm() -> None:
    usual = np.full(10, 0.1)
    rng = np.random.default_rng(1)
    same = [divergence(np.bincount(rng.integers(0, 10, 100), minlength=10), usual) for _ in range(200)]
    assert np.mean(same) < 0.02
    one = np.zeros(10, np.int64)
    one[3] = 100
    assert divergence(one, usual) == pytest.approx(np.log(10), abs=0.1)
    assert divergence(np.zeros(10, np.int64), usual) == 0.0


def test_dependence_is_nothing_for_independent_columns_and_large_for_a_mixture() -> None:
    rng = np.random.default_rng(2)
    none = [dependence(rng.integers(0, 5, 200), rng.integers(0, 5, 200), 5, 5) for _ in range(100)]
    assert np.mean(none) < 0.03
    column = rng.integers(0, 5, 200)
    assert dependence(column, column, 5, 5) > 2.5
    assert dependence(column[:1], column[:1], 5, 5) == 0.0


def test_days_of_registration_that_come_in_batches_are_seen_and_days_of_growth_forgiven() -> None:
    rng = np.random.default_rng(4)
    usual = np.full(4_096, 1 / 4_096)
    assert np.mean([together(rng.integers(0, 4_096, 100), usual) for _ in range(100)]) < 0.03
    assert together(rng.integers(0, 20, 100), usual) > 0.9
    growth = np.full(4_096, 0.5 / 4_086)
    growth[:10] = 0.05
    grown = rng.choice(4_096, 100, p=growth / growth.sum())
    assert together(grown, growth / growth.sum()) < 0.1


@pytest.mark.parametrize("accounts", [30, 300, 3_000])
def test_distinct_accounts_are_within_fifteen_percent(accounts: int) -> None:
    counters = Counters(2)
    counters.begin(1)
    for n in range(accounts):
        at_ms = AT + n * 1_000 % (30 * MINUTE_MS)
        counters.act(1, at_ms)
        counters.arrive(1, hash64(f"a{n}"), at_ms)
    counters.close_bin(AT + 30 * MINUTE_MS)
    assert counters.distinct(1) == pytest.approx(accounts, rel=0.15)


def test_a_series_has_its_minutes_and_forgets_after_an_hour() -> None:
    counters = Counters(1)
    counters.begin(0)
    for minute in (0, 1, 1, 5):
        counters.act(0, AT + minute * MINUTE_MS)
    counters.arrive(0, hash64("a"), AT + 5 * MINUTE_MS)
    counters.question(0, AT + 5 * MINUTE_MS)
    series = counters.series(0)
    assert [moment.acts for moment in series] == [1, 2, 0, 0, 0, 1]
    assert (series[-1].accounts, series[-1].in_question) == (1, 1)
    counters.close_bin(AT + 64 * MINUTE_MS)
    assert next(moment.acts for moment in counters.series(0)) == 1
    counters.close_bin(AT + 200 * MINUTE_MS)
    assert counters.series(0) == []


def hot(topic: str, rank: int, volume: float, *, paid: bool = False, at_ms: int = AT) -> Trend:
    return Trend("hot", topic, rank, at_ms, volume, paid)


def test_places_without_some_accounts_move_up_and_sold_ones_stay() -> None:
    lists = Lists(5.0, 14.0)
    for trend in (hot("a", 1, 100), hot("ad", 2, 0, paid=True), hot("b", 3, 90), hot("c", 4, 80)):
        lists.take(trend)
    shares = {"a": 0.15}
    assert [(p.rank, p.rank_without) for p in lists.places("a", lists.without(shares))] == [(1, 3)]
    assert [(p.rank, p.rank_without) for p in lists.places("b", lists.without(shares))] == [(3, 1)]
    assert [(p.rank, p.rank_without, p.paid) for p in lists.places("ad", lists.without(shares))] == [(2, 2, True)]
    assert lists.places("a", lists.without({"a": 0.5}))[0].rank_without is None


def test_an_older_snapshot_and_a_line_twice_change_nothing() -> None:
    lists = Lists(5.0, 14.0)
    lists.take(hot("a", 1, 100))
    lists.take(hot("a", 2, 50))
    lists.take(hot("b", 1, 10, at_ms=AT - 1))
    assert [(p.rank, p.volume) for p in lists.places("a", lists.without({}))] == [(1, 100)]
    assert lists.places("b", lists.without({})) == []


def test_lists_are_bounded() -> None:
    lists = Lists(5.0, 14.0)
    for n in range(100):
        lists.take(Trend(f"list{n}", "a", 1, AT, 1.0))
    assert len(lists.items()) == 64
    assert lists.dropped == 36


def test_every_set_of_attributes_has_a_model_with_a_stated_accuracy() -> None:
    assert len(list(sets())) == 31
    for known in sets():
        model = model_for(known)
        assert model is not None
        assert set(model.weights) == set(figures_known(known))
        assert model.accuracy is not None
        assert model.accuracy.wrongly_called <= 0.02
        against = {n: w for n, w in model.weights.items() if n not in {"posts_each", "unseen", "age_with_followers"}}
        assert min(against.values(), default=0) >= 0, (known, against)
        assert max(w for n, w in model.weights.items() if n not in against) <= 0
    assert model_for(()) is None
    assert set(models()) == {set_name(known) for known in sets()}


def test_accuracy_with_all_attributes_and_without_client_and_network_meets_what_was_asked() -> None:
    everything, less = model_for((*ATTRIBUTES, "deletions")), model_for(("age", "followers", "deletions"))
    assert everything is not None
    assert everything.accuracy is not None
    assert everything.accuracy.found >= 0.95
    assert less is not None
    assert less.accuracy is not None
    assert less.accuracy.found >= 0.85


def test_mixes_of_few_accounts_weigh_little() -> None:
    assert shrunk("age_mix", 0.5, 20) == pytest.approx(shrunk("age_mix", 0.5, 10**9) / 2, rel=1e-6)
    assert shrunk("gone_quickly", 0.5, 20) == shrunk("gone_quickly", 0.5, 2_000)
    assert shrunk("unseen", -0.3, 50) == -0.3


def test_every_figure_has_a_sentence() -> None:
    from detector.trends.model import Weighed

    for name in {*figures_known((*ATTRIBUTES, "deletions")), "flagged", "returning"}:
        said = sentence(Weighed(name, 0.3, 1.0))
        assert said.endswith(".")
        assert "_" not in said


def test_places_are_told_with_and_without() -> None:
    place = Place("hot", 3, None, 10.0, 1.0)
    assert places_in_words([place]) == "place 3 of «hot», without the accounts in question off the list"
    assert "openly sold" in places_in_words([Place("hot", 2, 2, 1.0, 1.0, True)])
    assert places_in_words([]) == "on no list"


def test_a_place_is_gained_from_a_factor_on_or_by_being_there_at_all() -> None:
    assert Place("hot", 4, 5, 1.0, 1.0).gained(0.3)
    assert not Place("hot", 10, 11, 1.0, 1.0).gained(0.3)
    assert Place("hot", 50, None, 1.0, 1.0).gained(0.3)
    assert not Place("hot", None, None, 1.0, 1.0).gained(0.3)


def test_terms_of_lists_are_found_in_texts_as_words_and_chinese_as_characters() -> None:
    terms = Terms()
    for topic in ("Art Fair", "地震", "#tag", "x"):
        terms.listed(topic)
    assert terms.found_in("An ART-fair today", ()) == ("Art Fair",)
    assert terms.found_in("a party fairly", ()) == ()
    assert terms.found_in("刚才地震了", ("other",)) == ("地震",)
    assert terms.found_in("#tag here", ("tag",)) == ()
    assert terms.found_in("x", ()) == ()


@given(st.lists(st.text(min_size=1, max_size=6), max_size=400))
@settings(max_examples=30, deadline=None)
def test_terms_are_bounded_and_survive_a_snapshot(topics: list[str]) -> None:
    terms, other = Terms(), Terms()
    for topic in topics:
        terms.listed(topic)
    assert len(terms.snapshot()) <= TERMS_MAX
    other.restore(terms.snapshot())
    assert other.snapshot() == terms.snapshot()


def test_an_hour_that_was_not_seen_whole_teaches_nothing_of_the_day() -> None:
    rates = Rates(1, TrendSettings())
    rates.begin(0, AT)
    for n in range(180):  # the second half of an hour
        rates.close_bin(np.ones(1, np.int64), AT + 1_800_000 + (n + 1) * BIN_MS)
    for n in range(720):
        rates.close_bin(np.ones(1, np.int64), AT + 3_600_000 + (n + 1) * BIN_MS)
    assert np.flatnonzero(rates._hours).tolist() == [(AT // 3_600_000 + 1) % 24]
    assert rates._hours.max() == 361
