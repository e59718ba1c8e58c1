"""The bill of materials and the list of licences are those of the pinned requirements, and no licence is unknown."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/licences.py"


@pytest.fixture(scope="module")
def licences() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_both_files_are_up_to_date(licences: dict[str, Any]) -> None:
    found = licences["parts"]()
    again = "run `python deploy/licences.py`"
    assert licences["SBOM"].read_text() == licences["sbom"](found), again
    assert licences["PAGE"].read_text() == licences["page"](found), again


def test_every_requirement_is_in_the_bill_with_its_hashes(licences: dict[str, Any]) -> None:
    bill = json.loads(licences["SBOM"].read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    pins = dict(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)", licences["REQUIREMENTS"].read_text(), re.MULTILINE))
    assert len(pins) > 60
    assert {each["name"]: each["version"] for each in bill["components"]} == pins
    assert all(each["properties"] for each in bill["components"])
    refs = [each["bom-ref"] for each in bill["components"]]
    assert bill["dependencies"][0]["dependsOn"] == refs
    assert len(set(refs)) == len(refs)


@pytest.mark.parametrize("said", ["GPL-3.0-only", "", "MIT AND Proprietary"])
def test_what_nobody_has_read_is_refused(licences: dict[str, Any], monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr("importlib.metadata.metadata", lambda _name: {"License-Expression": said})
    with pytest.raises(ValueError, match="something: licence"):
        licences["licence_of"]("something")
