"""The report as programs get it, by API and by `shoal report --format json`."""

from datetime import date

from pydantic import BaseModel, Field

from console.reports.hiding import Line, Report


class LineTold(BaseModel):
    """One week, or the total. A count that is too small to be told is null."""

    week: str | None = Field(description="ISO week; null for the total")
    monday: date | None
    ended: bool = Field(description="false where the week goes on")
    campaigns: int | None
    accounts: int | None
    posts: int | None
    dismissed: int | None
    decisions: int | None
    undone: int | None
    appeals: int | None
    upheld: int | None
    overturned: int | None
    precision: float | None
    median_hours: float | None
    at_least: list[str] = Field(description="counts of the total that leave hidden weeks out")


class ReportTold(BaseModel):
    """A transparency report; docs/appeals-and-report.md says what is counted."""

    weeks: list[LineTold]
    total: LineTold
    count_min: int = Field(description="counts from 1 to one below are null")
    made_at_ms: int


def as_told(report: Report) -> ReportTold:
    """Return the report as programs get it."""
    return ReportTold(
        weeks=[_told(line) for line in report.weeks],
        total=_told(report.total),
        count_min=report.count_min,
        made_at_ms=report.made_at_ms,
    )


def _told(line: Line) -> LineTold:
    """Return a line as programs get it."""
    return LineTold(
        week=line.name if line.monday else None,
        monday=line.monday,
        ended=line.ended,
        **line.counts,
        precision=line.precision,
        median_hours=line.median_hours,
        at_least=sorted(line.at_least),
    )
