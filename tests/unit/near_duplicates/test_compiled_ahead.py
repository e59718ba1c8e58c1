"""The kernel as the image has it, compiled ahead, against the one that numba compiles at its first call."""

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.near_duplicates import index, kernel
from detector.near_duplicates.compiled import AHEAD, entry
from detector.near_duplicates.settings import NearDuplicateSettings
from tests.unit.near_duplicates.test_index import run, stream

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = NearDuplicateSettings(capacity=1_000)


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if shutil.which("cc") is None and not os.environ.get("CI"):
        pytest.skip("no C compiler found (Debian: apt-get install gcc)")
    folder = tmp_path_factory.mktemp("ahead")
    subprocess.run(
        [sys.executable, "deploy/image/compile_kernel.py", str(folder)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=200,
    )  # fmt: skip
    (file,) = folder.iterdir()
    spec = spec_from_file_location(AHEAD, file)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_gives_the_same_families_and_leaves_the_same_state(
    ahead: Any, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    texts = stream(seed, 4_000)  # more than the index holds
    found, states = [], []
    for assign in (kernel.assign, ahead.assign):
        monkeypatch.setattr(index, "_assign", assign)
        one = index.NearDuplicateIndex(SETTINGS)
        found.append(run(one, texts, [700, 701, 2_500]))
        states.append(one.snapshot())
        assert one.evicted > 0
    for ours, numbas in zip(*found, strict=True):
        assert np.array_equal(ours, numbas)
    assert states[0].keys() == states[1].keys()
    for name, array in states[0].items():
        assert np.array_equal(array, states[1][name]), name


def test_numba_is_used_where_nothing_was_compiled_ahead() -> None:
    assert entry(kernel.assign, package="detector") is kernel.assign


def test_the_kernel_is_never_run_as_plain_python() -> None:
    with pytest.raises(ModuleNotFoundError, match=AHEAD):
        entry(kernel.assign.py_func, package="detector")
