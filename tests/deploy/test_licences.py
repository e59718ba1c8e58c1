"""The bills of materials are valid and complete, and every licence is what the text says that came with the package."""

import json
import re
import runpy
import sys
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing

ROOT = Path(__file__).resolve().parents[2]
PINS = dict(
    re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE)
)
SPDX = get_spdx_licensing()
CLAUSES = "Redistributions in binary form must reproduce the above copyright notice"
THIRD_CLAUSE = re.compile(r"Neither the names? .{1,120}(may be used|nor the names?)|names? of .{1,120} may not be used")
WORDS = {
    "0BSD": "Permission to use, copy, modify, and/or distribute this software for any purpose",
    "Apache-2.0": r"Apache License,? Version 2\.0",
    "BSD-2-Clause": f'{CLAUSES}|"2-clause BSD" license',
    "BSD-3-Clause": CLAUSES,
    "CC0-1.0": "public domain",
    "ISC": "Permission to use, copy, modify, and(/or)? distribute this software for any purpose with or without fee",
    "LGPL-3.0-only": "GNU LESSER GENERAL PUBLIC LICENSE Version 3",
    "LicenseRef-scancode-repoze": "must cause the modified files to carry prominent notices",
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software",
    "MIT-0": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software",
    "MIT-CMU": "be used in advertising or publicity pertaining to distribution of the software without specific",
    "MPL-2.0": r"Mozilla Public License,? (Version|v\.) 2\.0",
    "PSF-2.0": "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
    "Zlib": "The origin of this software must not be misrepresented",
    "LLVM-exception": "LLVM Exceptions to the Apache 2.0 License",
}
"""Words of each licence that no other one of the table has, but for those that `fits` tells apart."""
TROVE = {
    "Apache Software License": {"Apache-2.0"},
    "BSD License": {"BSD-2-Clause", "BSD-3-Clause", "ISC"},  # requests-oauthlib: its text is the ISC licence
    "ISC License (ISCL)": {"ISC"},
    "MIT License": {"MIT"},
    "Mozilla Public License 2.0 (MPL 2.0)": {"MPL-2.0"},
    "Python Software Foundation License": {"PSF-2.0"},
    "Repoze Public License": {"LicenseRef-scancode-repoze"},
}


@pytest.fixture(scope="module")
def licences() -> dict[str, Any]:
    before = list(sys.path)
    try:
        return runpy.run_path(str(ROOT / "deploy/licences.py"))
    finally:
        sys.path[:] = before


def texts_of(name: str) -> list[str]:
    """The texts of licences that a package brought, each in one line without marks of comments."""
    files = [file for file in metadata.files(name) or () if ".dist-info" in str(file)]
    texts = [file for file in files if re.search("licen|copying|notice", file.name, re.IGNORECASE)]
    return [re.sub(r"[\s#*]+", " ", file.read_text(encoding="utf-8")) for file in texts]


def fits(identifier: str, text: str) -> bool:
    """Whether a text is, or holds, the licence."""
    if identifier == "BSD-3-Clause" and not THIRD_CLAUSE.search(text):
        return False
    if identifier == "BSD-2-Clause" and THIRD_CLAUSE.search(text):
        return False
    if identifier == "MIT-0" and "shall be included in all copies" in text:
        return False
    return re.search(WORDS[identifier], text, re.IGNORECASE) is not None


def identifiers(expression: str) -> set[str]:
    return set(re.split(r" AND | OR | WITH ", expression))


def test_both_files_are_up_to_date(licences: dict[str, Any]) -> None:
    found = licences["parts"]()
    again = "run `python deploy/licences.py`"
    assert licences["SBOM"].read_text() == licences["sbom"](found), again
    assert licences["PAGE"].read_text() == licences["page"](found), again


def test_every_requirement_is_in_the_bill_with_its_hashes(licences: dict[str, Any]) -> None:
    bill = json.loads(licences["SBOM"].read_text())
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(licences["SBOM"].read_text()) is None
    assert len(PINS) > 60
    assert {each["name"]: each["version"] for each in bill["components"]} == PINS
    assert all(each["properties"] for each in bill["components"])
    refs = {each["bom-ref"] for each in bill["components"]}
    assert {"shoal", *refs} == {each["ref"] for each in bill["dependencies"]}
    assert set(next(each["dependsOn"] for each in bill["dependencies"] if each["ref"] == "shoal")) == refs


@pytest.mark.parametrize("name", PINS)
def test_the_text_that_came_with_a_package_says_its_licence(licences: dict[str, Any], name: str) -> None:
    expression = licences["licence_of"](name)
    assert not SPDX.validate(expression).errors
    texts = texts_of(name)
    missing = {each for each in identifiers(expression) if not any(fits(each, text) for text in texts)}
    assert not missing, f"{expression}: no words of {missing} in {[text[:200] for text in texts]}"


@pytest.mark.parametrize("name", PINS)
def test_no_classifier_contradicts(licences: dict[str, Any], name: str) -> None:
    told = metadata.metadata(name).get_all("Classifier") or []
    claimed = [each.rpartition(" :: ")[2] for each in told if each.startswith("License :: ") and each.count("::") > 0]
    wanted = identifiers(licences["licence_of"](name))
    assert not [each for each in claimed if not TROVE[each] & wanted]


