"""The compiled index against its definition in plain Python: dictionaries, sets, no limits."""

import numpy as np
import pytest

from detector.near_duplicates.index import NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.sketch import (
    BANDS,
    PERMUTATIONS,
    band_codes,
    band_keys,
    minhash,
    permutations,
    premix,
    shingle,
)
from detector.text import normalise, strip
from tests.unit.near_duplicates.test_index import run, stream

SETTINGS = NearDuplicateSettings(capacity=20_000)


def shingles_of(text: str) -> np.ndarray:
    points, _ = normalise([strip(text)])
    out = np.empty(max(1, len(points)), np.uint32)
    values = out[: shingle(points, 0, len(points), out)]
    premix(values, len(values))
    return values


def bands_of(values: np.ndarray) -> list[int]:
    sketch, keys = np.empty(PERMUTATIONS, np.uint32), np.empty(BANDS, np.uint64)
    minhash(values, len(values), *permutations(), sketch)
    band_keys(sketch, band_codes(), keys)
    return keys.tolist()


class Reference:
    """Families by their definition while nothing is evicted and nothing grows old."""

    def __init__(self, settings: NearDuplicateSettings) -> None:
        self.settings = settings
        self.family_of_text: dict[str, int] = {}
        self.newest: dict[int, int] = {}
        self.sets: dict[int, set[int]] = {}
        self.family_of_leader: dict[int, int] = {}
        self.leaders: dict[int, int] = {}

    def assign(self, text: str, number: int) -> int:
        points, _ = normalise([strip(text)])
        plain = points.astype("<u4").tobytes().decode("utf-32-le")
        if not plain:
            return 0
        if plain not in self.family_of_text:
            self.family_of_text[plain] = self.place(shingles_of(text), number)
        return self.family_of_text[plain]

    def place(self, values: np.ndarray, number: int) -> int:
        own = {value & 0xFFFF for value in values.tolist()}
        if len(own) < self.settings.shingles_min:
            return number
        bands = bands_of(values)
        votes: dict[int, int] = {}
        for leader in filter(None, map(self.newest.get, bands)):
            votes[leader] = votes.get(leader, 0) + 1
        ranked = sorted(votes, key=lambda leader: (-votes[leader], -leader))[: self.settings.candidates_max]
        near = [(self.similarity(own, leader), -rank, leader) for rank, leader in enumerate(ranked)]
        best, _, leader = (
            near[0] if near and near[0][0] >= self.settings.similarity_min else max(near, default=(0, 0, 0))
        )
        joins = best >= self.settings.similarity_min
        family = self.family_of_leader[leader] if joins else number
        grows = best < self.settings.leader_similarity_max and self.leaders.get(family, 0) < self.settings.leaders_max
        if not joins or grows:
            self.leaders[family] = self.leaders.get(family, 0) + 1
            self.sets[number], self.family_of_leader[number] = own, family
            self.newest.update(dict.fromkeys(bands, number))
        return family

    def similarity(self, own: set[int], leader: int) -> float:
        theirs = self.sets[leader]
        return len(own & theirs) / len(own | theirs)


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_families_are_those_of_the_definition(seed: int) -> None:
    texts = stream(seed, 3_000)
    reference = Reference(SETTINGS)
    wanted = [reference.assign(text, number) for number, text in enumerate(texts, 1)]
    found = run(NearDuplicateIndex(SETTINGS), texts, [])
    assert int(found.is_first.sum()) == len({family for family in wanted if family})
    # the same partition: families of the one correspond to families of the other, one to one
    pairs = set(zip(found.family.tolist(), wanted, strict=True))
    assert len(pairs) == len({family for family, _ in pairs}) == len({family for _, family in pairs})
