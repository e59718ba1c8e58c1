"""Rates by hand, and what must hold of every threshold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.trends.rates import Scored, area, by_kind, detected_by, rates, threshold

scores = st.lists(st.floats(-10, 10), min_size=1, max_size=300)


@given(scores, st.floats(0, 0.5))
def test_no_more_than_the_share_lies_above_and_one_more_would(values: list[float], share: float) -> None:
    at = threshold(values, share)
    above = np.asarray(values) > at
    assert above.mean() <= share
    assert (np.asarray(values) >= at).mean() > share


def test_nothing_is_above_the_threshold_of_nothing() -> None:
    assert threshold([], 0.01) == float("inf")


@given(scores, scores)
def test_the_area_is_the_chance_of_the_pairs(bought: list[float], honest: list[float]) -> None:
    pairs = np.mean([(b > h) + 0.5 * (b == h) for b in bought for h in honest])
    assert area(bought, honest) == pytest.approx(pairs)


TOPICS = [
    Scored("goal", False, 0.1, False), Scored("goal", False, 0.6, True, 30.0),
    Scored("cheap", True, 0.9, True, 40.0), Scored("cheap", True, 0.5, False),
    Scored("premium", True, float("-inf"), False),
]  # fmt: skip


def test_rows_by_kind() -> None:
    goal, cheap, premium = by_kind(TOPICS, 0.4)
    assert (goal["kind"], goal["above the chosen threshold"], goal["called"], goal["area"]) == ("goal", 0.5, 0.5, None)
    assert (cheap["above the chosen threshold"], cheap["area"], cheap["median seconds to the call"]) == (1.0, 0.75, 40)
    assert (premium["above the chosen threshold"], premium["area"]) == (0.0, 0.0)


def test_rates_over_all() -> None:
    row = rates(TOPICS, 0.4)
    assert (row["FPR"], row["TPR"], row["TPR cheap"], row["TPR premium"]) == (0.5, pytest.approx(2 / 3), 1.0, 0.0)
    assert row["TPR at 1 % here"] == pytest.approx(1 / 3)  # above 0.6: one of three


def test_shares_within_seconds() -> None:
    assert detected_by(TOPICS, (35, 60)) == {"35 s": 0.2, "60 s": 0.4}
    assert detected_by([], (35,)) == {"35 s": None}
