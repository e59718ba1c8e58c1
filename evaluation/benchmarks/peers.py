"""Peers of the near-duplicate index, each as raw text in, family out, used as their users would.

All get what they lack and what costs them nothing to get: our normalisation, and a dictionary of known
texts in front, so that exact copies never reach their sketches.
"""

from collections.abc import Sequence
from typing import Protocol

import xxhash

from detector.text import normalise, strip

SHINGLE = 4
SHINGLE_CJK = 2
CJK_FROM = "\u3040"
BANDS, ROWS = 16, 4
PERMUTATIONS = BANDS * ROWS
THRESHOLD = 0.5


class Peer(Protocol):
    """A library that finds near duplicates."""

    name: str

    def near(self, shingles: list[str], number: int) -> int | None:
        """Number of a stored text that is near, or None after storing this one."""


class Datasketch:
    """datasketch MinHashLSH, 64 permutations, 16 bands of 4, hashing with xxhash instead of SHA-1."""

    name = "datasketch"

    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH

        self._make = MinHash
        self._lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))

    def near(self, shingles: list[str], number: int) -> int | None:
        """See `Peer`."""
        sketch = self._make(PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([shingle.encode() for shingle in shingles])
        found = self._lsh.query(sketch)
        if found:
            return int(found[0])
        self._lsh.insert(number, sketch)
        return None


class Rensa:
    """rensa RMinHashLSH (Rust), 64 permutations, 16 bands."""

    name = "rensa"

    def __init__(self) -> None:
        try:
            import rensa
        except ImportError as error:
            raise ImportError("the peer rensa is not installed: pip install -e '.[bench]'") from error
        self._make = rensa.RMinHash
        self._lsh = rensa.RMinHashLSH(THRESHOLD, PERMUTATIONS, BANDS)

    def near(self, shingles: list[str], number: int) -> int | None:
        """See `Peer`."""
        sketch = self._make(PERMUTATIONS, 42)
        sketch.update(shingles)
        found = self._lsh.query(sketch)
        if found:
            return int(found[0])
        self._lsh.insert(number, sketch)
        return None


PEERS = {peer.name: peer for peer in (Datasketch, Rensa)}


def shingles_of(text: str) -> list[str]:
    """Distinct 2-grams from CJK characters, 4-grams elsewhere, of a normalised text."""
    sizes = (SHINGLE_CJK if character >= CJK_FROM else SHINGLE for character in text)
    pieces = (text[i : i + size] for i, size in enumerate(sizes) if i + size <= len(text))
    return list(set(pieces)) or [text]


class PeerIndex:
    """The same task for every peer: raw texts in, a family number for each out."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._family_of_text: dict[str, int] = {}
        self._family_of_entry: dict[int, int] = {}

    def assign(self, texts: Sequence[str]) -> list[int]:
        """Family of each text."""
        points, offsets = normalise([strip(text) for text in texts])
        whole = points.astype("<u4").tobytes().decode("utf-32-le")
        return [self._family(whole[a:b]) for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]

    def _family(self, text: str) -> int:
        known = self._family_of_text.get(text)
        if known is None:
            number = len(self._family_of_text) + 1
            near = self._peer.near(shingles_of(text), number)
            known = self._family_of_entry[near] if near is not None else number
            self._family_of_entry.setdefault(number, known)
            self._family_of_text[text] = known
        return known
