"""`shoal report`: the transparency report from the command line."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.learn.opening import StoreOption, now_ms, opened
from streams.cli.console import err, out
from streams.cli.errors import UserError

if TYPE_CHECKING:
    from console.reports.hiding import Report


class Format(StrEnum):
    """Formats of the report."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


def report(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="A day of the first week.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="A day of the last week.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="PDF needs --output.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")] = None,
    language: Annotated[str, typer.Option(help="Of the PDF: en or zh.")] = "en",
    store: StoreOption = None,
) -> None:
    """Count by week what people decided: campaigns confirmed, accounts, posts, decisions, undone, appeals.

    Without days, the last 12 weeks. Counts under SHOAL_CONSOLE_REPORT_COUNT_MIN (5) are hidden.

    [bold]Examples[/bold]

      shoal report --from 2026-01-01 --to 2026-03-31

      shoal report --format pdf --language zh -o report.pdf
    """
    from console.decisions.errors import InvalidOrder
    from console.reports.making import make_report
    from console.settings import load_console_settings
    from console.web.i18n import LANGUAGES

    if format_ is Format.PDF and output is None:
        raise UserError("a PDF goes to a file: name it with --output")
    if language not in LANGUAGES:
        raise UserError(f"--language is one of {', '.join(LANGUAGES)}")
    count_min = load_console_settings().report_count_min
    with opened(store) as engine:
        try:
            made = make_report(engine, _day(first), _day(last), count_min, now_ms())
        except InvalidOrder as refused:
            raise UserError(str(refused)) from refused
    if format_ is Format.TEXT and output is None:
        for line in _lines(made):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    body = _body(made, format_, language)
    if output is None:
        sys.stdout.buffer.write(body)
    else:
        output.write_bytes(body)
        err.print(f"{len(made.weeks)} weeks", markup=False)


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _body(made: "Report", format_: Format, language: str) -> bytes:
    from console.reports.pdf import as_pdf
    from console.reports.plain import as_told
    from console.reports.table import as_csv
    from console.web.render import make_environment

    if format_ is Format.PDF:
        return as_pdf(made, make_environment(language), language)
    if format_ is Format.JSON:
        return as_told(made).model_dump_json(indent=2).encode() + b"\n"
    return as_csv(made)


def _lines(made: "Report") -> Iterator[str]:
    from console.reports.counts import COLUMNS
    from console.reports.table import cell

    rows: list[tuple[str, ...]] = [("week", *COLUMNS, "precision", "hours")]
    for line in [*made.weeks, made.total]:
        precision = "-" if line.precision is None else f"{line.precision:.0%}"
        hours = "-" if line.median_hours is None else f"{line.median_hours:.1f}"
        counts = [cell(line, name, made.count_min) for name in COLUMNS]
        rows.append((line.name + ("" if line.ended else "*"), *counts, precision, hours))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield row[0].ljust(widths[0]) + "".join(
            f" {text.rjust(width)}" for text, width in zip(row[1:], widths[1:], strict=True)
        )
    if not made.total.ended:
        yield "* goes on"
