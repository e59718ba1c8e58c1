"""docs/metrics.md, from the catalogue: python -m streams.metrics_page > docs/metrics.md."""

import sys
from collections.abc import Iterator

from streams.catalogue import CATALOGUE, FOREIGN, Label, Metric

HEAD = """# Metrics

Written by `python -m streams.metrics_page > docs/metrics.md` from `streams/catalogue.py`; a test compares them.

Workers serve them at `:6066/metrics`, consoles at `:8321/metrics`. Times are seconds, sizes bytes, shares ratios.
No label names an account, a case, or anything else that people chose. A gauge of a shard goes when the shard moves to
another worker; counters of a shard begin with what its state had counted: use `increase()` and `rate()`.

*moves when* is empty for what any live traffic (console: any visit) moves within minutes.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for process, title in (("worker", "Worker"), ("console", "Console")):
        lines += [
            f"## {title}",
            "",
            "| metric | kind | unit | labels | meaning | moves when |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(one) for one in CATALOGUE if process in one.of]
        lines.append("")
    lines += ["## Labels", "", "| label | values | at most |", "|---|---|---|", *_labels(), ""]
    lines += ["## Used by rules and dashboards, made by others", ""]
    lines += [f"- `{name}`: {meaning}" for name, meaning in FOREIGN.items()]
    return "\n".join(lines) + "\n"


def _row(one: Metric) -> str:
    labels = ", ".join(f"`{label.name}`" for label in one.labels)
    return f"| `{one.name}` | {one.kind} | {one.unit} | {labels} | {one.help} | {one.moved_by} |"


def _labels() -> Iterator[str]:
    found: dict[Label, list[str]] = {}
    for one in CATALOGUE:
        for label in one.labels:
            found.setdefault(label, []).append(one.name)
    names = [label.name for label in found]
    for label, users in found.items():
        of = f" of {', '.join(f'`{user}`' for user in users)}" if names.count(label.name) > 1 else ""
        values = ", ".join(f"`{value}`" for value in label.values) or label.meaning
        yield f"| `{label.name}`{of} | {values} | {label.most} |"


if __name__ == "__main__":
    sys.stdout.write(page())
