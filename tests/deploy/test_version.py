"""The version stands in `detector.__version__`; what cannot read it there names the same."""

import re
from pathlib import Path

import pytest

import detector

ROOT = Path(__file__).resolve().parents[2]
NAMED = {
    "Dockerfile": r"^ARG VERSION=(\S+)",
    "docker-compose.yml": r"image: shoal:(\S+)",
    "deploy/compose/tls.yml": r"image: shoal:(\S+)",
    "deploy/kubernetes/kustomization.yaml": r"newTag: (\S+)",
    "deploy/kubernetes/README.md": r"shoal:([0-9.]+)",
}


@pytest.mark.parametrize("path", NAMED)
def test_every_file_names_the_version_of_the_code(path: str) -> None:
    """An image under another version's name would be taken for it."""
    found = re.findall(NAMED[path], (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(found) == {detector.__version__}


def test_the_changelog_has_the_version_or_what_comes_after() -> None:
    """The newest release in CHANGELOG.md is this version."""
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert next(heading for heading in headings if heading != "Unreleased") == detector.__version__
