"""Tools of the Prometheus project, where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(name: str, package: str, *arguments: str) -> str:
    """Run a tool, which must succeed; return what it printed. Skips where there is none, but not in CI."""
    path = shutil.which(name)
    if path is None and not os.environ.get("CI"):
        pytest.skip(f"no {name} found (Debian: apt-get install {package})")
    assert path is not None, f"no {name}, and this is CI"
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def promtool(*arguments: str) -> str:
    """Run promtool."""
    return run("promtool", "prometheus", *arguments)


def amtool(*arguments: str) -> str:
    """Run amtool."""
    return run("amtool", "prometheus-alertmanager", *arguments)
