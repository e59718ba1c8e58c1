"""Where Chromium is, and how it gets here on a fresh machine."""

import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "libatomic1")
"""The second is what Playwright's driver links to; a slim Debian has no compiler, and so not that either."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_S_MAX = 600
DRIVER_S_MAX = 60
ADVICE = f"on Debian apt-get install {' '.join(PACKAGES)}; SHOAL_CHROMIUM=/path/to/chromium names a Chromium elsewhere"


class ChromiumUnavailable(RuntimeError):
    """No browser can be had here; the message says what to do."""


def program() -> str:
    """Return the path of a Chromium that can be driven. Raises `ChromiumUnavailable`; fetches nothing."""
    found = os.environ.get("SHOAL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ChromiumUnavailable(f"no Chromium found: {ADVICE}")
    asked = [sys.executable, "-m", "playwright", "--version"]
    driver = subprocess.run(asked, capture_output=True, text=True, timeout=DRIVER_S_MAX, check=False)
    if driver.returncode:
        raise ChromiumUnavailable(f"Playwright's driver does not start ({driver.stderr.strip()}): {ADVICE}")
    return found


def fetch() -> str:
    """Install the package where it is missing and this is root on Debian. Idempotent."""
    try:
        return program()
    except ChromiumUnavailable:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise
    print(f"installing {' and '.join(PACKAGES)}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, timeout=INSTALL_S_MAX, check=False)
        if done.returncode:
            raise ChromiumUnavailable(f"apt-get {command[0]} failed ({done.returncode}): {ADVICE}")
    return program()
