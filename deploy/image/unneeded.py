"""What of the standard library and of site-packages no running Shoal opens: patterns of paths, for rootfs.py."""

import re
from fnmatch import fnmatch
from pathlib import Path

STDLIB_UNNEEDED = (
    "*__pycache__", "config-*", "dist-packages", "distutils", "ensurepip", "idlelib", "lib2to3", "pydoc_data",
    "site-packages", "sitecustomize.py", "test", "*/test", "*/tests", "tkinter", "turtle.py", "turtledemo",
    # Berkeley DB, Kerberos and line editing would come with them
    "lib-dynload/_dbm.*", "lib-dynload/_gdbm.*", "lib-dynload/nis.*", "lib-dynload/readline.*", "lib-dynload/_curses*",
    "lib-dynload/_tkinter.*",
)  # fmt: skip
DISTRIBUTIONS_UNNEEDED = (
    "llvmlite",
    "numba",
    "pip",
    "setuptools",
    "wheel",
    "_distutils_hack",
    "distutils-precedence.pth",
)
"""numba and LLVM: the kernel is compiled (compile_kernel.py)."""
UNNEEDED = (
    "*/tests", "*/include", "*.c", "*.cpp", "*.h", "*.hpp", "*.pxd", "*.pxi", "*.pyi", "*.pyx", "*.a", "*/__pycache__",
    # modules for numpy's own tests
    "numpy/_core/*_tests.*.so", "numpy/_core/_simd.*.so", "numpy/distutils", "numpy/random/_examples",
    # Parquet and CSV are read and written; the network and other formats of Arrow are not
    "pyarrow/src", "pyarrow/libarrow_flight*", "pyarrow/libarrow_python_flight*", "pyarrow/libarrow_s3*",
    "pyarrow/libarrow_python.so", "pyarrow/libarrow_python.so.*.*.*",  # thrice the same file
    "pyarrow/*_encryption.*", "pyarrow/_dataset_orc.*", "pyarrow/_flight.*", "pyarrow/_substrait.*", "pyarrow/_s3fs.*",
    "pyarrow/_gcsfs.*", "pyarrow/_azurefs.*", "pyarrow/_hdfs.*", "pyarrow/_orc.*", "pyarrow/_cuda.*",
    "pyarrow/_pyarrow_cpp_tests.*",
    # nothing that is used of scipy imports these
    "scipy/cluster", "scipy/datasets", "scipy/differentiate", "scipy/fftpack", "scipy/io", "scipy/misc", "scipy/odr",
    "scipy/signal", "scipy/stats/_unuran",
    # compiled for the tests of their packages
    "scipy/*/_test_*.so", "scipy/ndimage/_c*test.*.so", "multidict/_testcapi.*",
    "sqlalchemy/dialects/mssql", "sqlalchemy/dialects/mysql", "sqlalchemy/dialects/oracle", "sqlalchemy/testing",
    # the report as PDF has no pictures of that kind
    "PIL/_avif.*", "pillow.libs/libavif*", "PIL/_imagingft.*", "pillow.libs/libfreetype*", "pillow.libs/libharfbuzz*",
    "pillow.libs/libbrotli*", "apprise/i18n", "apprise/assets",
    # fonts that are embedded by nobody, one of them under the GPL
    "reportlab/fonts",
    # tracebacks are Python
    "pygments/lexers/_*_builtins.py", "pygments/lexers/[a-oqrt-z]*.py", "pygments/lexers/p[a-xz]*.py",
    "pygments/lexers/s[a-oq-z]*.py",
)  # fmt: skip
LOCALES = re.compile(r"^(root|en(_001|_US|_GB)?|zh(_Hans|_Hant)?(_CN|_TW|_HK|_SG)?)\.dat$")
"""Babel's data of the console's languages."""


def unneeded(path: str) -> bool:
    """Whether no running Shoal opens this file or folder of site-packages (relative path)."""
    top = path.split("/", 1)[0]
    if fnmatch(path, "babel/locale-data/*"):
        return LOCALES.match(Path(path).name) is None
    name = re.split(r"-\d|\.libs$", top)[0]
    return name in DISTRIBUTIONS_UNNEEDED or any(fnmatch(path, pattern) for pattern in UNNEEDED)
