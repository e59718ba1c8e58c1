"""datasketch the plain way: near-duplicate texts by MinHash LSH in one window, and who posted them.

As in its documentation: shingles into a `MinHash` of 128 permutations, `MinHashLSH(threshold=0.5)`,
`query` before `insert`. Candidates are checked with the sketches' own Jaccard, since a query returns
candidates only.
"""

from collections.abc import Sequence
from typing import Any

from evaluation.peers.acts import plain
from evaluation.peers.graph import components, in_order
from evaluation.peers.method import Groups
from models.events import AnyEvent, Post

SIMILARITY_MIN = 0.5
PERMUTATIONS = 128
SHINGLE = 5
"""Characters: the usual choice for short texts, and it needs no words, so Chinese is served."""
WINDOW_MS = 3_600_000
ACCOUNTS_MIN = 8


def find(events: Sequence[AnyEvent]) -> Groups:
    """Groups of 8 or more accounts that posted near-duplicates of one another within an hour."""
    windows: dict[int, list[tuple[str, str]]] = {}
    for event in events:
        if isinstance(event, Post) and event.repost_of is None and event.deleted_at_ms is None and plain(event.text):
            windows.setdefault(event.created_at_ms // WINDOW_MS, []).append((event.account_id, plain(event.text)))
    return Groups(in_order({group for posted in windows.values() for group in _groups(posted)}), None)


def _groups(posted: Sequence[tuple[str, str]]) -> list[frozenset[str]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=SIMILARITY_MIN, num_perm=PERMUTATIONS)
    sketches: dict[str, Any] = {}
    links: list[tuple[str, str]] = []
    for text in dict.fromkeys(text for _, text in posted):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles_of(text)])
        near = [key for key in index.query(sketch) if sketches[key].jaccard(sketch) >= SIMILARITY_MIN]
        links += [(text, key) for key in near]
        sketches[text] = sketch
        index.insert(text, sketch)
    links += [(text, text) for text in sketches]
    authors: dict[str, set[str]] = {}
    for account, text in posted:
        authors.setdefault(text, set()).add(account)
    families = components(links, 1)
    named = (frozenset().union(*(authors[text] for text in family)) for family in families)
    return [group for group in named if len(group) >= ACCOUNTS_MIN]


def shingles_of(text: str) -> list[str]:
    """Distinct sequences of five characters; a shorter text is its own shingle."""
    return sorted({text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))})
