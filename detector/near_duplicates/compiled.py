"""Where the kernel's machine code comes from: numba at the first call, or compiled ahead into a module beside this one.

The container image carries the second (deploy/image/compile_kernel.py) and leaves numba and LLVM out: 190 MB less, and
nothing to compile or to load at start (decision 11). Both give the same families, asserted by a test.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeVar

__all__ = ["AHEAD", "entry", "njit"]

AHEAD: Final = "_ahead"
"""Name of the compiled module; its one function is `assign`."""

Function = TypeVar("Function", bound=Callable[..., Any])

try:
    from numba import njit
except ModuleNotFoundError:

    def njit(**_options: Any) -> Callable[[Function], Function]:  # type: ignore[no-redef]  # numba's, untyped
        """Leave a function as it is: only `assign` is called in a stream, and that was compiled ahead."""
        return lambda function: function


def entry(jitted: Function, package: str = __package__) -> Function:
    """Return `assign` of the module compiled ahead in `package`, or `jitted`, numba's, where there is none.

    Raises `ModuleNotFoundError` if numba is missing too: the kernel in plain Python is no substitute.
    """
    try:
        ahead: Any = import_module(f"{package}.{AHEAD}")
    except ModuleNotFoundError:
        if not hasattr(jitted, "py_func"):
            raise
        return jitted
    compiled: Function = ahead.assign
    return compiled
