from random import Random

from hypothesis import given
from hypothesis import strategies as st

from detector.ordering import Entry, Slicer
from models.envelopes import Mark

SOURCES = [("posts", 0), ("posts", 1), ("likes", 0)]


def entry(time_ms: int, name: str) -> Entry:
    return (time_ms, 0, name, "", name)


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 2)), max_size=60), st.integers(0, 2**32))
def test_any_interleaving_of_sources_releases_the_same_order(events: list[tuple[int, int]], seed: int) -> None:
    by_source: list[list[Entry]] = [[], [], []]
    for number, (time_ms, source) in enumerate(sorted(events)):
        by_source[source].append(entry(time_ms, f"{number:03d}"))
    rnd = Random(seed)
    slicer = Slicer(1000, 10_000, SOURCES)
    released: list[Entry] = []
    waiting = [list(queue) for queue in by_source]
    while any(waiting):
        source = rnd.choice([n for n, queue in enumerate(waiting) if queue])
        found = waiting[source].pop(0)
        slicer.add([found])
        slicer.mark([Mark(*SOURCES[source], 0, found[0])])
        out = slicer.release()
        released += out[0] if out else []
    slicer.mark([Mark(topic, part, 0, 21_000, idle=True) for topic, part in SOURCES])
    out = slicer.release()
    released += out[0] if out else []
    assert released == sorted(released)
    assert len(released) == len(events)
    assert slicer.late == 0


def test_nothing_is_released_before_every_source_was_heard() -> None:
    slicer = Slicer(1000, 100, SOURCES)
    slicer.add([entry(500, "a")])
    slicer.mark([Mark("posts", 0, 0, 9_000), Mark("posts", 1, 0, 9_000)])
    assert slicer.release() is None
    slicer.mark([Mark("likes", 0, 0, 1_999)])
    assert slicer.release() == ([entry(500, "a")], 1000)


def test_an_idle_source_does_not_hold_the_others_back() -> None:
    slicer = Slicer(1000, 100, SOURCES[:2])
    slicer.add([entry(4_500, "a")])
    slicer.mark([Mark("posts", 0, 0, 1_000, idle=True), Mark("posts", 1, 0, 5_000)])
    assert slicer.release() == ([entry(4_500, "a")], 5000)


def test_late_entries_are_counted_and_come_with_the_next_slice() -> None:
    slicer = Slicer(1000, 100, SOURCES[:1])
    slicer.mark([Mark("posts", 0, 0, 5_000)])
    slicer.release()
    slicer.add([entry(1_200, "late"), entry(5_500, "on time")])
    slicer.mark([Mark("posts", 0, 0, 6_000)])
    assert slicer.release() == ([entry(1_200, "late"), entry(5_500, "on time")], 6000)
    assert slicer.late == 1


def test_a_mark_never_moves_backwards() -> None:
    slicer = Slicer(1000, 100, SOURCES[:1])
    slicer.mark([Mark("posts", 0, 0, 5_000)])
    slicer.mark([Mark("posts", 0, 0, 3_000)])
    assert slicer.watermark_ms == 5_000


def test_the_buffer_is_bounded() -> None:
    slicer = Slicer(1000, 10, SOURCES[:2])
    slicer.add([entry(n * 1000, f"{n:03d}") for n in range(20)])
    out = slicer.release()
    assert out is not None
    assert slicer.forced == 1
    assert len(slicer) < 20
