"""What `shoal explain` and `detector.toml` cite, a reader can open."""

import re
from pathlib import Path

from detector.evidence.catalogue import CATALOGUE
from streams.settings.detector_file import default_file

ROOT = Path(__file__).parents[3]


def test_a_cited_page_of_this_project_exists() -> None:
    cited = [note.source for note in CATALOGUE.values()] + default_file().splitlines()
    pages = [page for text in cited for page in re.findall(r"docs/[\w/.-]*\w", text)]
    assert "docs/decisions/0005" in pages
    assert [page for page in pages if not list(ROOT.glob(f"{page}*"))] == []


def test_nothing_cites_a_document_that_is_not_here() -> None:
    told = [note.source for note in CATALOGUE.values()] + default_file().splitlines()
    assert [text for text in told if re.search(r"\bsection \d", text)] == []
