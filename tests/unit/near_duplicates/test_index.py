from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.near_duplicates.index import Assignment, NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.sketch import shingle
from detector.text import normalise
from models.errors import SnapshotMismatch

SMALL = NearDuplicateSettings(capacity=2_000)
WORDS = (
    "morning",
    "river",
    "quiet",
    "market",
    "yellow",
    "train",
    "window",
    "garden",
    "letter",
    "music",
    "stone",
    "winter",
)


def sentence(rnd: Random, words: int = 14) -> str:
    return " ".join(rnd.choice(WORDS) + str(rnd.randrange(40)) for _ in range(words))


def edited(rnd: Random, text: str, edits: int) -> str:
    words = text.split()
    for _ in range(edits):
        words[rnd.randrange(len(words))] = rnd.choice(WORDS) + str(rnd.randrange(40, 80))
    return " ".join(words)


def stream(seed: int, count: int) -> list[str]:
    """A third copies, a third edited copies, a third new, some short, some empty."""
    rnd = Random(seed)
    texts = [sentence(rnd)]
    while len(texts) < count:
        old = rnd.choice(texts[-200:])
        choice = rnd.random()
        if choice < 0.3:
            texts.append(old)
        elif choice < 0.6:
            texts.append(edited(rnd, old, rnd.randrange(1, 6)) if len(old.split()) > 3 else old)
        elif choice < 0.7:
            texts.append(rnd.choice(["ok", "谢谢", "", "👍", "nice one"]))
        else:
            texts.append(sentence(rnd))
    return texts


