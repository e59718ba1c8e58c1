"""Shares of called topics, small enough to check by hand."""

from math import isnan

import numpy as np
import pytest

from evaluation.trends.attributes import WITHOUT
from evaluation.trends.bursts import topics_of
from evaluation.trends.fit import threshold_of
from evaluation.trends.rates import Scored, called_by_kind, detected_by

TOPICS = [
    Scored("goal", False, False),
    Scored("goal", False, True, 100.0),
    Scored("cheap", True, True, 20.0),
    Scored("cheap", True, True, 40.0),
    Scored("premium", True, False),
]


def test_shares_are_by_kind_and_seconds_of_bought_ones_only() -> None:
    row = called_by_kind(TOPICS)
    assert row["bought"] == pytest.approx(2 / 3)
    assert (row["honest"], row["goal"], row["cheap"], row["premium"]) == (0.5, 0.5, 1.0, 0.0)
    assert row["seconds, median"] == 30.0
    assert isnan(called_by_kind([])["bought"])


def test_detection_is_by_the_second() -> None:
    bought = [topic for topic in TOPICS if topic.bought]
    assert detected_by(bought, (10, 20, 60)) == {
        "10 s": 0.0,
        "20 s": pytest.approx(1 / 3),
        "60 s": pytest.approx(2 / 3),
    }


def test_the_threshold_spares_all_but_one_honest_topic_in_a_hundred_or_more_where_that_is_cheap() -> None:
    honest = np.arange(1_000) / 1_000
    cheap, dear = np.full(100, 5.0), np.full(100, 0.992)
    labels = np.array([False] * 1_000 + [True] * 100)
    assert threshold_of(np.concatenate([honest, cheap]), labels) == pytest.approx(0.997, abs=2e-3)
    assert threshold_of(np.concatenate([honest, dear]), labels) == pytest.approx(0.989, abs=2e-3)


def test_a_stripped_stream_runs_through_the_whole_monitor() -> None:
    assert "no client, no network" in WITHOUT
    found = topics_of(3, "no client, no network", 1_800_000, flagged=False)
    assert {topic.kind for topic in found if topic.bought and topic.called} >= {"cheap", "middle"}
