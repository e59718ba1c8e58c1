"""axe-core in a page: what it finds is what somebody with a screen reader or weak eyes would stumble over."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

_SCRIPT: Final = Path(__file__).parent / "axe.min.js"
_RUN: Final = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)])"


def violations(page: Page) -> list[object]:
    """Return the rules that the page breaks, each with the first elements that do."""
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[object] = page.evaluate(_RUN)
    return found