@pytest.mark.parametrize(
    ("identifier", "other"),
    [("BSD-3-Clause", "pygments"), ("BSD-2-Clause", "jinja2"), ("MIT", "uvicorn"), ("MIT-0", "rich")],
)
def test_another_licence_would_be_found_out(identifier: str, other: str) -> None:
    assert not [text for text in texts_of(other) if fits(identifier, text)]


@pytest.mark.parametrize("said", ["GPL-3.0-only", "", "MIT AND Proprietary"])
def test_what_nobody_has_read_is_refused(licences: dict[str, Any], monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    message = Message()
    message["License-Expression"] = said
    monkeypatch.setattr("importlib.metadata.metadata", lambda _name: message)
    with pytest.raises(ValueError, match="something: licence"):
        licences["licence_of"]("something")


def brought() -> list[tuple[str, str]]:
    """(folder, file) of what the wheels of requirements brought and the image keeps."""
    unneeded = runpy.run_path(str(ROOT / "deploy/image/unneeded.py"))["unneeded"]
    folders = {name.replace("-", "_") + ".libs" for name in PINS}
    packages = Path(str(metadata.distribution("numpy").locate_file(".")))
    files = [path for path in packages.glob("*.libs/*.so*") if path.parent.name in folders]
    return [(path.parent.name, path.name) for path in files if not unneeded(f"{path.parent.name}/{path.name}")]


@pytest.mark.skipif(sys.platform != "linux", reason="wheels of other systems bring other files")
def test_every_library_that_wheels_bring_is_in_the_table(licences: dict[str, Any]) -> None:
    of_file = sys.modules["bundled"].of_file
    rows = {of_file(*file): file for file in brought()}
    assert None not in rows, rows.get(None)
    assert {row for row in licences["BUNDLED"] if row.files} == set(rows)
    for row in licences["BUNDLED"]:
        assert not SPDX.validate(row.licence).errors, row
        assert set(re.split(" AND | OR ", row.licence)) <= licences["ALLOWED"] | {"GPL-2.0-only"}, row
        named = row.name.partition(",")[0]
        assert row.told_by != sys.modules["bundled"].TEXT or named.lower() in " ".join(texts_of(row.wheel)).lower(), row


TOLD = {
    "system": {"id": "debian", "version_id": "12"},
    "python": {"version": "3.11.14", "path": "/usr/local/bin/python3.11"},
    "debian": [{"package": "libssl3", "version": "3.0.20-1", "architecture": "amd64", "source": "openssl (3.0.20-1)"}],
    "distributions": [
        {"name": "shoal", "version": "0.2.0", "bills": []},
        {"name": "Pillow", "version": "13.0.0", "bills": [{"components": [
            {"name": "pillow", "version": "13.0.0"},
            {"name": "FreeType", "version": "2.14.3", "scope": "optional", "licenses": [{"license": {"id": "FTL"}}]},
            {"name": "zlib", "version": "2.3.3", "licenses": [{"license": {"id": "Zlib"}}]},
        ]}]},
    ],
    "libraries": [{"folder": "pillow.libs", "name": "libtiff-20b7e810.so.6.3.0", "sha256": "ab" * 32}],
}  # fmt: skip
"""As deploy/image/contents.py says it in an image."""


def test_the_bill_of_an_image_has_all_that_is_in_it(licences: dict[str, Any]) -> None:
    written = licences["bill"]("0.2.0", licences["image_parts"](TOLD, {"pillow": "MIT-CMU"}), {})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    parts = {each["name"]: each for each in json.loads(written)["components"]}
    assert set(parts) == {"libssl3", "python", "pillow"}
    assert "distro=debian-12" in parts["libssl3"]["purl"]
    assert parts["python"]["version"] == "3.11.14"
    inside = {each["name"]: each for each in parts["pillow"]["components"]}
    assert set(inside) == {"zlib", "pillow.libs/libtiff-20b7e810.so.6.3.0"}
    assert inside["pillow.libs/libtiff-20b7e810.so.6.3.0"]["hashes"][0]["content"] == "ab" * 32
    assert written == licences["bill"]("0.2.0", licences["image_parts"](TOLD, {"pillow": "MIT-CMU"}), {})


def test_a_library_that_nobody_has_entered_is_refused(licences: dict[str, Any]) -> None:
    told = TOLD | {"libraries": [{"folder": "pillow.libs", "name": "libnew-20b7e810.so.1", "sha256": "ab" * 32}]}
    with pytest.raises(ValueError, match=r"pillow\.libs/libnew-20b7e810\.so\.1: not in BUNDLED"):
        licences["image_parts"](told, {})


def test_what_the_image_tells_of_itself_is_what_the_bill_takes(licences: dict[str, Any]) -> None:
    contents = runpy.run_path(str(licences["CONTENTS"]))
    told = contents["told"]()
    assert set(TOLD) <= set(told)
    assert {"name", "version", "bills"} == set(told["distributions"][0])
    assert {each["folder"] for each in told["libraries"]} >= {"numpy.libs"}


def test_an_image_that_is_not_there_ends_in_words(licences: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match="docker"):
        licences["sbom_of_image"]("shoal:none")
