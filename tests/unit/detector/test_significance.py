from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detector.cohorts.significance import binomial_tail_log10, poisson_tail_log10, span_log10


@given(st.integers(5, 400), st.floats(1e-6, 50.0))
def test_poisson_tail_is_a_close_upper_bound(observed: int, expected: float) -> None:
    exact = stats.poisson.logsf(observed - 1, expected) / 2.302585092994046
    found = poisson_tail_log10(observed, expected)
    if observed <= expected:
        assert found == 0.0
        return
    assert found >= max(exact, -300.0) - 1e-9
    if expected < observed / 2:
        assert found <= max(exact, -300.0) + 0.1


@pytest.mark.parametrize(("observed", "expected"), [(0, 1.0), (3, 3.0), (3, 4.0)])
def test_nothing_unusual_has_p_one(observed: int, expected: float) -> None:
    assert poisson_tail_log10(observed, expected) == 0.0


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0.001, 0.999))
def test_binomial_bound_never_understates_p(observed: int, trials: int, share: float) -> None:
    observed = min(observed, trials)
    exact = stats.binom.logsf(observed - 1, trials, share) / 2.302585092994046
    assert binomial_tail_log10(observed, trials, share) >= max(exact, -300.0) - 1e-9


def test_span_of_uniform_times_agrees_with_the_exact_law() -> None:
    count, ratio = 6, 0.1
    exact = count * ratio ** (count - 1) - (count - 1) * ratio**count
    found = span_log10(count, 360_000, 3_600_000)
    assert log10(exact) <= found <= log10(exact) + 0.1


def test_one_action_proves_nothing() -> None:
    assert span_log10(1, 0, 3_600_000) == 0.0
