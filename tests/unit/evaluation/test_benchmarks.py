import numpy as np

from evaluation.benchmarks import likes, trends
from evaluation.simulator.likes_day import LikesDay, events_of, likes_day
from models.events import Like


def test_a_day_of_likes_is_sorted_seeded_and_skewed() -> None:
    dials = LikesDay(likes=20_000)
    day = likes_day(dials, 1)
    assert np.all(np.diff(day.at_ms) >= 0)
    assert np.array_equal(day.account, likes_day(dials, 1).account)
    assert not np.array_equal(day.account[:1000], likes_day(dials, 2).account[:1000])
    counts = np.sort(np.bincount(day.target))[::-1]
    assert counts[: len(counts) // 10].sum() > 0.35 * counts.sum()
    assert 0.85 * dials.likes < len(day.at_ms) <= 1.1 * dials.likes


def test_columns_become_events() -> None:
    day = likes_day(LikesDay(likes=2_000), 3)
    events = [event for batch in events_of(day, 300) for event in batch]
    assert len(events) == len(day.at_ms)
    assert all(isinstance(event, Like) for event in events)


def test_the_benchmark_says_what_it_measured() -> None:
    figures = likes.run(likes=3_000, runs=1)
    assert figures["likes_per_s_per_core"] > 0
    assert set(figures["cpu_seconds_per_million"]) == set(likes.STAGES)
    assert figures["accounts"] > 100


def test_the_benchmark_of_trends_measures_both_ways_and_its_sketches() -> None:
    figures = trends.run(topics=500, events=2_000)
    assert figures["engine"]["events"] == figures["monitor"]["events"] == 2_000
    assert figures["engine"]["topics_held_exactly"] == figures["monitor"]["topics_held_exactly"] > 10
    assert 0 < figures["sketch errors"]["distinct accounts, 500"] < 0.12
