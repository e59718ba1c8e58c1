from collections.abc import Callable
from itertools import combinations
from math import exp, isclose, log, log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detector.calibration.evalues import (
    FAMILY_SHARE,
    bound_log10,
    calibrated_log10,
    overlap_e_log10,
    rejected,
    sum_log10,
    weight_log10,
)
from detector.campaigns.chance import campaign_e_log10
from detector.cohorts.overlap import Overlaps
from detector.cohorts.significance import poisson_tail_log10
from detector.engine import Engine
from detector.settings import DetectorSettings, OverlapSettings, load
from models.actions import Layer
from models.alerts import AlertState, Outcome
from models.campaigns import Campaign
from models.cohorts import CohortUpdate, Member
from models.events import Like

HOUR_MS = 3_600_000


@given(st.floats(1e-6, 60.0), st.floats(0.0, 1.0))
def test_chance_wins_nothing_on_average(rate: float, share: float) -> None:
    mean = rate * share
    counts = np.arange(int(mean + 12 * mean**0.5 + 60))
    chances = stats.poisson.logpmf(counts, mean) / log(10)
    told = [p + overlap_e_log10(int(o), rate) for o, p in zip(counts, chances, strict=True)]
    average = 10 ** sum_log10([value for value in told if value > -300])
    assert average <= 1 + 1e-9


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_nor_do_independent_accounts_that_are_unlike_each_other(chances: list[float]) -> None:
    law = np.array([1.0])
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    average = sum(p * 10 ** overlap_e_log10(o, sum(chances)) for o, p in enumerate(law))
    assert average <= 1 + 1e-9


@given(st.integers(5, 300), st.floats(1e-6, 2.0))
def test_little_is_lost_against_the_p_value(observed: int, rate: float) -> None:
    p_log10 = poisson_tail_log10(observed, rate)
    if p_log10 > -8 or p_log10 <= -250:
        return
    assert overlap_e_log10(observed, rate) <= -p_log10
    assert overlap_e_log10(observed, rate) >= -0.8 * p_log10 - 3


def test_all_weights_together_are_the_share_of_the_family() -> None:
    first = 2_000_000
    told = sum(10.0 ** weight_log10(number) for number in range(1, first + 1))
    rest = FAMILY_SHARE * log(1_000) / log(first + 1_000)  # the integral of what is left
    assert told + rest <= FAMILY_SHARE + 1e-9
    assert told + rest > 0.99 * FAMILY_SHARE


def test_a_calibrated_p_value_is_an_e_value() -> None:
    p = np.logspace(-12, 0, 200_001)
    e = np.array([10.0 ** calibrated_log10(log10(each)) for each in p])
    below = 1 / log(1e12)  # the integral of 1/(p ln² p) from 0
    assert np.trapezoid(e, p) + below == pytest.approx(1.0, abs=0.01)
    assert (np.diff(e) <= 1e-9).all()


def test_e_bh_is_its_definition() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        values = {f"c{n}": float(v) for n, v in enumerate(rng.normal(1.5, 1.0, 8))}
        alpha = 0.05
        ranked = sorted((value for value in values.values() if value > 0), reverse=True)
        k = max((k for k in range(1, len(ranked) + 1) if 10 ** ranked[k - 1] >= 1 / (k * alpha)), default=0)
        assert rejected(values, alpha) == {name for name, value in values.items() if value in ranked[:k]}


def test_company_helps_a_case_and_chance_harms_none() -> None:
    assert rejected({"a": 1.9}, 0.01) == frozenset()
    assert rejected({"a": 1.9, "b": 1.9}, 0.01) == {"a", "b"}
    assert rejected({"a": 1.9, "b": 2.5, "c": -4.0}, 0.01) == {"a", "b"}
    assert rejected({f"c{n}": 0.0 for n in range(500)}, 0.01) == frozenset()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_sums_in_logarithms(values: list[float]) -> None:
    assert isclose(sum_log10(values), log10(sum(10.0**v for v in values)), abs_tol=1e-9)


