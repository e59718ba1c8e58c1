"""Bills of materials as CycloneDX 1.6: of the pinned requirements, and of a built image with all that is in it.

Neither has a time or a number drawn by chance: the same input gives the same bytes.
"""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from bundled import BUNDLED, Bundled, folder, of_file  # beside this file
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from license_expression import get_spdx_licensing
from packageurl import PackageURL

NAMESPACE = uuid.UUID("6f0a1c1e-52a4-5e0b-9d0c-3f4c2f6f7a11")
"""Of serial numbers, which are made from what the bill says."""
BUILD_ONLY = {"numba", "llvmlite"}
"""Needed to compile the kernel in the build stage; not in the image (docs/decisions/0011-image.md)."""
SPDX = get_spdx_licensing()


def licence(expression: str) -> LicenseExpression | DisjunctiveLicense:
    """As an SPDX expression if it is one, as a name if not."""
    valid = not SPDX.validate(expression).errors
    return LicenseExpression(expression) if valid else DisjunctiveLicense(name=expression)


def library(purl: PackageURL, told: str | None, **more: Any) -> Component:
    """A component with its package URL as its name in the bill. `told`: its licence, where it is known."""
    licences = [licence(told)] if told else []
    return Component(name=purl.name, version=purl.version, purl=purl, bom_ref=str(purl), licenses=licences, **more)


def python_package(name: str, version: str, told: str | None, hashes: Iterable[str] = (), **more: Any) -> Component:
    """A distribution. A wheel for each platform has a hash of its own, hence as properties."""
    scope = ComponentScope.EXCLUDED if name in BUILD_ONLY else ComponentScope.REQUIRED
    known = [Property(name="shoal:sha256", value=digest) for digest in hashes]
    return library(PackageURL("pypi", name=name, version=version), told, scope=scope, properties=known, **more)


def shared_library(row: Bundled, name: str, version: str, sha256: str) -> Component:
    """One file that a wheel brings, which is of the library in `row`."""
    digest = HashType(alg=HashAlgorithm.SHA_256, content=sha256)
    ref = f"{row.wheel}@{version}/{folder(row.wheel)}/{name}"
    about = f"{row.name}, in the wheel of {row.wheel}"
    return Component(name=f"{folder(row.wheel)}/{name}", type=ComponentType.FILE, bom_ref=ref, description=about,
                     hashes=[digest], licenses=[licence(row.licence)])  # fmt: skip


def licence_in(entry: dict[str, Any]) -> str | None:
    """Licence of a component of somebody else's bill: one expression of all that it names."""
    named = [each.get("expression") or each["license"].get("id") for each in entry.get("licenses", ())]
    return " AND ".join(f"({each})" if " OR " in each and len(named) > 1 else each for each in named if each) or None


def from_wheel(owner: str, bills: list[dict[str, Any]]) -> list[Component]:
    """Components of the bills that came in the wheel of `owner` (PEP 770), without itself and what is optional."""
    found: dict[str, Component] = {}
    for entry in (entry for bill in bills for entry in bill.get("components", ())):
        name, version = entry["name"], entry.get("version")
        ref = f"{owner}/{name}@{version}"
        own = re.sub(r"[-_.]+", "-", name).lower() == owner.split("@", maxsplit=1)[0] or name.startswith("PIL.")
        if own or entry.get("scope") in {"optional", "excluded"}:
            continue  # Pillow's optional ones: what is there of them is told by the files
        url = entry.get("purl", "").split("?")[0].split("#")[0]
        purl = PackageURL.from_string(url) if url else None
        told = licence_in(entry)
        licences = [licence(told)] if told else []
        found[ref] = Component(name=name, version=version, purl=purl, bom_ref=ref, licenses=licences)
    return list(found.values())


def debian_package(note: dict[str, str | None], system: dict[str, str]) -> Component:
    """One of Debian's. Scanners look up its source package; its terms are in /usr/share/doc in the image."""
    distribution = f"{system.get('id', 'debian')}-{system.get('version_id', '')}".rstrip("-")
    qualifiers = {"arch": note["architecture"] or "", "distro": distribution}
    if note["source"]:
        qualifiers["upstream"] = re.sub(r" \((.+)\)$", r"@\1", note["source"])
    terms = Property(name="shoal:terms", value=f"/usr/share/doc/{note['package']}/copyright")
    purl = PackageURL("deb", "debian", note["package"], note["version"], qualifiers)
    return library(purl, None, properties=[terms])


def bill(version: str, components: list[Component], properties: dict[str, str]) -> str:
    """All of it as JSON."""
    shoal = Component(name="shoal", version=version, type=ComponentType.APPLICATION, bom_ref="shoal",
                      licenses=[licence("Apache-2.0")])  # fmt: skip
    number = uuid.uuid5(NAMESPACE, "\n".join([version, *sorted(str(each.bom_ref) for each in components)]))
    whole = Bom(components=components, serial_number=number)
    whole.metadata.component = shoal
    whole.metadata.timestamp = None  # type: ignore[assignment]  # none: it would be another file each time
    whole.metadata.properties = [Property(name=name, value=value) for name, value in properties.items()]
    whole.register_dependency(shoal, components)
    return JsonV1Dot6(whole).output_as_string(indent=1) + "\n"


def inside(name: str, version: str, libraries: list[dict[str, str]]) -> list[Component]:
    """Files that the wheel of a distribution put into its folder `*.libs`. Raises `ValueError` for an unknown one."""
    found = []
    for file in libraries:
        if file["folder"] != folder(name):
            continue
        row = of_file(file["folder"], file["name"])
        if row is None:
            raise ValueError(f"{file['folder']}/{file['name']}: not in BUNDLED of deploy/bundled.py")
        found.append(shared_library(row, file["name"], version, file["sha256"]))
    return found


def image_parts(told: dict[str, Any], licences: dict[str, str]) -> list[Component]:
    """Components of an image. `told`: what deploy/image/contents.py said there; `licences`: of distributions."""
    found = [debian_package(note, told["system"]) for note in told["debian"]]
    python = told["python"]
    interpreter = PackageURL("generic", name="python", version=python["version"])
    found.append(library(interpreter, "PSF-2.0", description=f"the interpreter, {python['path']}"))
    for each in told["distributions"]:
        name, version = re.sub(r"[-_.]+", "-", each["name"]).lower(), each["version"]
        if name == "shoal":
            continue
        within = from_wheel(f"{name}@{version}", each["bills"]) + inside(name, version, told["libraries"])
        found.append(python_package(name, version, licences.get(name), components=within))
    return found


__all__ = ["BUILD_ONLY", "BUNDLED", "SPDX", "bill", "image_parts", "python_package"]
