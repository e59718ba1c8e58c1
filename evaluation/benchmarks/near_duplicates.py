"""Near duplicates: posts a second from raw text to family, recall, memory, floods, snapshots."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detector.near_duplicates.index import NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.sketch import shingle
from detector.text import normalise, strip
from evaluation.benchmarks.peers import PEERS, PeerIndex
from evaluation.benchmarks.texts import Texts, real_texts

BATCH = 5_000
REPETITIONS = 3
START_MS = 1_700_000_000_000
LEVELS = (0.5, 0.6, 0.7)


def run(
    against: Sequence[str] = (), live: int = 1_000_000, posts: int = 200_000, peer_posts: int = 20_000, seed: int = 7
) -> dict[str, Any]:
    """Measure on a seeded stream: 60 % copies, 10 % edited copies, 30 % new; medians of CPU seconds.

    `live` distinct texts are in the index before its clock starts. Peers are measured on `peer_posts`
    posts after as many, and ours beside them on the same posts for the ratio: simulated ones, and those
    of `weibo_reposts` where the research data is at hand.
    """
    unknown = [name for name in against if name not in PEERS]
    if unknown:
        raise ValueError(f"unknown peer {', '.join(unknown)}: choose of {', '.join(PEERS)}")
    _warm()
    index = NearDuplicateIndex(NearDuplicateSettings(capacity=live))
    texts = Texts(seed)
    _fill(index, texts, live)
    figures = {
        "live_posts": index.live,
        "posts": posts,
        "posts_per_s_per_core": _rate(index, texts.draw(posts)),
        "bytes_per_distinct_post": round(index.bytes_used / live, 1),
        "places_lost_early": index.displaced,
        "snapshot": _snapshot(index),
        "template_100k_posts_per_s": _floods(seed),
        "recall": _recall(seed),
    }
    drawn = Texts(seed + 2)
    streams = {"simulated": drawn.draw(2 * peer_posts), "weibo_reposts": real_texts(2 * peer_posts)}
    figures["side_by_side"] = {
        name: _side_by_side(against, found[: len(found) // 2], found[len(found) // 2 :])
        for name, found in streams.items()
        if found
    }
    return figures


def _warm() -> None:
    NearDuplicateIndex(NearDuplicateSettings(capacity=1_000)).assign(["warm up the compiler"], np.array([START_MS]))


def _fill(index: NearDuplicateIndex, texts: Texts, live: int) -> None:
    while index.live < live:
        _assign(index, [texts.new() for _ in range(min(BATCH, live - index.live))])


def _assign(index: NearDuplicateIndex, batch: Sequence[str]) -> NDArray[np.uint64]:
    return index.assign(batch, np.full(len(batch), START_MS, np.int64)).family


def _rate(index: NearDuplicateIndex, texts: Sequence[str]) -> int:
    """Median over the batches of posts per CPU second."""
    rates = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        rates.append(len(batch) / _seconds(partial(_assign, index, batch)))
    return round(median(rates))


def _seconds(work: Callable[[], Any]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _snapshot(index: NearDuplicateIndex) -> dict[str, float]:
    before = time.perf_counter()
    parts = index.snapshot()
    taken = time.perf_counter()
    NearDuplicateIndex(index.settings).restore(parts)
    restored = time.perf_counter()
    return {
        "megabytes": round(sum(part.nbytes for part in parts.values()) / 1e6, 1),
        "take_s": round(taken - before, 3),
        "restore_s": round(restored - taken, 3),
    }


def _floods(seed: int) -> dict[str, int]:
    """One template 100,000 times: as it is, with one slot filled, with a tenth of it edited."""
    texts = Texts(seed)
    template = " ".join(texts.new() for _ in range(2))
    makers: dict[str, Callable[[int], str]] = {
        "exact": lambda number: template,  # noqa: ARG005  # all makers take the number
        "slot": lambda number: f"{template} {number:06d}",
        "edited": lambda number: texts.edited(template, 0.1) if number else template,
    }
    rates = {}
    for name, make in makers.items():
        index = NearDuplicateIndex(NearDuplicateSettings(capacity=200_000))
        flood = [make(number) for number in range(100_000)]
        rates[name] = _rate(index, flood)
    return rates


def _recall(seed: int, count: int = 6_000) -> dict[str, float]:
    """Of the posts with an earlier one at least so similar, the share that got the family of such a one."""
    texts = Texts(seed + 1, copies=0.0, edits=0.0)
    stream = [texts.new() for _ in range(count // 3)]
    stream += [texts.edited(text, 0.05 + 0.3 * (n % 10) / 10) for n, text in enumerate(stream * 2)]
    index = NearDuplicateIndex(NearDuplicateSettings(capacity=50_000))
    family = _assign(index, stream)
    earlier, later, similarity = _pairs(stream)
    recall = {}
    for level in LEVELS:
        close = similarity >= level
        same = close & (family[earlier] == family[later])
        recall[f"J>={level}"] = round(len(np.unique(later[same])) / max(1, len(np.unique(later[close]))), 4)
    return recall


def _pairs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Every pair of texts that share a shingle, with its exact Jaccard similarity."""
    points, offsets = normalise([strip(text) for text in texts])
    sets = []
    for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        out = np.empty(end - start + 1, np.uint32)
        sets.append(np.unique(out[: shingle(points, start, end, out)]))
    sizes = np.array([len(found) for found in sets])
    columns = np.unique(np.concatenate(sets), return_inverse=True)[1]
    rows = np.repeat(np.arange(len(sets)), sizes)
    matrix = csr_matrix((np.ones(len(columns), np.int32), (rows, columns)))
    shared = (matrix @ matrix.T).tocoo()
    keep = shared.row < shared.col
    earlier, later, both = shared.row[keep], shared.col[keep], shared.data[keep]
    return earlier, later, both / (sizes[earlier] + sizes[later] - both)


def _side_by_side(names: Sequence[str], before: Sequence[str], stream: Sequence[str]) -> dict[str, Any]:
    """Ours and each peer on the same posts, in turn, afresh each time; medians."""
    makers: dict[str, Callable[[], Callable[[Sequence[str]], Any]]] = {
        "shoal": lambda: partial(_assign, NearDuplicateIndex(NearDuplicateSettings(capacity=4 * len(stream)))),
        **{name: partial(_peer, name) for name in names},
    }
    rates: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(REPETITIONS):
        for name, make in makers.items():
            assign = make()
            assign(before)
            rates[name].append(len(stream) / _seconds(partial(assign, stream)))
    middle = {name: median(found) for name, found in rates.items()}
    figures: dict[str, Any] = {"posts": len(stream), "distinct": len(set(stream))}
    figures["posts_per_s_per_core"] = {name: round(rate) for name, rate in middle.items()}
    figures["shoal_is_times_faster"] = {name: round(middle["shoal"] / middle[name], 1) for name in names}
    return figures


def _peer(name: str) -> Callable[[Sequence[str]], Any]:
    return PeerIndex(PEERS[name]()).assign