@pytest.mark.parametrize(("e_log10", "bound"), [(5.0, -5.0), (-3.0, 0.0), (1e5, -300.0), (float("-inf"), 0.0)])
def test_the_bound_is_a_probability(e_log10: float, bound: float) -> None:
    assert bound_log10(e_log10) == bound


def cohort(
    number: int, accounts: list[str], start_ms: int, layer: Layer = Layer.LIKE, act: str | None = None
) -> CohortUpdate:
    members = [Member(account, start_ms + 1, f"{account}-{act or number}") for account in accounts]
    return CohortUpdate(
        number, int(layer), f"t{number}", HOUR_MS, start_ms, start_ms + HOUR_MS, True, len(accounts), 1.0,
        len(accounts), members, f"by{number}",
    )  # fmt: skip


def group(targets: int, act: str | None = None, layer: Layer = Layer.LIKE) -> tuple[Overlaps, Campaign]:
    overlaps = Overlaps(OverlapSettings(), (HOUR_MS,))
    names = [f"a{n}" for n in range(12)]
    for number in range(1, targets + 1):
        everybody = [*names, *(f"x{number}-{n}" for n in range(5))]
        overlaps.update(cohort(number, everybody, number * 4 * HOUR_MS, layer, act))
    edges = tuple(sorted((b, a) for a, b in combinations(range(1, targets + 1), 2)))
    assert edges == tuple(sorted(overlaps.edges))
    return overlaps, Campaign(tuple(sorted(names)), tuple(range(1, targets + 1)), edges)


def test_meeting_again_multiplies_where_pairs_only_add() -> None:
    told = {}
    for targets in (2, 3, 6):
        overlaps, found = group(targets)
        told[targets] = campaign_e_log10(overlaps, found)
        pairs = sum_log10(overlaps.e_log10[edge] for edge in found.edges)
        assert told[targets] >= pairs + log10(0.5)
    assert told[3] > told[2] + 5
    assert told[6] > told[3] + 15


def test_one_post_with_six_links_is_one_act_and_proves_nothing() -> None:
    apart, found = group(6, layer=Layer.URL)
    once, same = group(6, act="post", layer=Layer.URL)
    assert campaign_e_log10(apart, found) > 20
    assert campaign_e_log10(once, same) < 0


def test_a_pair_pays_for_all_tests_before_it() -> None:
    overlaps, found = group(2)
    edge = found.edges[0]
    rate = overlaps.rate(overlaps.cohorts[2], overlaps.cohorts[1])
    assert overlaps.e_log10[edge] == pytest.approx(overlap_e_log10(12, rate) + weight_log10(overlaps.tests))


def test_what_chance_explains_calls_nobody(mixed: Callable[[int], list[Like]]) -> None:
    likes = mixed(3)
    called = {}
    for level in (0.01, 1e-300):
        engine = Engine(load({"overlap": {"chance_share_max": level}, "bursts": {"enabled": False}}))
        told = [alert for alert in engine.push(likes) + engine.finish() if alert.kind == "campaign"]
        explained = [a for a in told if any(e.stands for e in a.explanations if e.name == "chance")]
        assert bool(explained) == (level < 0.01)
        assert all(alert.outcome is not Outcome.INAUTHENTIC for alert in explained)
        called[level] = min(a.targets_total for a in told if a.state is AlertState.OPENED)
    assert called[1e-300] > called[0.01]


def test_the_sentence_is_the_bound(mixed: Callable[[int], list[Like]]) -> None:
    engine = Engine(DetectorSettings())
    alert = next(a for a in engine.push(mixed(3)) + engine.finish() if a.state is AlertState.OPENED)
    assert alert.p_log10 < -3
    assert "less than 1 in 10" in alert.chance
    assert exp(alert.p_log10 * log(10)) < 1e-3
