"""The measurement on reviews: its parts against plain counts, and on rows we made up."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reviews.__main__ import main
from evaluation.reviews.baselines import best, co_review, deviation
from evaluation.reviews.cohorts import cohorts_of
from evaluation.reviews.measures import auc, intervals, precision_at
from evaluation.reviews.run import CO_REVIEW, DEVIATION, OURS, in_markdown, met_again, run
from evaluation.reviews.score import Weights, figures_of
from evaluation.reviews.table import CHOOSING, REPORTING, Reviews, half, load, of_columns

DATA = Path(os.environ.get("SHOAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 60), st.integers(1, 5)), min_size=1, max_size=40
)


def reviews_of(rows: list[tuple[int, int, int, int]], filtered: list[bool] | None = None) -> Reviews:
    account, place, day, rating = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return of_columns(account, place, day, rating, np.array(filtered or [False] * len(rows)))


def brushed() -> Reviews:
    """Thirty places; on each, forty people over three years and twelve one-off accounts in three days, alike."""
    rng = np.random.default_rng(3)
    rows, filtered = [], []
    for place in range(30):
        for _ in range(40):
            rows.append((int(rng.integers(150)), place, int(rng.integers(1_000)), int(rng.integers(1, 6))))
        bought = int(rng.integers(1, 6))
        begin = int(rng.integers(100, 900))
        rows += [(10_000 + 100 * place + n, place, begin + int(rng.integers(3)), bought) for n in range(12)]
        filtered += [False] * 40 + [True] * 12
    return reviews_of(rows, filtered)


@given(ROWS, st.integers(1, 20))
def test_cohorts_equal_a_plain_count(rows: list[tuple[int, int, int, int]], window: int) -> None:
    reviews = reviews_of(rows)
    found = cohorts_of(reviews, window)
    total = np.bincount(reviews.account)
    for i in range(len(reviews)):
        near = [
            j
            for j in range(len(reviews))
            if j != i and reviews.place[j] == reviews.place[i] and abs(reviews.day[j] - reviews.day[i]) <= window
        ]
        assert found.reviews[i] == len(near)
        alike = [j for j in near if reviews.rating[j] == reviews.rating[i] and total[reviews.account[j]] == 1]
        assert found.alike[i] == len(alike)
        assert 0 < found.alike_share[i] < 1


@given(ROWS)
def test_no_figure_knows_good_from_bad(rows: list[tuple[int, int, int, int]]) -> None:
    reviews = reviews_of(rows)
    turned = Reviews(reviews.account, reviews.place, reviews.day, 6 - reviews.rating, reviews.filtered)
    for name in ("silence", "pace", "agreement"):
        assert np.allclose(getattr(figures_of(reviews, 7), name), getattr(figures_of(turned, 7), name))


def test_one_off_accounts_that_agree_in_a_burst_stand_out() -> None:
    reviews = brushed()
    labels = reviews.labels()
    figures = figures_of(reviews, 7)
    assert auc(figures.agreement, labels) > 0.9
    assert auc(figures.score(Weights(7, 1.0, 1.0)), labels) > 0.95


def test_halves_share_no_place_and_miss_none() -> None:
    reviews = brushed()
    one, other = half(reviews, CHOOSING), half(reviews, REPORTING)
    assert not set(one.place.tolist()) & set(other.place.tolist())
    assert len(one) + len(other) == len(reviews)
    assert 0 < len(one) < len(reviews)


def test_the_report_holds_all_three_scores_and_their_intervals() -> None:
    told = run(brushed(), rounds=20)
    assert set(told["scores"]) == {OURS, DEVIATION, CO_REVIEW}
    row = told["scores"][OURS]
    assert row["auc_95"][0] <= row["auc"] <= row["auc_95"][1]
    assert row["auc"] > 0.95
    assert row["precision_at_100"] > 0.9
    assert told["auc_difference_95"][DEVIATION][0] > 0
    assert f"{row['auc']:.3f}" in in_markdown(told)
    assert run(brushed(), rounds=20) == told


def test_accounts_that_meet_twice_are_counted() -> None:
    rows = [(0, 0, 10, 5), (1, 0, 12, 5), (0, 1, 40, 5), (1, 1, 41, 1), (2, 0, 11, 5), (2, 1, 90, 5)]
    assert met_again(reviews_of(rows, [True] + [False] * 5)) == {"accounts": 2, "filtered": 0.5}


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=30))
def test_auc_is_the_chance_of_a_right_order(pairs: list[tuple[int, bool]]) -> None:
    scores, labels = np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs])
    wins = [(a > b) + (a == b) / 2 for a in scores[labels] for b in scores[~labels]]
    if wins:
        assert auc(scores, labels) == pytest.approx(np.mean(wins))
    else:
        assert np.isnan(auc(scores, labels))


def test_precision_shares_ties_at_the_border() -> None:
    scores = np.array([3.0, 2, 2, 2, 2, 1])
    labels = np.array([True, True, False, False, False, True])
    assert precision_at(scores, labels, 1) == 1
    assert precision_at(scores, labels, 3) == pytest.approx((1 + 2 * 0.25) / 3)
    assert precision_at(scores, labels, 100) == 0.5


def test_intervals_of_differences_are_paired() -> None:
    rng = np.random.default_rng(1)
    labels = rng.random(200) < 0.4
    good = labels + rng.normal(0, 1, 200)
    told = intervals({"a": good, "b": good - 5}, labels, auc, np.random.default_rng(2), 50)
    assert told["a"][0] < auc(good, labels) < told["a"][1]
    assert told["a - b"] == (0, 0)


def test_baselines_are_what_they_say() -> None:
    reviews = reviews_of([(0, 0, 1, 5), (1, 0, 1, 1), (0, 1, 1, 3), (2, 2, 1, 4), (3, 0, 2, 3)])
    assert deviation(reviews)["mean"].tolist() == [1.0, 2.0, 0.0, 0.0]
    cosines = co_review(reviews)
    assert cosines["largest"][1] == pytest.approx(1.0)
    assert cosines["largest"][2] == 0.0
    assert 0 < cosines["largest"][0] < 1
    assert best({"a": np.array([0.0, 1]), "b": np.array([1.0, 0])}, np.array([True, False])) == "b"


def test_a_file_becomes_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = brushed()
    days = (np.datetime64("2010-01-01") + made.day).astype(str).tolist()
    table = pa.table(
        {"user": made.account, "prod": made.place, "rating": made.rating.astype(float), "date": days}
        | {"spam": made.filtered.astype(int)}
    )
    folder = tmp_path / "yelp_reviews"
    folder.mkdir()
    pq.write_table(table, folder / "reviews.parquet")
    assert np.array_equal(load(folder / "reviews.parquet").rating, made.rating)
    main(tmp_path, tmp_path / "out", rounds=10, seed=1)
    assert "rating deviation" in (tmp_path / "out" / "reviews.md").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "reviews.json").stat().st_size > 500


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the research data is not here; set SHOAL_DATA to its folder")
def test_on_real_reviews_the_figures_point_better_than_both_baselines() -> None:
    told = run(load(DATA / "yelp_reviews" / "reviews.parquet"), rounds=100)
    assert told["above_both"]
    assert 0.60 < told["scores"][OURS]["auc"] < 0.62
