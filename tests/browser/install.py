"""Where Chromium is, and how it gets here on a fresh machine."""

import os
import shutil
import subprocess
import sys

PACKAGE = "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_S_MAX = 600
ADVICE = f"install Chromium (Debian: apt-get install {PACKAGE}), or name it by SHOAL_CHROMIUM=/path/to/chromium"


class ChromiumUnavailable(RuntimeError):
    """No browser can be had here; the message says what to do."""


def program() -> str:
    """Return the path of Chromium. Raises `ChromiumUnavailable`; fetches nothing."""
    found = os.environ.get("SHOAL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ChromiumUnavailable(f"no Chromium found: {ADVICE}")
    return found


def fetch() -> str:
    """Install the package where it is missing and this is root on Debian. Idempotent."""
    try:
        return program()
    except ChromiumUnavailable:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise
    print(f"installing {PACKAGE}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, timeout=INSTALL_S_MAX, check=False)
        if done.returncode:
            raise ChromiumUnavailable(f"apt-get {command[0]} failed ({done.returncode}): {ADVICE}")
    return program()
