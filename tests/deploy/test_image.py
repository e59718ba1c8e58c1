"""What the image leaves out (deploy/image/unneeded.py): nothing that is imported; and no pattern is stale."""

import os
import re
import runpy
import subprocess
import sys
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(str(metadata.distribution("numpy").locate_file("."))).resolve()
PINNED = set(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE))
ONLY_THE_REQUIREMENTS = """
import sys
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in others:
            raise ImportError(name)
others = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Refusing())
import runpy
runpy.run_path("deploy/image/imported.py", run_name="__main__")
"""


@pytest.fixture(scope="module")
def image() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "deploy/image/unneeded.py"))


def others() -> set[str]:
    """Top-level modules of distributions that are here for tests only."""
    owners = metadata.packages_distributions()
    names = {name: {re.sub(r"[-_.]+", "-", owner).lower() for owner in found} for name, found in owners.items()}
    return {name for name, found in names.items() if not found & (PINNED | {"shoal"})}


@pytest.mark.slow
def test_nothing_that_shoal_imports_is_left_out(image: dict[str, Any]) -> None:
    """numpy.f2py looks like a tool, and scipy.linalg imports it."""
    done = subprocess.run(
        [sys.executable, "-c", ONLY_THE_REQUIREMENTS, ",".join(sorted(others()))],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, timeout=200,
    )  # fmt: skip
    files = [Path(line).resolve() for line in done.stdout.splitlines()]
    imported = [str(file.relative_to(PACKAGES)) for file in files if file.is_relative_to(PACKAGES)]
    assert "scipy/linalg/__init__.py" in imported
    assert "numpy/f2py/__init__.py" in imported
    without = ("numba", "llvmlite", "_distutils_hack")  # the image has the kernel compiled; setuptools starts the third
    assert not [path for path in imported if left_out(image, path) and not path.startswith(without)]


def left_out(image: dict[str, Any], path: str) -> bool:
    """Whether a file or one of the folders it is in is left out."""
    parts = path.split("/")
    return any(image["unneeded"]("/".join(parts[:length])) for length in range(1, len(parts) + 1))


@pytest.mark.skipif(sys.platform != "linux", reason="wheels of other systems have other files")
def test_every_pattern_leaves_something_out(image: dict[str, Any]) -> None:
    found = [str(file) for name in PINNED for file in metadata.files(name) or ()]
    paths = {"/".join(file.split("/")[:length]) for file in found for length in range(1, file.count("/") + 2)}
    assert not [pattern for pattern in image["UNNEEDED"] if not any(fnmatch(path, pattern) for path in paths)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reportlab/fonts/DarkGarden-copying-gpl.txt", True),
        ("numpy/f2py/__init__.py", False),
        ("numba/core/types.py", True),
        ("babel/locale-data/zh_Hans_CN.dat", False),
        ("babel/locale-data/fr.dat", True),
        ("pygments/lexers/python.py", False),
        ("pygments/lexers/special.py", False),
        ("pygments/lexers/sql.py", True),
        ("scipy/stats/_stats_py.py", False),
        ("pyarrow/libarrow_substrait.so.2600", False),  # everything of Arrow is linked to it
    ],
)
def test_what_is_left_out(image: dict[str, Any], path: str, expected: bool) -> None:
    assert left_out(image, path) is expected
