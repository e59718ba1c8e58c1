"""The transparency report as page, CSV, PDF and JSON."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from console.decisions.errors import InvalidOrder
from console.reports.counts import COLUMNS
from console.reports.hiding import Report
from console.reports.making import make_report
from console.reports.pdf import as_pdf
from console.reports.picture import bars
from console.reports.plain import ReportTold, as_told
from console.reports.table import as_csv
from console.reports.weeks import WEEKS_MAX
from console.web.deps import Permission, Principal, clock, database, needs, render, settings_of
from console.web.i18n import language_of

router = APIRouter()
Sees = Annotated[Principal, Depends(needs(Permission.SEE_REPORTS))]
First = Annotated[date | None, Query(alias="from", description="a day of the first week; without it 12 weeks to `to`")]
Last = Annotated[date | None, Query(alias="to", description="a day of the last week; without it today (UTC)")]
PATH = "/reports/transparency"


@router.get(PATH)
def page(request: Request, _who: Sees, first: First = None, last: Last = None) -> Response:
    """The report to read."""
    refused = False
    try:
        report = _report(request, first, last)
    except InvalidOrder:
        report, refused = _report(request, None, None), True
    begin = report.weeks[0].monday
    end = report.weeks[-1].monday
    shown = (begin if refused else first) or begin, (None if refused else last) or _today(request)
    return render(
        request, "reports/transparency.html", 422 if refused else 200, report=report, columns=COLUMNS, picture=bars,
        first=shown[0], last=shown[1], range=f"from={begin}&to={end}", refused=refused, weeks_max=WEEKS_MAX,
    )  # fmt: skip


@router.get(PATH + ".csv")
def csv_file(request: Request, _who: Sees, first: First = None, last: Last = None) -> Response:
    """The report as CSV."""
    report = _report(request, first, last)
    return _file(as_csv(report), "text/csv; charset=utf-8", report, "csv")


@router.get(PATH + ".pdf")
def pdf_file(request: Request, _who: Sees, first: First = None, last: Last = None) -> Response:
    """The report as PDF, in the language of the page."""
    report = _report(request, first, last)
    language = language_of(request)
    body = as_pdf(report, request.app.state.environments[language], language)
    return _file(body, "application/pdf", report, "pdf")


@router.get("/api/v1" + PATH)
def json_report(request: Request, _who: Sees, first: First = None, last: Last = None) -> ReportTold:
    """The transparency report: counts by ISO week (UTC), at most 106 weeks."""
    return as_told(_report(request, first, last))


def _report(request: Request, first: date | None, last: date | None) -> Report:
    count_min = settings_of(request).report_count_min
    return make_report(database(request), first, last, count_min, clock(request))


def _today(request: Request) -> date:
    return datetime.fromtimestamp(clock(request) / 1000, UTC).date()


def _file(body: bytes, content_type: str, report: Report, ending: str) -> Response:
    name = f"transparency-{report.weeks[0].name}-{report.weeks[-1].name}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=content_type, headers=headers)
