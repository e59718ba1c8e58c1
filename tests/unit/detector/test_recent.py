from hypothesis import given
from hypothesis import strategies as st

from detector.recent import RecentKeys, RecentMap


@given(st.lists(st.integers(0, 200), max_size=400), st.integers(1, 50))
def test_the_newest_keys_are_surely_known(keys: list[int], generation_max: int) -> None:
    recent = RecentKeys(generation_max)
    for position, key in enumerate(keys):
        newest = []
        for earlier in reversed(keys[:position]):
            if earlier not in newest:
                newest.append(earlier)
            if len(newest) == generation_max:
                break
        is_new = recent.add(key)
        if key in newest:
            assert not is_new
        if key not in keys[:position]:
            assert is_new
        assert len(recent) <= 2 * generation_max


def test_keys_survive_a_snapshot() -> None:
    recent = RecentKeys(3)
    for key in (1, 2, 3, 4, 2**63 + 5):
        recent.add(key)
    other = RecentKeys(3)
    other.restore(recent.snapshot())
    assert [other.add(key) for key in (1, 4, 2**63 + 5, 9)] == [False, False, False, True]


def test_a_map_forgets_the_oldest() -> None:
    recent: RecentMap[int] = RecentMap(2)
    for number in range(6):
        recent.put(f"k{number}", number)
    assert recent.get("k0") is None
    assert recent.get("k5") == 5
    assert len(recent) <= 4
