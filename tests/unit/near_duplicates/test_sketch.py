import numpy as np
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.near_duplicates.sketch import (
    PERMUTATIONS,
    minhash,
    permutations,
    premix,
    shingle,
    shingle_set,
    text_key,
)
from detector.text import normalise


def shingles_of(text: str) -> np.ndarray:
    points, offsets = normalise([text])
    out = np.empty(max(1, len(points)), np.uint32)
    return out[: shingle(points, 0, int(offsets[1]), out)]


@given(st.text(st.sampled_from("abcdefgh今天真好看大家都来"), min_size=1, max_size=80))
@settings(max_examples=60, deadline=None)
def test_hash_values_are_those_of_datasketch(text: str) -> None:
    raw = shingles_of(text)
    oracle = MinHash(PERMUTATIONS, seed=1, hashfunc=lambda value: value)
    for value in raw.tolist():
        oracle.update(value)
    mixed = raw.copy()
    premix(mixed, len(mixed))
    own = np.empty(PERMUTATIONS, np.uint32)
    minhash(mixed, len(mixed), *permutations(), own)
    assert own.tolist() == oracle.hashvalues.tolist()


def test_chinese_is_cut_into_pairs_and_latin_into_fours() -> None:
    assert len(shingles_of("今天真好")) == 3
    assert len(shingles_of("abcdefg")) == 4
    assert len(shingles_of("ab")) == 1
    assert len(shingles_of("")) == 0


def test_shingles_are_those_of_the_definition() -> None:
    text = "今天真好abcdef看"
    pieces = {text[i : i + (2 if text[i] >= "\u3040" else 4)] for i in range(len(text))}
    pieces = {p for p in pieces if len(p) == (2 if p[0] >= "\u3040" else 4)}
    assert len(set(shingles_of(text).tolist())) == len(pieces)


def test_equal_texts_have_equal_keys_and_order_matters() -> None:
    points, _ = normalise(["abcd", "abcd", "dcba"])
    assert text_key(points, 0, 4) == text_key(points, 4, 8) != text_key(points, 8, 12)


def test_the_shingle_set_is_sorted_and_distinct() -> None:
    values = np.array([5, 3, 5, 65_541, 3], np.uint32)
    out = np.empty(5, np.uint16)
    size = shingle_set(values, 5, out)
    assert out[:size].tolist() == [3, 5]
