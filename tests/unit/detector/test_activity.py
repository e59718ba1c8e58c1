import numpy as np
import pytest
from datasketch import HyperLogLogPlusPlus

from detector.activity import ActivitySketch
from models.ids import hash64

DAY_MS = 86_400_000


def told(sketch: ActivitySketch, names: list[str], slice_ms: int) -> None:
    hashes = np.array([hash64(name) for name in names], np.uint64)
    sketch.tell(np.full(len(names), slice_ms, np.int64).tobytes(), hashes.tobytes())


def estimate(sketch: ActivitySketch, name: str) -> int:
    return int(sketch.estimate(np.array([hash64(name)], np.uint64))[0])


def test_counts_are_never_too_low_and_nearly_exact() -> None:
    sketch = ActivitySketch(DAY_MS)
    names = [f"a{n}" for n in range(5000) for _ in range(n % 5 + 1)]
    told(sketch, names, DAY_MS)
    sketch.reach(DAY_MS)
    found = [estimate(sketch, f"a{n}") for n in range(5000)]
    wanted = [n % 5 + 1 for n in range(5000)]
    assert all(f >= w for f, w in zip(found, wanted, strict=True))
    assert sum(found) <= 1.001 * sum(wanted)


def test_only_what_the_evaluation_has_reached_counts() -> None:
    sketch = ActivitySketch(DAY_MS)
    told(sketch, ["a"], 1000)
    told(sketch, ["a"], 2000)
    sketch.reach(1000)
    assert estimate(sketch, "a") == 1
    sketch.reach(2000)
    assert estimate(sketch, "a") == 2


def test_the_day_before_yesterday_is_forgotten() -> None:
    sketch = ActivitySketch(DAY_MS)
    for day in (1, 2, 3):
        told(sketch, ["a"] * day, day * DAY_MS + 5)
    sketch.reach(4 * DAY_MS)
    assert estimate(sketch, "a") == 5
    assert sketch.since_ms == 2 * DAY_MS


def test_distinct_accounts_have_the_registers_of_datasketch() -> None:
    sketch = ActivitySketch(DAY_MS)
    names = [f"a{n}" for n in range(20_000)]
    told(sketch, names, 5)
    sketch.reach(5)
    oracle = HyperLogLogPlusPlus(12, hashfunc=lambda raw: int.from_bytes(raw, "little"))
    for name in names:
        oracle.update(hash64(name).to_bytes(8, "little"))
    assert sketch.distinct() == round(oracle.count())
    assert sketch.distinct() == pytest.approx(20_000, rel=0.05)


def test_state_survives_a_snapshot() -> None:
    sketch = ActivitySketch(DAY_MS)
    told(sketch, ["a", "a", "b"], 5)
    sketch.reach(5)
    told(sketch, ["a"], 9)
    other = ActivitySketch(DAY_MS)
    other.restore(sketch.snapshot())
    other.reach(9)
    assert (estimate(other, "a"), estimate(other, "b"), other.distinct()) == (3, 1, 2)
