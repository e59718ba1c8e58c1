"""Figures for people and for machines, the same in both."""

import json
from pathlib import Path
from typing import Any

from streams.cli.console import err, out


def write_report(name: str, markdown: str, figures: dict[str, Any], folder: Path | None) -> None:
    """Print the Markdown; with a folder, also write NAME.md and NAME.json into it."""
    out.print(markdown, markup=False)
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(markdown, encoding="utf-8")
    told = json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / f"{name}.json").write_text(told + "\n", encoding="utf-8")
    err.print(f"wrote {name}.md and {name}.json to {folder}")
