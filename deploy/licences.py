"""Lists what the image is made of (`python deploy/licences.py`): deploy/sbom.cdx.json and docs/operations/licences.md.

Versions come from requirements/runtime.txt, licences from the installed packages. An unknown licence, or one that is
not in `ALLOWED`, is an error: somebody has to read it first. The whole bill of a built image, with Debian's packages,
the interpreter and what wheels bring along, is printed by `python deploy/licences.py --image shoal:0.2.0`.
"""

import argparse
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from bundled import BUNDLED  # beside this file, wherever it is started
from sbom import BUILD_ONLY, bill, image_parts, python_package  # the same

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements/runtime.txt"
SBOM = ROOT / "deploy/sbom.cdx.json"
PAGE = ROOT / "docs/operations/licences.md"
CONTENTS = ROOT / "deploy/image/contents.py"
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Open-MPI",
    "BSD-Attribution-HPND-disclaimer", "CC0-1.0", "IJG", "ISC", "MIT", "MIT-0", "MIT-CMU", "MIT-open-group",
    "OLDAP-2.8", "PSF-2.0", "PostgreSQL", "X11", "Zlib", "libpng-2.0", "libtiff",
    "LicenseRef-scancode-repoze",  # BSD-3-Clause with a fourth clause about names of changed versions
    "GPL-3.0-or-later WITH GCC-exception-3.1",  # what GCC links to whatever it compiles: the exception is for that
    "LGPL-2.0-or-later", "LGPL-2.1-or-later",  # shared libraries in wheels: files that can be exchanged
    "LGPL-3.0-only",  # psycopg: used as it is, as a library that can be exchanged
    "MPL-2.0",  # certifi: a list of certificates, used as it is
}  # fmt: skip
WORDS = {
    "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0", "mit license": "MIT", "isc license": "ISC",
    "bsd-derived (repoze)": "LicenseRef-scancode-repoze",
}  # fmt: skip
"""What packages without an SPDX expression say, in small letters."""
READ = {
    "faust-streaming": "BSD-3-Clause", "jinja2": "BSD-3-Clause", "markdown-it-py": "MIT", "mdurl": "MIT",
    "mode-streaming": "BSD-3-Clause", "numba": "BSD-2-Clause", "reportlab": "BSD-3-Clause", "scipy": "BSD-3-Clause",
    "tomli-w": "MIT", "uvloop": "Apache-2.0 OR MIT",
}  # fmt: skip
"""Of packages whose metadata has a text, half of it, or nothing: read in their LICENSE files.

tests/deploy/test_licences.py holds these and all others to the words of those files.
"""
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
    told: Any = metadata.metadata(name)  # a Message, which has `get`
    said = READ.get(name) or told.get("License-Expression") or told.get("License") or ""
    expression = WORDS.get(said.lower(), said)
    unknown = [each for each in re.split(r" AND | OR ", expression) if each not in ALLOWED]
    if unknown:
        raise ValueError(f"{name}: licence {expression[:80]!r} is not known or not allowed")
    return expression


def parts() -> list[Part]:
    """All distributions, sorted by name."""
    return [Part(name, version, licence_of(name), hashes) for name, version, hashes in pinned(REQUIREMENTS.read_text())]


def sbom(found: list[Part]) -> str:
    """The bill of the requirements, whatever the platform."""
    import detector

    components = [python_package(part.name, part.version, part.licence, part.hashes) for part in found]
    whole = (
        "Python packages with the hashes of all platforms. Of a built image: python deploy/licences.py --image IMAGE"
    )
    return bill(detector.__version__, components, {"shoal:contents": whole})


def sbom_of_image(image: str) -> str:
    """The bill of all that is in an image of this version. Raises `RuntimeError` with what the engine said."""
    digest = docker("image", "inspect", "--format", "{{.Id}}", image).strip()
    ask = ("run", "--rm", "-i", "--network", "none", "--entrypoint", "python", digest, "-")
    told: dict[str, Any] = json.loads(docker(*ask, say=CONTENTS.read_text()))
    shoal = next(each["version"] for each in told["distributions"] if each["name"] == "shoal")
    licences = {part.name: part.licence for part in parts()}
    return bill(shoal, image_parts(told, licences), {"shoal:image": image, "shoal:image-id": digest})


def docker(*arguments: str, say: str = "") -> str:
    """What the engine answers. Raises `RuntimeError` with what it said, if it failed."""
    done = subprocess.run(["docker", *arguments], input=say, capture_output=True, text=True, check=False)  # noqa: S603, S607  # ours
    if done.returncode:
        raise RuntimeError(f"docker {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def page(found: list[Part]) -> str:
    """The list for people."""
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in found if part.name not in BUILD_ONLY]
    build = ", ".join(f"{part.name} {part.version} ({part.licence})" for part in found if part.name in BUILD_ONLY)
    brought = [f"| {row.wheel} | {row.name} | {row.licence} | {row.told_by} |" for row in BUNDLED]
    return "\n".join([HEAD.replace("BUILD", build), *rows, BROUGHT, *brought, ""])


HEAD = """# Licences of what the image contains

Shoal is under Apache-2.0. Written by `python deploy/licences.py` from requirements/runtime.txt; the same with hashes,
as CycloneDX 1.6, is `deploy/sbom.cdx.json`. Full texts are in the image, in each package's `.dist-info`. psycopg (LGPL)
and certifi (MPL) are used unchanged. Used in the build only: BUILD.

The interpreter (PSF-2.0) and Debian's shared libraries depend on the base image. Those in yours are noted in its
`/var/lib/dpkg/status.d`, with their terms in `/usr/share/doc/PACKAGE/copyright`. All of it in one bill, for a scanner:

```sh
python deploy/licences.py --image shoal:0.2.0 > shoal-0.2.0.cdx.json
```

Known vulnerabilities are looked up against that bill, where there is a network; Shoal brings no list of them.

| package | version | licence |
|---|---|---|"""
BROUGHT = """
## What wheels bring along

Shared libraries of other people, inside the packages above (on x86-64). numpy, scipy, pyarrow and Pillow name them
and what is linked into theirs in their LICENSE files; cryptography, Pillow, psycopg and pydantic-core also in bills of
their own, which the bill of the image takes in. None is changed; each is a file of its own that can be exchanged.

| in | library | licence | read in |
|---|---|---|---|"""


def main() -> None:
    """Write both files, or print the bill of an image."""
    options = argparse.ArgumentParser(description="Lists what the image is made of: licences and bill of materials.")
    options.add_argument("--image", metavar="IMAGE", help="print the whole bill of this built image; needs docker")
    image = options.parse_args().image
    try:
        if image:
            sys.stdout.write(sbom_of_image(image))
            return
        found = parts()
    except (ValueError, RuntimeError, FileNotFoundError) as error:
        sys.exit(f"licences: {error}")
    SBOM.write_text(sbom(found))
    PAGE.write_text(page(found))
    sys.stderr.write(f"{len(found)} packages\n")


if __name__ == "__main__":
    main()
