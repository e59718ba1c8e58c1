"""Where PostgreSQL's programs are, and how they get here on a fresh machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "postgresql"
VERSION_MIN = 13
INSTALL_S_MAX = 600
ADVICE = (
    f"install PostgreSQL {VERSION_MIN} or later (Debian, Ubuntu: apt-get install {PACKAGE}), or point "
    "SHOAL_POSTGRES=postgresql://USER:PASSWORD@HOST:PORT/DATABASE at one whose user may create databases"
)


class PostgresUnavailable(RuntimeError):
    """No server can be had here; the message says what to do."""


def programs() -> Path:
    """Return the folder with `initdb` and `postgres`. Raises `PostgresUnavailable`; fetches nothing."""
    found = _find()
    if found is None:
        raise PostgresUnavailable(f"no PostgreSQL found: {ADVICE}")
    return found


def fetch() -> Path:
    """Install the package where it is missing and this is root on Debian. Idempotent."""
    if _find() is None:
        _install()
    return programs()


def _find() -> Path | None:
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    newest = sorted((each for each in debian if _major(each) >= VERSION_MIN), key=_major)
    if newest:
        return newest[-1]
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


def _major(folder: Path) -> int:
    number = folder.parent.name.partition(".")[0]
    return int(number) if number.isdigit() else 0


def _install() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise PostgresUnavailable(f"no PostgreSQL found: {ADVICE}")
    print(f"installing {PACKAGE}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE]):
        done = subprocess.run(
            ["apt-get", *command],
            env=quiet,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=INSTALL_S_MAX,
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-15:])
            raise PostgresUnavailable(f"`apt-get {' '.join(command)}` failed with {done.returncode}: {ADVICE}\n{tail}")
