"""Compiles the kernel of the near-duplicate index ahead of time, for the image: `python compile_kernel.py FOLDER`.

Leaves `_ahead.*.so` in FOLDER, which the image has as `detector/near_duplicates/_ahead`. Needs numba, a C compiler and
Python's headers; what it makes needs neither numba nor LLVM. For every x86-64 or arm64 processor, not only this one.
"""

import sys
import warnings
from typing import Any, get_type_hints

import numpy as np
from numba import from_dtype, types
from numba.core.errors import NumbaWarning
from numpy.typing import NDArray

from detector.near_duplicates import kernel
from detector.near_duplicates.compiled import AHEAD
from detector.near_duplicates.index import Assignment, NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.state import Limits, State, Work

SMALLEST = NearDuplicateSettings(capacity=1_000)


def array(of: NDArray[Any]) -> types.Array:
    """Numba's type of an array as long as it likes."""
    return types.Array(from_dtype(of.dtype), of.ndim, "C")


def group(values: State | Work | Limits | Assignment) -> types.NamedTuple:
    """Numba's type of a group of arrays and numbers."""
    number = {int: types.int64, float: types.float64}
    kinds = get_type_hints(type(values))
    members = [
        array(value) if isinstance(value, np.ndarray) else number[kinds[name]]
        for name, value in values._asdict().items()
    ]
    return types.NamedTuple(members, type(values))


def signature() -> Any:
    """Of `kernel.assign`, read off an index."""
    index = NearDuplicateIndex(SMALLEST)
    found = index.assign(["a text"], np.zeros(1, np.int64))
    state, limits, work = index._state, index._limits, index._work  # noqa: SLF001  # what the kernel takes is its inside
    points, offsets, times_s = (array(np.zeros(1, kind)) for kind in (np.uint32, np.int64, np.int64))
    return types.void(points, offsets, times_s, group(state), group(limits), group(work), group(found))


def compile_to(folder: str) -> None:
    """Write the module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NumbaWarning)  # says that it will be replaced one day; the version is pinned
        from numba.pycc import CC  # the import warns

        module = CC(AHEAD)
        module.output_dir = folder
        module.export("assign", signature())(kernel.assign.py_func)
        module.compile()


if __name__ == "__main__":
    compile_to(sys.argv[1])
