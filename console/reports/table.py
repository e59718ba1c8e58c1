"""The report as CSV (RFC 4180): a line a week, then the total. Hidden counts are `<5`, totals without them `>=12`."""

import csv
import io

from console.reports.counts import COLUMNS
from console.reports.hiding import Line, Report

HEADER = ("week", "monday", *COLUMNS, "precision", "median_hours")


def as_csv(report: Report) -> bytes:
    """Return the file, in UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(line, report.count_min) for line in [*report.weeks, report.total])
    return file.getvalue().encode()


def cell(line: Line, name: str, count_min: int) -> str:
    """One count in plain characters."""
    count = line.counts[name]
    if count is None:
        return f"<{count_min}"
    return f">={count}" if name in line.at_least else str(count)


def _row(line: Line, count_min: int) -> list[str]:
    monday = line.monday.isoformat() if line.monday else ""
    precision = "" if line.precision is None else f"{line.precision:.3f}"
    hours = "" if line.median_hours is None else f"{line.median_hours:.1f}"
    return [line.name, monday, *(cell(line, name, count_min) for name in COLUMNS), precision, hours]
