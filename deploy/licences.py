"""Lists what the image is made of: deploy/sbom.cdx.json and docs/operations/licences.md (`python deploy/licences.py`).

The bill of materials is CycloneDX 1.6: each of the hashed runtime requirements with its version, licence, the hashes
that pip accepts, and its package URL. Versions come from requirements/runtime.txt, licences from the installed
packages. An unknown licence, or one that is not in `ALLOWED`, is an error: somebody has to read it first.
"""

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements/runtime.txt"
SBOM = ROOT / "deploy/sbom.cdx.json"
PAGE = ROOT / "docs/operations/licences.md"
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib",
    "BSD-derived-Repoze",  # BSD-3-Clause with a fourth clause about names of changed versions
    "LGPL-3.0-only",  # psycopg: used as it is, as a library that can be exchanged
    "MPL-2.0",  # certifi: a list of certificates, used as it is
}  # fmt: skip
WORDS = {
    "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0", "bsd": "BSD-2-Clause", "mit license": "MIT", "isc license": "ISC",
    "bsd-derived (repoze)": "BSD-derived-Repoze", "psf-2.0": "PSF-2.0",
}  # fmt: skip
"""What packages without an SPDX expression say, in small letters (numba's "BSD" is of two clauses)."""
READ = {
    "faust-streaming": "BSD-3-Clause", "jinja2": "BSD-3-Clause", "markdown-it-py": "MIT", "mdurl": "MIT",
    "mode-streaming": "BSD-3-Clause", "reportlab": "BSD-3-Clause", "scipy": "BSD-3-Clause", "tomli-w": "MIT",
    "uvloop": "Apache-2.0 OR MIT",
}  # fmt: skip
"""Licences of packages whose metadata has the text, or nothing: set from general knowledge, to be checked."""
BUILD_ONLY = {"numba", "llvmlite"}
"""Needed to compile the kernel in the build stage; not in the image (docs/decisions/0011-image.md)."""
NAME = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ]+)")


class Part(NamedTuple):
    """One distribution."""

    name: str
    version: str
    licence: str
    """SPDX expression."""
    hashes: list[str]
    """SHA-256, as hexadecimal digits, of the files that pip accepts."""


def pinned(text: str) -> list[tuple[str, str, list[str]]]:
    """(name, version, hashes) of a file of requirements."""
    found: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        if match := NAME.match(line):
            found.append((match[1], match[2], []))
        elif found:
            found[-1][2].extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def licence_of(name: str) -> str:
    """SPDX expression of an installed package. Raises `ValueError` for what nobody has entered yet."""
    told = metadata.metadata(name)
    said = READ.get(name) or told.get("License-Expression") or told.get("License") or ""
    expression = WORDS.get(said.lower(), said)
    unknown = [each for each in re.split(r" AND | OR ", expression) if each not in ALLOWED]
    if unknown:
        raise ValueError(f"{name}: licence {expression[:80]!r} is not known or not allowed")
    return expression


def parts() -> list[Part]:
    """All distributions, sorted by name."""
    return [Part(name, version, licence_of(name), hashes) for name, version, hashes in pinned(REQUIREMENTS.read_text())]


def component(part: Part) -> dict[str, Any]:
    """One distribution as CycloneDX has it. A wheel for each platform has a hash of its own, hence as properties."""
    scope = "excluded" if part.name in BUILD_ONLY else "required"
    url = f"pkg:pypi/{part.name}@{part.version}"
    known = [{"name": "shoal:sha256", "value": digest} for digest in part.hashes]
    licences = [{"expression": part.licence}]
    return {"type": "library", "bom-ref": url, "name": part.name, "version": part.version, "purl": url,
            "scope": scope, "licenses": licences, "properties": known}  # fmt: skip


def sbom(found: list[Part]) -> str:
    """The bill of materials; without a time, so that the same requirements give the same file."""
    import detector

    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "shoal", "name": "shoal", "version": detector.__version__,
                          "licenses": [{"expression": "Apache-2.0"}]},
        },
        "components": [component(part) for part in found],
        "dependencies": [{"ref": "shoal", "dependsOn": [f"pkg:pypi/{part.name}@{part.version}" for part in found]}],
    }  # fmt: skip
    return json.dumps(whole, indent=1) + "\n"


def page(found: list[Part]) -> str:
    """The list for people."""
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in found if part.name not in BUILD_ONLY]
    build = ", ".join(f"{part.name} {part.version} ({part.licence})" for part in found if part.name in BUILD_ONLY)
    head = f"""# Licences of what the image contains

Shoal is under Apache-2.0. Written by `python deploy/licences.py` from requirements/runtime.txt; the same with hashes,
as CycloneDX, is `deploy/sbom.cdx.json`. Full texts are in the image, in each package's `.dist-info`. psycopg (LGPL) and
certifi (MPL) are used unchanged. Used in the build only: {build}.

The interpreter (PSF-2.0) and Debian's shared libraries come with the base image; those that are in ours are noted in
`/var/lib/dpkg/status.d`, with their terms in `/usr/share/doc/PACKAGE/copyright`.

| package | version | licence |
|---|---|---|
"""
    return head + "\n".join(rows) + "\n"


def main() -> None:
    """Write both files."""
    found = parts()
    SBOM.write_text(sbom(found))
    PAGE.write_text(page(found))
    sys.stdout.write(f"{len(found)} packages\n")


if __name__ == "__main__":
    main()
