"""Tells, as JSON, what an image is made of: started in it, by `python deploy/licences.py --image IMAGE`.

Distributions with the bills of materials that their wheels bring (PEP 770), shared libraries that wheels bring,
Debian's packages, the interpreter. Standard library only, and nothing of Shoal: it reads images of other versions too.
"""

import hashlib
import json
import platform
import sys
from email import message_from_string
from importlib import metadata
from pathlib import Path
from typing import Any

DEBIAN = Path("/var/lib/dpkg/status.d")
RELEASE = Path("/etc/os-release")


def sha256(path: Path) -> str:
    """Hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def distribution(found: metadata.Distribution) -> dict[str, Any]:
    """Name, version and the bills that came with it."""
    bills = [file for file in found.files or () if ".dist-info/sboms/" in str(file) and file.locate().is_file()]
    return {
        "name": found.metadata["Name"],
        "version": found.version,
        "bills": [json.loads(file.read_text()) for file in bills],
    }


def brought(packages: Path) -> list[dict[str, str]]:
    """Shared libraries in the folders `*.libs`, which is where wheels put those of other people."""
    return [
        {"folder": path.parent.name, "name": path.name, "sha256": sha256(path)}
        for path in sorted(packages.glob("*.libs/*.so*"))
    ]


def debian() -> list[dict[str, str | None]]:
    """Debian's packages that files of the image came from."""
    fields = ("Package", "Version", "Architecture", "Source")
    notes = [message_from_string(path.read_text()) for path in sorted(DEBIAN.glob("*"))] if DEBIAN.is_dir() else []
    return [{field.lower(): note[field] for field in fields} for note in notes]


def told() -> dict[str, Any]:
    """All of it."""
    release = (
        dict(line.split("=", 1) for line in RELEASE.read_text().splitlines() if "=" in line)
        if RELEASE.is_file()
        else {}
    )
    packages = Path(metadata.distribution("shoal").locate_file("."))
    return {
        "system": {name.lower(): value.strip('"') for name, value in release.items()},
        "machine": platform.machine(),
        "python": {"version": platform.python_version(), "path": str(Path(sys.executable).resolve())},
        "distributions": sorted(
            (distribution(each) for each in metadata.distributions()), key=lambda each: each["name"]
        ),
        "libraries": brought(packages),
        "debian": debian(),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(told()))