def run(index: NearDuplicateIndex, texts: list[str], cuts: list[int], start: int = 0) -> Assignment:
    times = (start + np.arange(len(texts))) * 1000 + 1_000_000_000
    edges = [0, *sorted(cuts), len(texts)]
    parts = [index.assign(texts[a:b], times[a:b]) for a, b in pairwise(edges)]
    return Assignment(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def assert_equal(left: Assignment, right: Assignment) -> None:
    for name, one, other in zip(left._fields, left, right, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


def assert_same_state(left: NearDuplicateIndex, right: NearDuplicateIndex) -> None:
    one, other = left.snapshot(), right.snapshot()
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@given(st.integers(0, 2**20), st.lists(st.integers(0, 600), max_size=12))
@settings(max_examples=15, deadline=None)
def test_families_do_not_depend_on_batches(seed: int, cuts: list[int]) -> None:
    texts = stream(seed, 600)
    one, other = NearDuplicateIndex(SMALL), NearDuplicateIndex(SMALL)
    assert_equal(run(one, texts, cuts), run(other, texts, []))
    assert_same_state(one, other)


def test_one_post_at_a_time_is_the_same_even_when_the_index_overflows() -> None:
    texts = stream(5, 6_000)
    whole, index = NearDuplicateIndex(SMALL), NearDuplicateIndex(SMALL)
    assert_equal(run(index, texts, list(range(1, len(texts)))), run(whole, texts, []))
    assert_same_state(index, whole)
    assert index.evicted > 0
    assert index.displaced > 0
    assert index.live == SMALL.capacity


def test_copies_and_variants_share_a_family_and_strangers_do_not() -> None:
    index = NearDuplicateIndex(SMALL)
    first = "the quiet market near the yellow train station opens every morning at six"
    found = run(index, [first, first.upper() + "!!!", first.replace("six", "seven"), sentence(Random(1))], [])
    assert found.family[0] == found.family[1] == found.family[2] != found.family[3]
    assert found.similarity[1] == 1.0
    assert 0.5 <= found.similarity[2] < 1.0
    assert found.is_first.tolist() == [True, False, False, True]
    assert found.family[0] == found.text_key[0]


def test_short_texts_match_only_their_copies_and_empty_ones_nothing() -> None:
    found = run(NearDuplicateIndex(SMALL), ["谢谢大家", "谢谢大家", "谢谢大家了", "👍👍", ""], [])
    assert found.family[0] == found.family[1] != found.family[2]
    assert found.shingles[0] < 8
    assert found.family[3:].tolist() == [0, 0]


def test_laughter_is_one_shingle_however_long() -> None:
    found = run(NearDuplicateIndex(SMALL), ["哈" * 30, "ha" * 20, "哈" * 31, "ha" * 20], [])
    assert found.shingles.tolist() == [1, 2, 1, 2]
    assert found.family[0] != found.family[2]


def test_a_copy_at_the_very_end_of_the_queue_stays_in_its_family() -> None:
    rnd = Random(11)
    settings = NearDuplicateSettings(capacity=1_000)
    index = NearDuplicateIndex(settings)
    base = sentence(rnd)
    variant = edited(rnd, base, 1)
    family = run(index, [base, variant], []).family[0]
    run(index, [sentence(rnd) for _ in range(settings.capacity - 1)], [])
    # the variant is the oldest entry left: its new entry takes the slot of its old one
    assert run(index, [variant, variant], []).family.tolist() == [family, family]


def test_every_post_needs_its_time() -> None:
    with pytest.raises(ValueError, match="2 texts"):
        NearDuplicateIndex(SMALL).assign(["a", "b"], np.array([1_000_000_000_000]))


def test_a_text_is_forgotten_after_its_window() -> None:
    index = NearDuplicateIndex(NearDuplicateSettings(capacity=2_000, window_ms=60_000))
    text = sentence(Random(2))
    near = edited(Random(3), text, 1)
    first = index.assign([text, near], np.array([1_000_000_000, 1_000_001_000]))
    later = index.assign([near], np.array([1_000_200_000]))
    assert first.family[0] == first.family[1]
    assert later.family[0] == later.text_key[0] != first.family[0]


def test_a_family_has_a_bounded_number_of_leaders() -> None:
    rnd = Random(4)
    base = sentence(rnd, 20)
    variants = [edited(rnd, base, 2) for _ in range(600)]
    few, many = (NearDuplicateIndex(NearDuplicateSettings(capacity=5_000, leaders_max=n)) for n in (4, 600))
    for index in (few, many):
        families = int(run(index, variants, []).is_first.sum())
        assert index.leaders <= index.settings.leaders_max * families
    assert few.leaders < many.leaders / 2


def test_leaders_stay_bounded_when_the_founder_is_forgotten() -> None:
    rnd = Random(3)
    index = NearDuplicateIndex(NearDuplicateSettings(capacity=2_000, leaders_max=8))
    base = sentence(rnd, 20)
    entered = []
    for _ in range(8):
        before = index.leaders
        run(index, [edited(rnd, base, 3) for _ in range(1_000)], [])
        entered.append(index.leaders - before)
    # each surviving leader that counted for itself would let this grow with every generation
    assert max(entered[4:]) <= 1.5 * max(entered[:2])


@pytest.mark.parametrize(("refresh_share", "one_family"), [(0.2, True), (1.0, False)])
def test_a_text_that_is_still_varied_outlives_the_queue(refresh_share: float, one_family: bool) -> None:
    rnd = Random(13)
    base = sentence(rnd)
    texts = [edited(rnd, base, 1) if number % 50 == 0 else sentence(rnd) for number in range(20_000)]
    # one leader, so that only its refreshment can keep the family: without it every turn of the queue founds one
    settings = NearDuplicateSettings(capacity=2_000, refresh_share=refresh_share, leaders_max=1)
    family = run(NearDuplicateIndex(settings), texts, []).family[::50]
    assert (len(set(family.tolist())) == 1) is one_family


def exact_pairs(texts: list[str]) -> dict[tuple[int, int], float]:
    points, offsets = normalise(texts)
    sets = []
    for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        out = np.empty(end - start + 1, np.uint32)
        sets.append(set(out[: shingle(points, start, end, out)].tolist()))
    return {
        (i, j): len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        for j in range(len(texts))
        for i in range(j)
        if sets[i] and sets[j]
    }


@pytest.mark.parametrize(("similarity", "recall_min"), [(0.5, 0.85), (0.6, 0.92), (0.7, 0.98)])
def test_recall_against_all_pairs(similarity: float, recall_min: float) -> None:
    # near the threshold the bands themselves miss: 1 − (1 − J⁴)¹⁶ is 0.64 at 0.5 and 0.99 at 0.7
    rnd = Random(6)
    texts = []
    for _ in range(120):
        base = sentence(rnd)
        texts += [base, *(edited(rnd, base, rnd.randrange(1, 5)) for _ in range(4))]
    rnd.shuffle(texts)
    family = run(NearDuplicateIndex(SMALL), texts, []).family.tolist()
    nearest: dict[int, tuple[float, int]] = {}
    for (i, j), value in exact_pairs(texts).items():
        if value >= similarity:
            nearest[j] = max(nearest.get(j, (0.0, 0)), (value, i))
    # a text that has an earlier one so similar must share the family of one of them
    hit = sum(
        any(family[i] == family[j] for i in range(j) if exact.get((i, j), 0) >= similarity)
        for exact in [exact_pairs(texts)]
        for j in nearest
    )
    assert len(nearest) > 150
    assert hit / len(nearest) >= recall_min


def test_nothing_dissimilar_is_joined() -> None:
    rnd = Random(7)
    texts = [sentence(rnd) for _ in range(500)]
    family = run(NearDuplicateIndex(SMALL), texts, []).family
    assert len(set(family.tolist())) == len(set(texts))


@pytest.mark.parametrize("cut", [1, 700, 2_500])
def test_a_restored_index_goes_on_as_if_nothing_had_happened(cut: int) -> None:
    texts = stream(8, 4_000)
    whole = run(NearDuplicateIndex(SMALL), texts, [])
    first = NearDuplicateIndex(SMALL)
    run(first, texts[:cut], [])
    second = NearDuplicateIndex(SMALL)
    second.assign(stream(9, 300), np.full(300, 5_000_000_000))  # whatever was in it must be gone
    second.restore(first.snapshot())
    rest = run(second, texts[cut:], [], start=cut)
    assert_equal(rest, Assignment(*(column[cut:] for column in whole)))


@pytest.mark.parametrize(
    "other",
    [NearDuplicateSettings(capacity=3_000), NearDuplicateSettings(capacity=2_000, similarity_min=0.6)],
)
def test_a_snapshot_of_other_settings_is_refused(other: NearDuplicateSettings) -> None:
    with pytest.raises(SnapshotMismatch, match="settings"):
        NearDuplicateIndex(other).restore(NearDuplicateIndex(SMALL).snapshot())


def test_a_damaged_snapshot_is_refused_and_changes_nothing() -> None:
    index, untouched = NearDuplicateIndex(SMALL), NearDuplicateIndex(SMALL)
    run(index, stream(12, 500), [])
    run(untouched, stream(12, 500), [])
    good = index.snapshot()
    for bad in (
        {name: array for name, array in good.items() if name != "ring"},
        {**good, "keys": good["keys"].astype(np.float32)},
        {**good, "roots": np.zeros(SMALL.capacity + 1, np.int64)},
    ):
        with pytest.raises(SnapshotMismatch):
            index.restore(bad)
    assert_same_state(index, untouched)


def test_an_enormous_text_is_cut_and_not_refused() -> None:
    text = " ".join(sentence(Random(n)) for n in range(2_000))
    found = run(NearDuplicateIndex(SMALL), [text, text + " more", text[1:]], [])
    assert found.family[0] == found.family[1] == found.family[2]


def test_memory_is_fixed_and_small() -> None:
    index = NearDuplicateIndex(NearDuplicateSettings(capacity=100_000))
    before = index.bytes_used
    run(index, stream(10, 3_000), [])
    assert index.bytes_used == before <= 320 * 100_000
