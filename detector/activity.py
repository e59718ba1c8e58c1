"""How much each account does, in fixed memory."""

from typing import Any

import numpy as np
from datasketch import HyperLogLogPlusPlus
from numpy.typing import NDArray

DEPTH = 4
HLL_BITS = 12
WIDTH = 1 << 20


class ActivitySketch:
    """Count-min sketch of events per account over the current and the previous horizon.

    Never underestimates; overestimates by more than e·N/2²⁰ with probability at most e⁻⁴ (N events in
    a generation). Additions commute, so results do not depend on batches. 32 MiB. Source: Cormode and
    Muthukrishnan (2005), J. Algorithms 55.
    """

    def __init__(self, horizon_ms: int) -> None:
        self._horizon_ms = horizon_ms
        self._generation = 0
        self._young = np.zeros((DEPTH, WIDTH), np.uint32)
        self._old = np.zeros((DEPTH, WIDTH), np.uint32)
        self._distinct = [HyperLogLogPlusPlus(HLL_BITS), HyperLogLogPlusPlus(HLL_BITS)]
        self._waiting: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = []

    def tell(self, slices_ms: bytes, accounts: bytes) -> None:
        """Events as int64 slice ends and uint64 account hashes; they count once `reach` passes them."""
        if slices_ms:
            self._waiting.append((np.frombuffer(slices_ms, "<i8"), np.frombuffer(accounts, "<u8")))

    def reach(self, time_ms: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Count everything of slices that end by `time_ms`; return it as (slice ends, account hashes)."""
        if not self._waiting:
            return np.zeros(0, np.int64), np.zeros(0, np.uint64)
        slices = np.concatenate([s for s, _ in self._waiting])
        accounts = np.concatenate([a for _, a in self._waiting])
        due = slices <= time_ms
        self._waiting = [] if due.all() else [(slices[~due], accounts[~due])]
        slices, accounts = slices[due], accounts[due]
        generations = slices // self._horizon_ms
        for generation in np.unique(generations).tolist():
            self._turn(generation)
            chosen = accounts[generations == generation]
            _add(self._young, chosen)
            _note(self._distinct[0], chosen)
        return slices, accounts

    def _turn(self, generation: int) -> None:
        if generation <= self._generation:
            return
        if generation == self._generation + 1:
            self._old, self._young = self._young, self._old
            self._distinct = [HyperLogLogPlusPlus(HLL_BITS), self._distinct[0]]
        else:
            self._old.fill(0)
            self._distinct = [HyperLogLogPlusPlus(HLL_BITS), HyperLogLogPlusPlus(HLL_BITS)]
        self._young.fill(0)
        self._generation = generation

    @property
    def since_ms(self) -> int:
        """Start of what is counted: the current and the previous period."""
        return (self._generation - 1) * self._horizon_ms

    def distinct(self) -> int:
        """Accounts seen in what is counted, ± 1.6 % (HyperLogLog++ with 2¹² registers)."""
        return round(float(HyperLogLogPlusPlus.union(*self._distinct).count()))

    def estimate(self, accounts: NDArray[np.uint64]) -> NDArray[np.int64]:
        """int64[n]: events of each account hash, never too low."""
        rows = np.arange(DEPTH)[:, None]
        cells = _cells(accounts)
        counts: NDArray[np.int64] = self._young[rows, cells].astype(np.int64) + self._old[rows, cells]
        return np.asarray(counts.min(axis=0), np.int64)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Arrays of the state."""
        slices = [s for s, _ in self._waiting] or [np.zeros(0, np.int64)]
        accounts = [a for _, a in self._waiting] or [np.zeros(0, np.uint64)]
        return {
            "young": self._young,
            "old": self._old,
            "distinct": np.stack([np.asarray(sketch.reg, np.int8) for sketch in self._distinct]),
            "generation": np.array([self._generation], np.int64),
            "slices": np.concatenate(slices),
            "accounts": np.concatenate(accounts),
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the state of `snapshot`."""
        self._young = np.array(arrays["young"], np.uint32)
        self._old = np.array(arrays["old"], np.uint32)
        self._distinct = [HyperLogLogPlusPlus(HLL_BITS, reg=np.array(reg, np.int8)) for reg in arrays["distinct"]]
        self._generation = int(arrays["generation"][0])
        self._waiting = [(np.array(arrays["slices"]), np.array(arrays["accounts"]))]


def _cells(accounts: NDArray[np.uint64]) -> NDArray[np.int64]:
    """int64[DEPTH, n]: one cell a row, from disjoint bits of two 64-bit mixes."""
    mixed = accounts * np.uint64(0x9E3779B97F4A7C15)
    sources = (accounts, accounts >> np.uint64(32), mixed >> np.uint64(20), mixed >> np.uint64(42))
    return np.stack([(s & np.uint64(WIDTH - 1)).astype(np.int64) for s in sources])


def _note(sketch: HyperLogLogPlusPlus, accounts: NDArray[np.uint64]) -> None:
    """Set the registers for many hashes at once: datasketch updates one value a call.

    Register = low bits; rank = position of the first 1 in the other bits. Source: Heule et al. (2013).
    """
    registers = (accounts & np.uint64((1 << HLL_BITS) - 1)).astype(np.int64)
    bit_length = np.frexp((accounts >> np.uint64(HLL_BITS)).astype(np.float64))[1]
    ranks = (64 - HLL_BITS) - bit_length + 1
    np.maximum.at(sketch.reg, registers, ranks.astype(sketch.reg.dtype))


def _add(table: NDArray[np.uint32], accounts: NDArray[np.uint64]) -> None:
    for row, cells in zip(table, _cells(accounts), strict=True):
        np.add.at(row, cells, 1)
