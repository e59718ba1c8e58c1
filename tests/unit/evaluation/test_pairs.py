"""The measurement on judged pairs: its parts against plain definitions, and on texts we made up."""

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.near_duplicates.settings import NearDuplicateSettings
from evaluation.pairs.__main__ import main
from evaluation.pairs.curve import choose, curve, point
from evaluation.pairs.run import in_markdown, run, run_all
from evaluation.pairs.similarity import decisions, index_joins, jaccards, shingle_sets
from evaluation.pairs.tables import SETS, Pair, chinese_question_pairs, english_url_pairs

DATA = Path(os.environ.get("SHOAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
COPY = "the new kettle boils two litres of water in ninety seconds flat"
SPUN = "the new kettle boils two litres of water in eighty seconds flat"
OTHER = "rain is expected over the northern hills until late on sunday"


def grams(text: str, size: int) -> set[str]:
    return {text[at : at + size] for at in range(len(text) - size + 1)}


def test_jaccard_is_that_of_the_detectors_shingles() -> None:
    one, other = COPY.replace(" ", ""), SPUN.replace(" ", "")
    expected = len(grams(one, 4) & grams(other, 4)) / len(grams(one, 4) | grams(other, 4))
    assert jaccards([COPY], [SPUN])[0] == pytest.approx(expected)
    assert 0.5 < expected < 1
    chinese = "今天晚上我们一起去看电影"
    assert len(shingle_sets([chinese])[0]) == len(grams(chinese, 2))


def test_links_mentions_case_and_empty_texts_do_not_count() -> None:
    assert jaccards([COPY], [COPY.upper() + " https://a.example/x @someone"])[0] == 1
    assert jaccards(["@someone"], ["@someone"])[0] == 0


def test_the_index_joins_near_duplicates_and_leaves_short_texts_to_their_copies() -> None:
    assert decisions([COPY, COPY, "怎么办呢", "怎么办呢"], [SPUN, OTHER, "怎么办吗", "怎么办呢"]).tolist() == [
        True,
        False,
        False,
        True,
    ]
    assert not index_joins("", "", NearDuplicateSettings(capacity=1_000))


SAMPLES = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=40)


@given(SAMPLES, st.integers(0, 100))
def test_points_equal_plain_counts(samples: list[tuple[int, bool]], at: int) -> None:
    similarity, same = np.array([s[0] / 100 for s in samples]), np.array([s[1] for s in samples])
    found = curve(similarity, same, np.array([at / 100]))[0]
    called = [real for value, real in samples if value >= at]
    assert found.called == len(called)
    assert found.precision == (sum(called) / len(called) if called else None)
    assert found.recall == (sum(called) / sum(same) if sum(same) else 0.0)


@given(SAMPLES)
def test_the_chosen_threshold_has_the_best_f1(samples: list[tuple[int, bool]]) -> None:
    similarity, same = np.array([s[0] / 100 for s in samples]), np.array([s[1] for s in samples])
    best = point(similarity >= choose(similarity, same), same, 0).f1
    assert all(point(similarity >= at / 100, same, 0).f1 <= best for at in range(1, 101))


def made_up(number: int = 120) -> list[Pair]:
    pairs = [Pair(f"{COPY} model {at}", f"{SPUN} model {at}", True) for at in range(number)]
    return pairs + [Pair(f"{COPY} model {at}", f"{OTHER} {at}", False) for at in range(number)]


def test_what_is_chosen_on_one_half_is_reported_on_the_other() -> None:
    pairs = made_up()
    told = run(pairs)
    assert told["pairs"] + told["chosen_on_pairs"] == len(pairs)
    assert min(told["pairs"], told["chosen_on_pairs"]) > len(pairs) / 3
    assert told["auc"] == 1
    assert told["at_chosen"]["f1"] == told["index_at_default"]["f1"] == 1
    assert [row["threshold"] for row in told["curve"]][::10] == [0.0, 0.5, 1.0]
    only_chosen = run([pair if pair.half == 0 else Pair(pair.one, pair.other, not pair.same) for pair in pairs])
    assert only_chosen["at_chosen"]["threshold"] == told["at_chosen"]["threshold"]
    assert only_chosen["auc"] == 0


def test_files_become_a_report(tmp_path: Path) -> None:
    folder = tmp_path / "near_duplicate_pairs"
    folder.mkdir()
    pairs = made_up(30)
    texts = {"a": [p.one for p in pairs], "b": [p.other for p in pairs]}
    votes = [6 if p.same else 1 for p in pairs]
    pq.write_table(pa.table(texts | {"votes6": [*votes[:-1], 3]}), folder / SETS["english URL pairs"][0])
    questions = {"sentence1": texts["a"], "sentence2": texts["b"], "label": [int(p.same) for p in pairs]}
    pq.write_table(pa.table(questions), folder / SETS["chinese question pairs"][0])
    assert english_url_pairs(folder / SETS["english URL pairs"][0]) == pairs[:-1]
    assert chinese_question_pairs(folder / SETS["chinese question pairs"][0]) == pairs
    main(tmp_path, tmp_path / "out")
    text = (tmp_path / "out" / "pairs.md").read_text(encoding="utf-8")
    assert "| 1.00 | – | 0.000 | 0.000 |" in text
    assert (
        text.strip()
        == in_markdown({"english URL pairs": run(pairs[:-1]), "chinese question pairs": run(pairs)}).strip()
    )
    assert (tmp_path / "out" / "pairs.png").exists() == (find_spec("matplotlib") is not None)


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the research data is not here; set SHOAL_DATA to its folder")
def test_on_real_pairs_copies_are_told_from_others_and_paraphrases_hardly() -> None:
    told = run_all(DATA / "near_duplicate_pairs")
    assert told["english URL pairs"]["auc"] > 0.9
    assert 0.65 < told["chinese question pairs"]["auc"] < 0.75
    assert told["english URL pairs"]["index_at_default"]["precision"] > 0.85
