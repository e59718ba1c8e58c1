"""Figures as Markdown for people and as JSON for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def markdown(rows: Sequence[Row]) -> str:
    """A table with the keys of the first row as its columns; fractions with three digits."""
    if not rows:
        return "(no rows)"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def report(title: str, rows: Sequence[Row], results: Path | None, **more: Any) -> None:
    """Print a table, and write it with everything `more` to `results`."""
    print(f"\n## {title}\n\n{markdown(rows)}\n")
    for name, value in more.items():
        print(f"{name}: {value}")
    if results is not None:
        told = {"title": title, "rows": list(rows), **more}
        results.write_text(json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
