"""Python's cyclic garbage collector, told about the shape of our heap."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG, MIDDLE, OLD = 200_000, 20, 100


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect seldom while inside.

    The detector's records hold no cycles and live long, so the default thresholds walk the whole heap
    again and again for nothing: a fifth to a third of the time of a replay.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
