"""Where Java and Kafka's jars are, and how they get here on a fresh machine."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
POM = HERE / "pom.xml"
VERSION = re.findall(r"<kafka\.version>([\d.]+)<", POM.read_text(encoding="utf-8"))[0]
# another pom.xml is another folder, so that a change of it is never missed
JARS = CHECKOUT / ".kafka" / f"{VERSION}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"
JAVA_MIN = 17
PACKAGES = ("openjdk-17-jre-headless", "maven")
FETCH_S_MAX = 600
ADVICE = (
    f"install Java {JAVA_MIN} or later and Maven (Debian, Ubuntu: apt-get install {' '.join(PACKAGES)}) and say "
    "`make kafka`, or point SHOAL_KAFKA=host:port at an Apache Kafka with auto.create.topics.enable=false"
)


class KafkaUnavailable(RuntimeError):
    """No broker can be had here; the message says what to do."""


class Installed(NamedTuple):
    """What it takes to run a broker."""

    java: str
    classpath: str


def installed() -> Installed:
    """Find Java and the jars. Raises `KafkaUnavailable` if one is missing; fetches nothing."""
    java = _find_java()
    if java is None:
        raise KafkaUnavailable(f"no Java {JAVA_MIN} or later found: {ADVICE}")
    if not JARS.is_dir():
        raise KafkaUnavailable(f"no jars of Kafka {VERSION} in {JARS}: {ADVICE}")
    return Installed(java, f"{JARS}/*")


def fetch() -> Installed:
    """Bring what is missing: packages where this is root on Debian, jars through Maven. Idempotent."""
    JARS.parent.mkdir(parents=True, exist_ok=True)
    with (JARS.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if _find_java() is None or (not JARS.is_dir() and shutil.which("mvn") is None):
            _install_packages()
        if not JARS.is_dir():
            _copy_jars()
    return installed()


def _find_java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    for candidate in (f"{home}/bin/java" if home else None, "java"):
        path = shutil.which(candidate) if candidate else None
        if path and _major(path) >= JAVA_MIN:
            return path
    return None


def _major(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _install_packages() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise KafkaUnavailable(f"no Java {JAVA_MIN} or no Maven found: {ADVICE}")
    print(f"installing {', '.join(PACKAGES)}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # the manual pages' folder is missing in slim images, and Java's package fails without it
    Path("/usr/share/man/man1").mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "update", "-qq"], quiet)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], quiet)


def _copy_jars() -> None:
    mvn = shutil.which("mvn")
    if mvn is None:
        raise KafkaUnavailable(f"no Maven found: {ADVICE}")
    print(f"fetching Apache Kafka {VERSION}", file=sys.stderr)
    partial = JARS.with_name(f"{JARS.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    goal = "org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies"
    _run([mvn, "-q", "-B", "-f", str(POM), goal, f"-DoutputDirectory={partial}"], dict(os.environ))
    partial.rename(JARS)


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=FETCH_S_MAX,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise KafkaUnavailable(f"`{' '.join(command)}` failed with {done.returncode}: {ADVICE}\n{tail}")
